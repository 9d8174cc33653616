"""The values that cross the border of this package."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000
"""Whisper's input rate."""

Waveform = NDArray[np.float32]
"""Mono samples at SAMPLE_RATE_HZ, shape (n,), in [-1, 1]."""


@dataclass(frozen=True)
class Segment:
    """A stretch of speech."""

    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True)
class Transcript:
    """What was said. `language` is an ISO 639-1 code; `text` is empty when nobody spoke."""

    text: str
    language: str
    segments: tuple[Segment, ...]
    duration_s: float


class AudioError(Exception):
    """The recording cannot be used; the message is a friendly sentence for the shopper."""


class SpeechModelError(Exception):
    """No usable speech model; the message tells the operator what is missing and how to get it."""


class Transcriber(Protocol):
    """Anything that turns a waveform into a transcript."""

    def transcribe(self, waveform: Waveform, *, language: str | None = None) -> Transcript:
        """Transcribe; `language` forces one, None detects it."""
        ...


class Synthesizer(Protocol):
    """Anything that turns a reply into audio."""

    def speak(self, text: str, *, language: str) -> bytes:
        """Return a WAV file (16-bit PCM, mono)."""
        ...
