"""Whisper checkpoints in the original format (`.pt`), run by openai-whisper."""

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from speech.language import whisper_language
from speech.requirements import MODEL_REMEDY, load_extra
from speech.transcript import SAMPLE_RATE_HZ, SpeechModelError, Transcript, Waveform
from speech.whisper_output import Part, to_transcript

# openai-whisper's short names for the newest of a size (whisper/__init__.py, _MODELS).
_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}


def cached_checkpoint(name: str) -> Path:
    """Return where openai-whisper keeps the model `name`; the file need not exist."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "whisper" / f"{_ALIASES.get(name, name)}.pt"


class OpenAIWhisper:
    """A Transcriber. One call at a time: its decoder keeps its cache on the model."""

    def __init__(self, checkpoint: Path) -> None:
        """Load `checkpoint`, onto the GPU if there is one.

        Raises:
            SpeechModelError: no such file, not a Whisper checkpoint, or no `voice` extra.
        """
        whisper = load_extra("whisper")
        if not checkpoint.is_file():
            raise SpeechModelError(f"no Whisper checkpoint at {checkpoint}: {MODEL_REMEDY}")
        try:
            self._model: Any = whisper.load_model(str(checkpoint))
        except (RuntimeError, EOFError, KeyError, TypeError, pickle.UnpicklingError) as error:
            raise SpeechModelError(
                f"{checkpoint} is not a checkpoint in openai-whisper's format ({error}): "
                "fetch it again, or name another in shop.toml, speech.model"
            ) from error

    def transcribe(self, waveform: Waveform, *, language: str | None = None) -> Transcript:
        """Transcribe greedily; an English-only model always hears English.

        Raises:
            SpeechModelError: the model does not know `language`.
        """
        whisper = load_extra("whisper")
        multilingual = bool(self._model.is_multilingual)
        heard = whisper.transcribe(
            self._model,
            np.array(waveform, dtype=np.float32),  # a copy: torch refuses read-only arrays
            language=whisper_language(language, self._languages() if multilingual else ("en",)),
            temperature=0.0,
            condition_on_previous_text=False,
            fp16=self._model.device.type == "cuda",
        )
        parts = (
            Part(float(part["start"]), float(part["end"]), part["text"], part["compression_ratio"])
            for part in heard["segments"]
        )
        return to_transcript(
            parts, language=heard["language"], duration_s=len(waveform) / SAMPLE_RATE_HZ
        )

    def _languages(self) -> tuple[str, ...]:
        tokenizer = load_extra("whisper.tokenizer").get_tokenizer(
            True, num_languages=self._model.num_languages
        )
        return tuple(tokenizer.all_language_codes)
