"""Where somebody speaks in a recording, by Silero VAD (the ONNX model in faster-whisper).

Whisper must never hear silence: it answers it with a polite sentence of its own.
"""

from dataclasses import dataclass

import numpy as np

from speech.requirements import load_extra
from speech.transcript import SAMPLE_RATE_HZ, Waveform

# Silero's own default. On 35 clips of people and 60 of espeak-ng its highest probability was
# above 0.96; on silence, hum, clicks, and white, pink and brown noise never above 0.25
# (a rising tone reached 0.41).
_THRESHOLD = 0.5
# "No." lasts some 0.2 s; what is shorter than this is a knock on the microphone.
_MIN_SPEECH_MS = 100
# Whisper wants a little air around the words, and joins badly across shorter pauses.
_PADDING_MS = 400
_MIN_PAUSE_MS = 2_000


@dataclass(frozen=True)
class Span:
    """A stretch of a waveform, in samples; `end` is exclusive."""

    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Speech:
    """The spoken stretches of a recording, joined."""

    waveform: Waveform
    spans: tuple[Span, ...]

    def recording_s(self, speech_s: float) -> float:
        """Return the time in the recording of a time in `waveform`."""
        left = round(speech_s * SAMPLE_RATE_HZ)
        for span in self.spans:
            length = span.end - span.start
            if left <= length:
                return (span.start + left) / SAMPLE_RATE_HZ
            left -= length
        return self.spans[-1].end / SAMPLE_RATE_HZ if self.spans else 0.0


def speech_only(waveform: Waveform) -> Speech:
    """Cut away silence and noise; the result is of length 0 when nobody speaks.

    Raises:
        SpeechModelError: the `voice` extra is not installed.
    """
    if not waveform.size:
        return Speech(waveform, ())
    vad = load_extra("faster_whisper.vad")
    options = vad.VadOptions(
        threshold=_THRESHOLD,
        min_speech_duration_ms=_MIN_SPEECH_MS,
        min_silence_duration_ms=_MIN_PAUSE_MS,
        speech_pad_ms=_PADDING_MS,
    )
    found = vad.get_speech_timestamps(waveform, options, sampling_rate=SAMPLE_RATE_HZ)
    spans = tuple(Span(int(stretch["start"]), int(stretch["end"])) for stretch in found)
    pieces = [waveform[span.start : span.end] for span in spans]
    return Speech(np.concatenate(pieces) if pieces else waveform[:0], spans)


def has_speech(waveform: Waveform) -> bool:
    """Whether anybody speaks."""
    return bool(speech_only(waveform).spans)
