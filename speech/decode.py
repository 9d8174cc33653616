"""A shopper's recording, in whatever container the browser made, into a `Waveform`."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np

from speech.requirements import load_extra
from speech.transcript import SAMPLE_RATE_HZ, AudioError, Waveform

# A playlist format (HLS, DASH, concat) would make FFmpeg open the files and addresses that the
# upload names, so only formats that hold the sound themselves are let in.
_FORMATS = (
    "wav,w64,aiff,caf,au,mp3,ogg,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,"
    "flac,aac,amr,amrnb,asf,avi,mpegts,mpeg"
)
_OPTIONS = {"format_whitelist": _FORMATS, "protocol_whitelist": "none"}

# Outside this range no recorder works; a forged rate of 1 Hz would make the resampler produce
# 16,000 samples for every byte received.
_RATES_HZ = range(4_000, 384_001)

_MAX_CHANNELS = 16  # a header may claim 65,535, and a second of that is 4 GB

_PADDING_S = 0.1  # codecs add some silence at both ends

_EMPTY = "That recording is empty. Please record it once more, or type your message."
_UNREADABLE = "I could not open that recording. Please record it once more, or type your message."
_NO_SOUND = "There is no sound in that file. Please record your question, or type it."


def decode_audio(data: bytes, *, max_seconds: float) -> Waveform:
    """Decode a whole file held in memory; nothing is written to disk.

    Raises:
        AudioError: empty, not audio, without a sound track, or longer than `max_seconds`.
        SpeechModelError: the `voice` extra is not installed.
    """
    av = load_extra("av")
    if not data:
        raise AudioError(_EMPTY)
    try:
        with av.open(
            io.BytesIO(data), mode="r", metadata_errors="ignore", options=_OPTIONS
        ) as container:
            if not container.streams.audio:
                raise AudioError(_NO_SOUND)
            pieces = list(_resampled(container, max_seconds))
    except (av.FFmpegError, ValueError, IndexError) as error:
        # PyAV refuses a track whose channels or rate change half-way with a ValueError, and falls
        # over a track that first shows in the middle of a file with an IndexError.
        raise AudioError(_UNREADABLE) from error
    if not pieces:
        raise AudioError(_EMPTY)
    return np.concatenate(pieces)


def _resampled(container: Any, max_seconds: float) -> Iterator[Waveform]:
    """Yield stretches of mono samples at SAMPLE_RATE_HZ, shape (n,)."""
    av = load_extra("av")
    # Interleaved: PyAV 18 crashes the process over planes of more than 8 channels.
    resampler = av.AudioResampler(format="flt", rate=SAMPLE_RATE_HZ)
    decoded_s = 0.0
    for frame in _frames(container):
        if frame.sample_rate not in _RATES_HZ or frame.layout.nb_channels > _MAX_CHANNELS:
            raise AudioError(_UNREADABLE)
        decoded_s += frame.samples / frame.sample_rate
        if decoded_s > max_seconds + _PADDING_S:  # now, as a small file can unpack to hours
            raise AudioError(
                f"That recording is longer than {max_seconds:g} seconds. "
                "Please record a shorter one, or type your message."
            )
        frame.pts = None  # browsers' time stamps have gaps, which the resampler refuses
        yield from _arrays(resampler.resample(frame))
    if decoded_s > 0:
        yield from _arrays(resampler.resample(None))


def _frames(container: Any) -> Iterator[Any]:
    """Yield the first sound track's frames, leaving out damaged packets."""
    av = load_extra("av")
    for packet in container.demux(container.streams.audio[0]):
        try:
            yield from (frame for frame in packet.decode() if frame.samples)
        except av.InvalidDataError:
            continue


def _arrays(frames: list[Any]) -> Iterator[Waveform]:
    for frame in frames:
        if frame.samples:
            samples = frame.to_ndarray().reshape(frame.samples, -1)
            # A file of floats may hold anything, infinities included.
            tamed = np.clip(np.nan_to_num(samples, nan=0.0), -1.0, 1.0)
            # The mean of the channels; FFmpeg's own downmix of floats is 3 dB louder and clips.
            yield tamed.mean(axis=1, dtype=np.float32)
