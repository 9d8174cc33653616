"""From shop.toml's `speech.model` and `speech.engine` to a Transcriber. Never downloads."""

from pathlib import Path

from speech.faster import FasterWhisper, cached_folder
from speech.openai_whisper import OpenAIWhisper, cached_checkpoint
from speech.requirements import MODEL_REMEDY
from speech.transcript import SpeechModelError, Transcriber

ENGINES = ("auto", "faster-whisper", "openai-whisper")


def open_transcriber(model: str, engine: str, shop_dir: Path) -> Transcriber:
    """Load the speech model that a shop names.

    Args:
        model: a `.pt` file or a CTranslate2 folder, absolute or relative to the shop's folder;
            or the name of a model that has been pulled to this machine before.
        engine: one of ENGINES; `auto` is openai-whisper for a `.pt`, otherwise faster-whisper.
        shop_dir: the shop's folder.

    Raises:
        SpeechModelError: the model, or the `voice` extra, is not on this machine.
    """
    chosen = choose_engine(model, engine)
    path = shop_dir / Path(model).expanduser()  # an absolute path stays as it is
    if chosen == "openai-whisper":
        return OpenAIWhisper(path if _is_path(model, path) else _pulled_checkpoint(model))
    return FasterWhisper(path if _is_path(model, path) else _pulled_folder(model, path))


def choose_engine(model: str, engine: str) -> str:
    """Return the engine to run `model` with.

    Raises:
        SpeechModelError: no such engine, or no model named.
    """
    if not model.strip():
        raise SpeechModelError(
            'speech.model is empty: name a model, such as "base", in shop.toml, speech.model'
        )
    if engine not in ENGINES:
        raise SpeechModelError(
            f"speech.engine '{engine}' is unknown: set it to one of {', '.join(ENGINES)}"
        )
    if engine != "auto":
        return engine
    return "openai-whisper" if model.endswith(".pt") else "faster-whisper"


def _is_path(model: str, path: Path) -> bool:
    """Whether `model` means a place on this machine: it is there, or it's written like one."""
    return path.exists() or model.endswith(".pt") or model.startswith((".", "/", "~"))


def _pulled_checkpoint(name: str) -> Path:
    checkpoint = cached_checkpoint(name)
    if not checkpoint.is_file():
        raise SpeechModelError(
            f"speech.model '{name}' is not on this machine (looked for {checkpoint}): "
            f"{MODEL_REMEDY}"
        )
    return checkpoint


def _pulled_folder(name: str, path: Path) -> Path:
    folder = cached_folder(name)
    if folder is None:
        raise SpeechModelError(
            f"speech.model '{name}' is not on this machine (looked for {path} and in the Hugging "
            f"Face cache): {MODEL_REMEDY}"
        )
    return folder
