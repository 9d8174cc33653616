"""Voice as the shop configured it, or the reason why there is none."""

import os
from dataclasses import dataclass

from bot.shop import ShopFiles
from speech.choose import open_transcriber
from speech.pipeline import VoiceInput
from speech.synthesis import EspeakSynthesizer
from speech.transcript import SpeechModelError, Synthesizer


@dataclass(frozen=True)
class Voice:
    """`problem` says, for the operator and the page, why input is None."""

    input: VoiceInput | None
    output: Synthesizer | None
    problem: str = ""


def open_voice(shop: ShopFiles) -> Voice:
    """Open what is here. SHOPCLERK_WHISPER names another checkpoint than shop.toml does."""
    settings = shop.settings.speech
    output: Synthesizer | None = None
    if settings.speak:
        try:
            output = EspeakSynthesizer()
        except SpeechModelError:
            output = None
    model = os.environ.get("SHOPCLERK_WHISPER") or settings.model
    if not model:
        return Voice(None, output, "voice input is switched off (shop.toml, speech.model is empty)")
    try:
        transcriber = open_transcriber(model, settings.engine, shop.folder)
    except SpeechModelError as error:
        return Voice(None, output, str(error))
    hearing = VoiceInput(transcriber, max_seconds=settings.max_seconds, language=settings.language)
    return Voice(hearing, output)
