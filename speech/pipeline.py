"""A shopper's voice message into a `Transcript`: decode, find the speech, transcribe."""

import threading

from speech.decode import decode_audio
from speech.detection import speech_only
from speech.language import base_language
from speech.transcript import SAMPLE_RATE_HZ, Segment, Transcriber, Transcript


class VoiceInput:
    """Hears recordings; any number of threads may call it."""

    def __init__(
        self, transcriber: Transcriber, *, max_seconds: float = 60.0, language: str | None = None
    ) -> None:
        """Hear up to `max_seconds` at a time, in `language` (None: detect it each time)."""
        self._transcriber = transcriber
        self._max_seconds = max_seconds
        self._language = language
        # Whisper's decoders keep state on the model, and two at once on one device gain nothing.
        self._one_at_a_time = threading.Lock()

    def hear(self, data: bytes) -> Transcript:
        """Transcribe an audio file of any common format; the text is empty when nobody speaks.

        Segment times are those of the recording. The recording is not kept.

        Raises:
            AudioError: the recording cannot be used.
            SpeechModelError: the `voice` extra is missing, or the model lacks the language.
        """
        waveform = decode_audio(data, max_seconds=self._max_seconds)
        duration_s = len(waveform) / SAMPLE_RATE_HZ
        speech = speech_only(waveform)
        if not speech.spans:
            language = base_language(self._language or "en")
            return Transcript(text="", language=language, segments=(), duration_s=duration_s)
        with self._one_at_a_time:
            heard = self._transcriber.transcribe(speech.waveform, language=self._language)
        return Transcript(
            text=heard.text,
            language=heard.language,
            segments=tuple(
                Segment(speech.recording_s(part.start_s), speech.recording_s(part.end_s), part.text)
                for part in heard.segments
            ),
            duration_s=duration_s,
        )
