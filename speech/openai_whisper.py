"""Whisper checkpoints in the original format (`.pt`), run by openai-whisper."""

import os
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from speech.language import whisper_language
from speech.requirements import MODEL_REMEDY, load_extra
from speech.transcript import SAMPLE_RATE_HZ, SpeechModelError, Transcript, Waveform
from speech.whisper_output import Part, to_transcript

# openai-whisper's short names for the newest of a size (whisper/__init__.py, _MODELS).
_ALIASES = {"large": "large-v3", "turbo": "large-v3-turbo"}

# What torch.load and the Whisper class raise over a file that is something else.
_UNREADABLE = (
    RuntimeError, EOFError, LookupError, TypeError, ValueError, AttributeError,
    pickle.UnpicklingError,
)  # fmt: skip


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
        except _UNREADABLE as error:
            raise SpeechModelError(
                f"{checkpoint} is not a checkpoint in openai-whisper's format "
                f"({type(error).__name__}): "
                "fetch it again, or name another in shop.toml, speech.model"
            ) from error
        self._languages = _languages_of(self._model)

    def transcribe(self, waveform: Waveform, *, language: str | None = None) -> Transcript:
        """Transcribe greedily; an English-only model always hears English.

        Raises:
            SpeechModelError: the model does not know `language`.
        """
        whisper = load_extra("whisper")
        forced = whisper_language(language, self._languages)
        if not len(waveform):
            return to_transcript((), language=forced or "en", duration_s=0.0)
        heard = whisper.transcribe(
            self._model,
            np.array(waveform, dtype=np.float32),  # a copy: torch refuses read-only arrays
            language=forced,
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


def _languages_of(model: Any) -> tuple[str, ...]:
    tokenizer = load_extra("whisper.tokenizer")
    with warnings.catch_warnings():
        # whisper leaves its vocabulary file unclosed, the first time.
        warnings.simplefilter("ignore", ResourceWarning)
        if not model.is_multilingual:
            tokenizer.get_tokenizer(False)
            return ("en",)
        multilingual = tokenizer.get_tokenizer(True, num_languages=model.num_languages)
    return tuple(multilingual.all_language_codes)
