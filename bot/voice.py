"""Voice as the shop configured it, or the reason why there is none."""

import os
from dataclasses import dataclass
from pathlib import Path

from bot.shop import ShopFiles
from speech.choose import open_transcriber
from speech.pipeline import VoiceInput
from speech.synthesis import EspeakSynthesizer
from speech.transcript import SpeechModelError, Synthesizer


@dataclass(frozen=True)
class Voice:
    """`problem` says on the page why `input` is None; `detail` tells the operator, with paths."""

    input: VoiceInput | None
    output: Synthesizer | None
    problem: str = ""
    detail: str = ""


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
        off = "voice input is switched off (shop.toml, speech.model is empty)"
        return Voice(None, output, off, off)
    try:
        transcriber = open_transcriber(model, settings.engine, shop.folder)
    except SpeechModelError as error:
        problem = (
            f"voice input needs the Whisper model {Path(model).name!r}, which is not on this "
            "machine; run `shopclerk models pull`, or name a checkpoint in shop.toml, speech.model"
        )
        return Voice(None, output, problem, str(error))
    hearing = VoiceInput(transcriber, max_seconds=settings.max_seconds, language=settings.language)
    return Voice(hearing, output)
