"""Whatever a browser records is decoded; whatever else arrives ends in a friendly sentence."""

import io
import struct
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from speech.decode import decode_audio
from speech.transcript import SAMPLE_RATE_HZ, AudioError


def tone(seconds: float, rate_hz: int = 48_000) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate_hz)) / rate_hz)


def wav(samples: np.ndarray, rate_hz: int = SAMPLE_RATE_HZ, channels: int = 1) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes((np.repeat(samples, channels) * 32767).astype("<i2").tobytes())
    return buffer.getvalue()


def encoded(container: str, codec: str, seconds: float = 2.0, rate_hz: int = 48_000) -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate_hz, layout="stereo")
        left = tone(seconds, rate_hz).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(np.stack([left, left]), "fltp", "stereo")
        frame.sample_rate = rate_hz
        resampler = av.AudioResampler(stream.format, "stereo", rate_hz, stream.frame_size or 1024)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    return buffer.getvalue()


def video_without_sound() -> bytes:
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            image = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
            file.mux(stream.encode(image))
        file.mux(stream.encode(None))
    return buffer.getvalue()


def float_wav(samples: list[float]) -> bytes:
    data = struct.pack(f"<{len(samples)}f", *samples)
    form = struct.pack("<HHIIHH", 3, 1, SAMPLE_RATE_HZ, 4 * SAMPLE_RATE_HZ, 4, 32)
    body = b"WAVEfmt " + struct.pack("<I", 16) + form + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", len(body) + len(data)) + body + data


FORMATS = [
    ("wav", "pcm_s16le"),
    ("webm", "libopus"),  # Chrome, Firefox
    ("ogg", "libopus"),
    ("mp4", "aac"),  # Safari
    ("mp3", "libmp3lame"),
    ("flac", "flac"),
]


@pytest.mark.parametrize(("container", "codec"), FORMATS)
def test_a_recording_in_any_container_becomes_the_same_waveform(container: str, codec: str) -> None:
    waveform = decode_audio(encoded(container, codec), max_seconds=10)
    assert waveform.dtype == np.float32
    assert waveform.ndim == 1
    assert waveform.size / SAMPLE_RATE_HZ == pytest.approx(2.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(waveform))
    assert np.argmax(spectrum) * SAMPLE_RATE_HZ / waveform.size == pytest.approx(440, abs=2)
    # Mixing stereo down keeps the level of a voice in the middle.
    assert np.sqrt(np.mean(waveform[8000:24000] ** 2)) == pytest.approx(0.5 / 2**0.5, abs=0.05)


@pytest.mark.parametrize("rate_hz", [8_000, 16_000, 22_050, 44_100, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 12])  # 12 once crashed the process
def test_any_rate_and_channel_count_keeps_its_length(rate_hz: int, channels: int) -> None:
    waveform = decode_audio(wav(tone(1.0, rate_hz), rate_hz, channels), max_seconds=10)
    assert waveform.size == pytest.approx(SAMPLE_RATE_HZ, abs=2)
    assert np.abs(waveform).max() == pytest.approx(0.5, abs=0.01)


def test_samples_that_are_no_numbers_or_too_loud_are_tamed() -> None:
    samples = [float("nan"), float("inf"), float("-inf"), 3e38, -5.0, 0.25]
    waveform = decode_audio(float_wav(samples), max_seconds=1)
    assert waveform.tolist() == [0.0, 1.0, -1.0, 1.0, -1.0, 0.25]


def test_a_recording_cut_short_is_still_heard() -> None:
    whole = encoded("ogg", "libopus", seconds=4.0)
    assert decode_audio(whole[: len(whole) // 2], max_seconds=10).size > SAMPLE_RATE_HZ


LONG = "longer than 3 seconds"
UNREADABLE = "could not open"
REFUSED = {
    "nothing": (b"", "is empty"),
    "text": (b"hello there " * 50, UNREADABLE),
    "zeros": (bytes(5000), UNREADABLE),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), UNREADABLE),
    "a WAV without samples": (wav(np.zeros(0)), "is empty"),
    "a WAV cut in its header": (wav(tone(1))[:30], UNREADABLE),
    "a video without sound": (video_without_sound(), "no sound"),
    "too long": (wav(np.zeros(4 * SAMPLE_RATE_HZ)), LONG),
    "too long when unpacked": (encoded("flac", "flac", seconds=4.0), LONG),
    "a forged rate": (wav(np.zeros(3000), rate_hz=1000), UNREADABLE),
    "a forged number of channels": (wav(np.zeros(100), channels=2000), UNREADABLE),
    "a playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", UNREADABLE),
    "a list of files": (b"ffconcat version 1.0\nfile '/etc/passwd'\n", UNREADABLE),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_heard_is_refused_in_a_friendly_sentence(name: str) -> None:
    data, expected = REFUSED[name]
    with pytest.raises(AudioError, match=expected) as refusal:
        decode_audio(data, max_seconds=3)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "Please" in sentence
    assert "Errno" not in sentence


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    other = tmp_path / "other.wav"
    other.write_bytes(wav(tone(1.0, SAMPLE_RATE_HZ)))
    for text in (f"ffconcat version 1.0\nfile '{other}'\n", f"#EXTM3U\n#EXTINF:1,\n{other}\n"):
        with pytest.raises(AudioError):
            decode_audio(text.encode(), max_seconds=3)


def test_a_recording_of_just_the_limit_is_heard() -> None:
    assert decode_audio(wav(np.zeros(3 * SAMPLE_RATE_HZ)), max_seconds=3).size == 48_000


def heard_or_refused(data: bytes) -> None:
    try:
        waveform = decode_audio(data, max_seconds=5)
    except AudioError:
        return
    assert waveform.size <= 5.5 * SAMPLE_RATE_HZ
    assert np.all(np.abs(waveform) <= 1.0)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=2000))
def test_rubbish_never_raises_anything_but_audio_error(data: bytes) -> None:
    heard_or_refused(data)


WHOLE = [encoded(container, codec, seconds=0.3) for container, codec in FORMATS]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.data_too_large])
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=8))),
    st.floats(0, 1),
)
def test_a_damaged_recording_never_raises_anything_but_audio_error(
    whole: bytes, damages: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(whole)
    for place, damage in damages:
        # Squaring moves most damage to the headers, where it does more.
        start = int(place**2 * len(data))
        data[start : start + len(damage)] = damage
    heard_or_refused(bytes(data[: max(1, int(kept * len(data)))]))
