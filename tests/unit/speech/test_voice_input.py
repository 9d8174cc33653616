"""The pipeline around a transcriber: what reaches it, and whose times come back."""

import threading
import time

import numpy as np
import pytest
from test_audio_decoding import wav

from speech.detection import Span, Speech
from speech.pipeline import VoiceInput
from speech.synthesis import EspeakSynthesizer
from speech.transcript import SAMPLE_RATE_HZ, AudioError, Segment, Transcript, Waveform
from speech.whisper_output import Part, to_transcript


class Recorder:
    """A transcriber that says one sentence and remembers what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[float, str | None]] = []
        self.busy = threading.Lock()

    def transcribe(self, waveform: Waveform, *, language: str | None = None) -> Transcript:
        assert self.busy.acquire(blocking=False), "two transcriptions at once"
        time.sleep(0.01)
        duration_s = len(waveform) / SAMPLE_RATE_HZ
        self.given.append((duration_s, language))
        self.busy.release()
        said = Segment(0.0, duration_s, "Hello.")
        return Transcript("Hello.", language or "en", (said,), duration_s)


@pytest.fixture(scope="module")
def hello() -> bytes:
    return EspeakSynthesizer().speak("Hello, I need some help.", language="en")


def silence(seconds: float) -> np.ndarray:
    return np.zeros(int(seconds * SAMPLE_RATE_HZ))


NOISE = np.random.default_rng(0)
NOBODY = {
    "silence": silence(3),
    "faint noise": NOISE.normal(0, 0.001, 48_000),
    "loud noise": NOISE.normal(0, 0.2, 48_000).clip(-1, 1),
    "hum": 0.3 * np.sin(2 * np.pi * 50 * np.arange(48_000) / SAMPLE_RATE_HZ),
    "a click": np.where(np.arange(16_000) == 8_000, 1.0, 0.0),
    "one sample": np.ones(1),
}


@pytest.mark.parametrize("name", NOBODY)
def test_what_nobody_said_never_reaches_the_transcriber(name: str) -> None:
    recorder = Recorder()
    heard = VoiceInput(recorder, language="zh-CN").hear(wav(NOBODY[name]))
    assert heard == Transcript("", "zh", (), len(NOBODY[name]) / SAMPLE_RATE_HZ)
    assert not recorder.given


def test_silence_is_cut_and_times_are_the_recordings(hello: bytes) -> None:
    from speech.decode import decode_audio

    words = decode_audio(hello, max_seconds=60)
    recording = np.concatenate([silence(4), words, silence(5), words, silence(3)])
    recorder = Recorder()
    heard = VoiceInput(recorder, language="en").hear(wav(recording))
    ((given_s, language),) = recorder.given
    assert language == "en"
    assert given_s == pytest.approx(2 * len(words) / SAMPLE_RATE_HZ, abs=2.0)
    assert heard.duration_s == pytest.approx(len(recording) / SAMPLE_RATE_HZ)
    (said,) = heard.segments
    assert said.start_s == pytest.approx(4.0, abs=0.6)
    assert said.end_s == pytest.approx(heard.duration_s - 3.0, abs=0.8)


def test_times_map_into_the_stretch_they_fall_in() -> None:
    speech = Speech(np.zeros(32_000, np.float32), (Span(16_000, 32_000), Span(80_000, 96_000)))
    assert [speech.recording_s(at) for at in (0.0, 0.5, 1.0, 1.5, 2.0, 9.0)] == [
        1.0, 1.5, 2.0, 5.5, 6.0, 6.0,
    ]  # fmt: skip


def test_rubbish_is_the_shoppers_error() -> None:
    with pytest.raises(AudioError):
        VoiceInput(Recorder()).hear(b"rubbish")


def test_the_limit_is_the_shops() -> None:
    with pytest.raises(AudioError, match="longer than 2 seconds"):
        VoiceInput(Recorder(), max_seconds=2).hear(wav(silence(3)))


def test_many_threads_transcribe_one_at_a_time(hello: bytes) -> None:
    recorder = Recorder()
    voice = VoiceInput(recorder)
    texts: list[str] = []
    threads = [
        threading.Thread(target=lambda: texts.append(voice.hear(hello).text)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == ["Hello."] * 8


def test_loops_and_words_in_the_padding_are_left_out() -> None:
    parts = [
        Part(0.0, 1.0, " Where is it?", 0.9),
        Part(1.0, 2.0, " you you you you you you", 2.41),
        Part(2.0, 29.0, " Please.", 0.9),
        Part(3.0, 30.0, " Thanks for watching!", 0.9),
    ]
    heard = to_transcript(parts, language="en", duration_s=3.0)
    assert heard == Transcript(
        "Where is it? Please.",
        "en",
        (Segment(0.0, 1.0, "Where is it?"), Segment(2.0, 3.0, "Please.")),
        3.0,
    )
