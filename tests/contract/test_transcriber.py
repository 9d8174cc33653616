"""What every Transcriber does, run on both engines.

The models are written here and hear one sentence in whatever they get, so the whole of each
engine's decoding runs and its words are known, without a download.
"""

from pathlib import Path

import numpy as np
import pytest
from whisper_checkpoints import convert_to_ctranslate2, write_checkpoint

from speech.choose import open_transcriber
from speech.faster import FasterWhisper
from speech.openai_whisper import OpenAIWhisper
from speech.transcript import SAMPLE_RATE_HZ, SpeechModelError, Transcriber, Waveform

SENTENCES = {"english": "Where is my refund?", "multilingual": "退款在哪里"}
LANGUAGES = {"english": "en", "multilingual": "zh"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a shop's folder with each model, as a `.pt` and as a CTranslate2 folder."""
    folder = tmp_path_factory.mktemp("shop")
    write_checkpoint(folder / "english.pt", says=" " + SENTENCES["english"])
    write_checkpoint(folder / "multilingual.pt", says=SENTENCES["multilingual"], language="zh")
    for kind in SENTENCES:
        convert_to_ctranslate2(folder / f"{kind}.pt", folder / kind)
    return folder


@pytest.fixture(scope="module", params=[".pt", ""], ids=["openai-whisper", "faster-whisper"])
def suffix(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module", params=list(SENTENCES))
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def transcriber(shop: Path, kind: str, suffix: str) -> Transcriber:
    return open_transcriber(kind + suffix, "auto", shop)


def sound(seconds: float) -> Waveform:
    noise = np.random.default_rng(0).normal(0, 0.1, int(seconds * SAMPLE_RATE_HZ))
    return noise.astype(np.float32)


def test_the_engine_is_the_models(shop: Path, suffix: str) -> None:
    expected = OpenAIWhisper if suffix else FasterWhisper
    assert isinstance(open_transcriber("english" + suffix, "auto", shop), expected)


def test_it_hears_the_sentence(transcriber: Transcriber, kind: str) -> None:
    heard = transcriber.transcribe(sound(2))
    assert heard.text == SENTENCES[kind]
    assert heard.language == LANGUAGES[kind]
    assert heard.duration_s == 2.0
    assert [segment.text for segment in heard.segments] == [SENTENCES[kind]]


def test_no_sound_is_no_text(transcriber: Transcriber) -> None:
    heard = transcriber.transcribe(sound(0))
    assert (heard.text, heard.segments, heard.duration_s) == ("", (), 0.0)


def test_the_waveform_is_left_alone(transcriber: Transcriber) -> None:
    waveform = sound(1)
    before = waveform.copy()
    waveform.setflags(write=False)
    transcriber.transcribe(waveform)
    assert np.array_equal(waveform, before)


def test_more_than_whispers_window_is_heard_in_order(transcriber: Transcriber, kind: str) -> None:
    heard = transcriber.transcribe(sound(35))
    assert heard.text.count(SENTENCES[kind]) == 2
    starts = [segment.start_s for segment in heard.segments]
    assert starts == sorted(starts)
    assert all(0 <= part.start_s <= part.end_s <= 35 for part in heard.segments)
    assert starts[-1] >= 30


def test_the_same_sound_gives_the_same_transcript(transcriber: Transcriber) -> None:
    assert transcriber.transcribe(sound(1)) == transcriber.transcribe(sound(1))


def test_a_language_is_forced(transcriber: Transcriber, kind: str) -> None:
    # A model that knows only English hears English, whatever is asked for.
    expected = {"english": "en", "multilingual": "de"}[kind]
    assert transcriber.transcribe(sound(1), language="de-AT").language == expected


def test_a_language_it_does_not_know(transcriber: Transcriber, kind: str) -> None:
    if kind == "english":
        assert transcriber.transcribe(sound(1), language="xx").language == "en"
        return
    with pytest.raises(SpeechModelError, match=r"'xx'.*speech\.language"):
        transcriber.transcribe(sound(1), language="xx")
