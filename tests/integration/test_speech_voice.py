"""Words said by espeak-ng come back as text, through the whole voice path."""

import io
import os
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from speech.choose import open_transcriber
from speech.decode import decode_audio
from speech.detection import has_speech
from speech.pipeline import VoiceInput
from speech.synthesis import EspeakSynthesizer

ROOT = Path(__file__).parents[2]
SYNTHETIC = ROOT.parent / "shared" / "models" / "whisper-synthetic" / "whisper-synthetic.pt"
CHECKPOINT = Path(os.environ.get("SHOPCLERK_WHISPER") or SYNTHETIC)
needs_checkpoint = pytest.mark.skipif(
    not CHECKPOINT.is_file(),
    reason="no Whisper checkpoint: set SHOPCLERK_WHISPER to the path of a .pt file",
)


@pytest.fixture(scope="module")
def espeak() -> EspeakSynthesizer:
    return EspeakSynthesizer()


@pytest.fixture(scope="module", params=["openai-whisper", "faster-whisper"])
def voice(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> VoiceInput:
    folder = tmp_path_factory.mktemp("shop")
    model = str(CHECKPOINT)
    if request.param == "faster-whisper":
        with pytest.MonkeyPatch.context() as patch:
            patch.syspath_prepend(ROOT / "tests" / "contract")
            from whisper_checkpoints import convert_to_ctranslate2
        convert_to_ctranslate2(CHECKPOINT, folder / "converted")
        model = "converted"
    return VoiceInput(open_transcriber(model, "auto", folder), max_seconds=20, language="en")


def words(text: str) -> list[str]:
    return "".join(c for c in text.lower() if c.isalnum() or c == " ").split()


def samples(wav: bytes) -> tuple[np.ndarray, int]:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


@needs_checkpoint
@pytest.mark.parametrize(
    "sentence",
    [
        "Where is my refund?",
        "How do I reset my password?",
        "I need an invoice.",
        "Do you ship to Canada?",
        "I want to talk to a human.",
        "Yes please.",
    ],
)
def test_what_is_said_is_heard(voice: VoiceInput, espeak: EspeakSynthesizer, sentence: str) -> None:
    heard = voice.hear(espeak.speak(sentence, language="en"))
    assert words(heard.text) == words(sentence)
    assert heard.language == "en"
    assert heard.segments


@needs_checkpoint
def test_an_order_number_is_heard_as_digits(voice: VoiceInput, espeak: EspeakSynthesizer) -> None:
    """Which digits, the small synthetic model often gets wrong; see benchmarks/speech.py."""
    heard = words(voice.hear(espeak.speak("Where is my order 4417?", language="en")).text)
    assert heard[:4] == ["where", "is", "my", "order"]
    assert heard[4].isdigit()
    assert heard[4].startswith("4")
    assert len(heard) == 5


@needs_checkpoint
@pytest.mark.parametrize("level", [0.0, 0.001, 0.05, 0.2])
def test_silence_and_noise_are_no_words(voice: VoiceInput, level: float) -> None:
    noise = np.random.default_rng(1).normal(0, level, 48_000).clip(-1, 1)
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((noise * 32767).astype("<i2").tobytes())
    heard = voice.hear(buffer.getvalue())
    assert (heard.text, heard.segments, heard.duration_s) == ("", (), 3.0)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Your order 4417 has shipped.", "en"),
        ("您的订单4417已发货，金额￥129.50。", "zh"),
        ("The item 蓝色帐篷 is in stock.", "en"),
        ("这个 tent 有货", "zh-CN"),
        ("Bonjour", "fr"),  # no French voice: read by the English one
    ],
)
def test_a_reply_is_spoken(espeak: EspeakSynthesizer, text: str, language: str) -> None:
    wav = espeak.speak(text, language=language)
    sound, rate_hz = samples(wav)
    assert 0.3 < len(sound) / rate_hz < 12
    assert has_speech(decode_audio(wav, max_seconds=30))


def test_a_chinese_word_in_an_english_reply_is_not_spelt_out(espeak: EspeakSynthesizer) -> None:
    """The English voice alone says "Chinese letter" for each character, over 1 s for each."""
    four, rate_hz = samples(espeak.speak("蓝色帐篷", language="en"))
    assert len(four) / rate_hz < 2.5


@pytest.mark.parametrize("text", ["", "  \n", "\U0001f389", "---", "\0"])
def test_nothing_to_say_is_a_sound_of_no_length(espeak: EspeakSynthesizer, text: str) -> None:
    assert len(samples(espeak.speak(text, language="en"))[0]) == 0


def test_a_long_reply_is_cut(espeak: EspeakSynthesizer) -> None:
    sentence = "This is a sentence of some length. "
    cut = EspeakSynthesizer(max_characters=100).speak(sentence * 1000, language="en")
    two = espeak.speak(sentence * 2, language="en")
    assert len(cut) == pytest.approx(len(two), rel=0.05)


def test_many_threads_speak_without_mixing(espeak: EspeakSynthesizer) -> None:
    texts = {"en": "One moment, please.", "zh": "请稍等一下，谢谢您的耐心等待。"}
    alone = {key: len(espeak.speak(text, language=key)) for key, text in texts.items()}
    spoken: list[tuple[str, int]] = []

    def say(key: str) -> None:
        spoken.append((key, len(EspeakSynthesizer().speak(texts[key], language=key))))

    threads = [threading.Thread(target=say, args=(key,)) for key in [*texts] * 6]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spoken) == 12
    for key, length in spoken:
        assert length == pytest.approx(alone[key], rel=0.05)
