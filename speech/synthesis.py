"""Text into speech by espeak-ng, as a library: no program to install, no model to fetch."""

import ctypes
import functools
import io
import re
import threading
import wave
from pathlib import Path
from typing import Any

from speech.language import base_language
from speech.requirements import load_extra
from speech.speakable import shorten, speakable
from speech.transcript import SpeechModelError

# From espeak-ng's speak_lib.h.
_AUDIO_OUTPUT_SYNCHRONOUS = 2  # espeak_Synth returns when all is said
_INITIALIZE_DONT_EXIT = 0x8000  # without it a missing data folder would end the whole process
_CHARS_UTF8 = 1
_EE_OK = 0
_PARAMETER_RATE = 1

_VOICES = {"en": "en-us", "zh": "cmn"}
# The English voice says "Chinese letter" for each Chinese character; the Mandarin voice speaks
# English words well enough by itself.
_CHINESE = re.compile(r"([\u3400-\u9fff][\u3000-\u9fff\uff00-\uffef\d]*)")
_SAY = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)

# espeak-ng is one global state per process.
_ONE_AT_A_TIME = threading.Lock()


class EspeakSynthesizer:
    """A Synthesizer; any number of threads and instances may speak."""

    def __init__(self, *, words_per_minute: int = 170, max_characters: int = 800) -> None:
        """Speak at `words_per_minute`; 800 characters are about a minute.

        Raises:
            SpeechModelError: the `voice` extra is not installed, or espeak-ng does not start.
        """
        self._words_per_minute = words_per_minute
        self._max_characters = max_characters
        with _ONE_AT_A_TIME:
            self._espeak = _start_espeak()

    def speak(self, text: str, *, language: str) -> bytes:
        """Return a WAV file (16-bit PCM, mono); of no length when there is nothing to say.

        Markdown, links and emoji are left out; whole sentences beyond the limit too. Chinese is
        spoken in a Mandarin voice, everything else in an English one.
        """
        chinese = base_language(language) == "zh"
        words = shorten(
            speakable(text[: 4 * self._max_characters], language=language), self._max_characters
        )
        parts = [words] if chinese else _CHINESE.split(words)
        with _ONE_AT_A_TIME:
            samples = b"".join(
                # Splitting by one group puts what matched at the odd places.
                self._espeak.say(
                    part, _VOICES["zh" if chinese or place % 2 else "en"], self._words_per_minute
                )
                for place, part in enumerate(parts)
                if part.strip()
            )
        return _wav(samples, self._espeak.rate_hz)


class _Espeak:
    """The loaded library; the caller holds `_ONE_AT_A_TIME`."""

    def __init__(self, library: Path, data: Path) -> None:
        try:
            self._lib = ctypes.CDLL(str(library))
        except OSError as error:
            raise SpeechModelError(
                f"espeak-ng does not load from {library} ({error}): "
                "run `pip install --force-reinstall espeakng-loader`"
            ) from error
        self._lib.espeak_Initialize.argtypes = [
            ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int,
        ]  # fmt: skip
        self._lib.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        self._lib.espeak_Synth.argtypes = [
            ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint,
            ctypes.c_uint, ctypes.c_void_p, ctypes.c_void_p,
        ]  # fmt: skip
        self._samples = bytearray()
        self._callback = _SAY(self._take)  # kept: C holds no reference to it
        # espeak-ng wants the folder around `espeak-ng-data`, and returns the sample rate.
        self.rate_hz: int = self._lib.espeak_Initialize(
            _AUDIO_OUTPUT_SYNCHRONOUS, 0, str(data.parent).encode(), _INITIALIZE_DONT_EXIT
        )
        if self.rate_hz <= 0:
            raise SpeechModelError(
                f"espeak-ng finds no voices in {data}: run "
                "`pip install --force-reinstall espeakng-loader` (its path may have 150 characters)"
            )
        self._lib.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: str, words_per_minute: int) -> bytes:
        """Return 16-bit samples."""
        self._samples.clear()
        if self._lib.espeak_SetVoiceByName(voice.encode()) != _EE_OK:
            raise SpeechModelError(f"espeak-ng has no voice '{voice}': reinstall espeakng-loader")
        self._lib.espeak_SetParameter(_PARAMETER_RATE, words_per_minute, 0)
        encoded = text.encode()
        status = self._lib.espeak_Synth(encoded, len(encoded) + 1, 0, 0, 0, _CHARS_UTF8, None, None)
        if status != _EE_OK:
            raise SpeechModelError(f"espeak-ng failed with status {status}: restart the process")
        return bytes(self._samples)

    def _take(self, samples: Any, count: int, _events: int | None) -> int:
        if samples and count > 0:
            self._samples += ctypes.string_at(samples, 2 * count)
        return 0  # go on


@functools.cache
def _start_espeak() -> _Espeak:
    loader = load_extra("espeakng_loader")
    return _Espeak(Path(loader.get_library_path()), Path(loader.get_data_path()))


def _wav(samples: bytes, rate_hz: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate_hz)
        file.writeframes(samples)
    return buffer.getvalue()
