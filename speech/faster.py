"""Whisper by name or as a CTranslate2 folder, run by faster-whisper."""

import os
from pathlib import Path
from typing import Any

import numpy as np

from speech.language import whisper_language
from speech.requirements import MODEL_REMEDY, load_extra
from speech.transcript import SAMPLE_RATE_HZ, SpeechModelError, Transcript, Waveform
from speech.whisper_output import Part, to_transcript

# Without tokenizer.json faster-whisper would go to the network for one.
MODEL_FILES = ("model.bin", "config.json", "tokenizer.json")


def cached_folder(name: str) -> Path | None:
    """Return the folder of model `name` in the local Hugging Face cache, None if it isn't there.

    Raises:
        SpeechModelError: faster-whisper knows no such name, or no `voice` extra.
    """
    faster_whisper = load_extra("faster_whisper")
    if "/" not in name and name not in faster_whisper.available_models():
        known = ", ".join(faster_whisper.available_models())
        raise SpeechModelError(
            f"speech.model '{name}' is neither a file or folder on this machine nor a model that "
            f"faster-whisper knows; name one of {known}"
        )
    try:
        folder = Path(faster_whisper.download_model(name, local_files_only=True))
    except (OSError, ValueError):  # huggingface_hub's "not in the cache" is both
        return None
    return folder if is_model_folder(folder) else None


def is_model_folder(folder: Path) -> bool:
    """Whether `folder` holds all that faster-whisper needs to work without a network."""
    return all((folder / name).is_file() for name in MODEL_FILES)


class FasterWhisper:
    """A Transcriber: int8 on the CPU, float16 on a GPU."""

    def __init__(self, folder: Path) -> None:
        """Load the CTranslate2 model in `folder`.

        Raises:
            SpeechModelError: no such folder, not such a model, or no `voice` extra.
        """
        faster_whisper = load_extra("faster_whisper")
        if not is_model_folder(folder):
            raise SpeechModelError(
                f"no CTranslate2 model in {folder} (it needs {', '.join(MODEL_FILES)}): "
                f"{MODEL_REMEDY}"
            )
        on_gpu = load_extra("ctranslate2").get_cuda_device_count() > 0
        try:
            self._model: Any = faster_whisper.WhisperModel(
                str(folder),
                device="cuda" if on_gpu else "cpu",
                compute_type="float16" if on_gpu else "int8",
                cpu_threads=min(4, os.cpu_count() or 1),  # its default, but not more than there are
                local_files_only=True,
            )
        except (RuntimeError, ValueError) as error:
            raise SpeechModelError(
                f"the speech model in {folder} does not load ({error}): "
                "fetch it again, or name another in shop.toml, speech.model"
            ) from error

    def transcribe(self, waveform: Waveform, *, language: str | None = None) -> Transcript:
        """Transcribe greedily; an English-only model always hears English.

        Raises:
            SpeechModelError: the model does not know `language`.
        """
        forced = whisper_language(language, self._model.supported_languages)
        duration_s = len(waveform) / SAMPLE_RATE_HZ
        if not len(waveform):  # faster-whisper's language detection wants a sample
            return to_transcript((), language=forced or "en", duration_s=0.0)
        found, info = self._model.transcribe(
            np.asarray(waveform, dtype=np.float32),
            language=forced,
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return to_transcript(  # `found` is a generator: the work happens here
            (Part(part.start, part.end, part.text, part.compression_ratio) for part in found),
            language=info.language,
            duration_s=duration_s,
        )
