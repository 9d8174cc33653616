"""Fetching a speech model by name: `shopclerk models pull`."""

import hashlib
import io
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from speech.choose import choose_engine
from speech.faster import cached_folder
from speech.openai_whisper import cached_checkpoint
from speech.requirements import load_extra
from speech.transcript import SpeechModelError

Progress = Callable[[str, int, int], None]
"""Called with the stage, and with bytes done and in all."""

_TIMEOUT_S = 5.0
_CHUNK_BYTES = 1 << 20
# What faster-whisper's own download asks for (faster_whisper/utils.py).
_HUB_FILES = ("config.json", "preprocessor_config.json", "model.bin", "tokenizer.json",
              "vocabulary.*")  # fmt: skip


def pull_model(model: str, engine: str, progress: Progress) -> Path:
    """Download `model` unless it is on this machine already, and return where it is.

    Args:
        model: a name that `engine` knows, such as `base`, or the hub's `owner/model`.
        engine: one of `speech.choose.ENGINES`.
        progress: called as the bytes arrive.

    Raises:
        SpeechModelError: no network (after some seconds), no such model, or no `voice` extra.
    """
    chosen = choose_engine(model, engine)
    if model.endswith(".pt") or Path(model).expanduser().is_dir():
        raise SpeechModelError(
            f"speech.model '{model}' is a place on this machine: there is nothing to download"
        )
    if chosen == "openai-whisper":
        return _pull_checkpoint(model, progress)
    return cached_folder(model) or _pull_folder(model, progress)


def _pull_folder(name: str, progress: Progress) -> Path:
    hub = load_extra("huggingface_hub")
    repo = name if "/" in name else load_extra("faster_whisper.utils")._MODELS[name]
    try:
        # Downloads retry for minutes; a look at the door first says at once if there is a way.
        hub.utils.get_session().head(hub.constants.ENDPOINT, timeout=_TIMEOUT_S)
        folder = hub.snapshot_download(
            repo,
            allow_patterns=list(_HUB_FILES),
            etag_timeout=_TIMEOUT_S,
            tqdm_class=_reporting_bar(f"downloading {repo}", progress),
        )
    except hub.errors.RepositoryNotFoundError as error:
        raise SpeechModelError(
            f"{hub.constants.ENDPOINT} has no model '{repo}' that it would give you: "
            "correct speech.model in shop.toml, or log in with `hf auth login`"
        ) from error
    except (OSError, ValueError, hub.errors.HTTPError) as error:
        raise _unreachable(name, hub.constants.ENDPOINT, error) from error
    complete = cached_folder(name)
    if complete is None:
        raise SpeechModelError(
            f"'{repo}' is not a CTranslate2 Whisper model (see {folder}): "
            "name another in shop.toml, speech.model"
        )
    return complete


def _reporting_bar(stage: str, progress: Progress) -> type[Any]:
    """Return a progress bar class, as huggingface_hub wants one, that calls `progress`."""

    class Bar(load_extra("tqdm").tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs.pop("name", None)  # huggingface_hub's own
            super().__init__(*args, **(kwargs | {"file": io.StringIO(), "disable": False}))

        def update(self, n: float | None = 1) -> bool | None:
            shown: bool | None = super().update(n)
            if self.unit == "B":  # the other bar counts files
                progress(stage, int(self.n), int(self.total or 0))
            return shown

    return Bar


def _pull_checkpoint(name: str, progress: Progress) -> Path:
    """Download as openai-whisper does, but with a timeout, and never a half file in place."""
    target = cached_checkpoint(name)
    if target.is_file():
        return target
    addresses: dict[str, str] = load_extra("whisper")._MODELS
    if name not in addresses:
        raise SpeechModelError(
            f"openai-whisper knows no model '{name}': set speech.model in shop.toml to one of "
            f"{', '.join(addresses)}, or to the path of a .pt file"
        )
    address = addresses[name]
    partial = target.with_suffix(".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        digest = _download(address, partial, lambda done, total: progress(
            f"downloading {name}.pt", done, total))  # fmt: skip
    except OSError as error:  # urllib's errors and timeouts are all OSErrors
        partial.unlink(missing_ok=True)
        raise _unreachable(name, address, error) from error
    if digest != address.split("/")[-2]:  # the address carries the file's sha256
        partial.unlink()
        raise SpeechModelError(f"the download of '{name}' arrived damaged: run it again")
    partial.replace(target)
    return target


def _download(address: str, target: Path, progress: Callable[[int, int], None]) -> str:
    """Download to `target` and return its sha256."""
    digest = hashlib.sha256()
    with urllib.request.urlopen(address, timeout=_TIMEOUT_S) as source, target.open("wb") as file:
        total = int(source.headers.get("Content-Length") or 0)
        done = 0
        while chunk := source.read(_CHUNK_BYTES):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            progress(done, total)
    return digest.hexdigest()


def _unreachable(name: str, address: str, error: Exception) -> SpeechModelError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return SpeechModelError(
        f"could not download the speech model '{name}' from {address} ({reason}): check the "
        "network and run `shopclerk models pull` again, or put a checkpoint on this machine and "
        "name it in shop.toml, speech.model"
    )
