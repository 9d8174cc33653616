"""What a Whisper engine found, into a `Transcript`; and telling speech from invention.

Silence is cut out before Whisper (see `speech.detection`), and both engines drop a window with a
no-speech probability above 0.6 and a mean log probability below -1. What is left is the loop.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from speech.transcript import Segment, Transcript

# Whisper's own mark of a failed decoding (openai-whisper, `compression_ratio_threshold`): text
# that gzip shrinks this well says the same words over and over. Whisper then tries again at a
# higher temperature; for a shop, nothing is better than a guess, and the bot asks again.
_MAX_COMPRESSION_RATIO = 2.4


@dataclass(frozen=True)
class Part:
    """One segment as Whisper gives it; `text` keeps its leading space."""

    start_s: float
    end_s: float
    text: str
    compression_ratio: float


def to_transcript(parts: Iterable[Part], *, language: str, duration_s: float) -> Transcript:
    """Join `parts`, leaving out loops and what is said after the end.

    Whisper pads to 30 s: a part that begins in the padding is invented, one that ends there is
    cut to `duration_s`.
    """
    kept = [
        part
        for part in parts
        if part.compression_ratio <= _MAX_COMPRESSION_RATIO and part.start_s < duration_s
    ]
    return Transcript(
        text="".join(part.text for part in kept).strip(),
        language=language,
        segments=tuple(
            Segment(part.start_s, min(part.end_s, duration_s), part.text.strip())
            for part in kept
            if part.text.strip()
        ),
        duration_s=duration_s,
    )
