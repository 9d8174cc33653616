"""The folder of a shop's intent models, and the one small file that says which is live."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from bot.errors import ModelError
from bot.intent_models.standing import (
    ModelRecord,
    Standing,
    standing_from_json,
    standing_to_json,
)
from bot.whole_file import write_whole

LIVE = "live.json"
_TAUGHT = "taught.json"
_LOCK_S = 10.0  # held only to write one small file
_A_DAY_S = 24 * 3600.0

Stamp = tuple[int, int, int]


class ModelStore:
    """Reads and changes what is live; safe for many threads and processes.

    `live.json` is replaced as a whole, so that a reader, and a start after a kill, see the file
    as it was before or after a change. A model folder is never changed once it is there.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / LIVE

    def path(self, name: str) -> Path:
        """Return where a model is, or would be."""
        return self._folder / name

    def trained(self, digest: str) -> tuple[str, ...]:
        """Return the models on disk that were made from this, the one trained last first."""
        found = {_number(p.name): p.name for p in self._folder.glob(f"{digest}*") if p.is_dir()}
        return tuple(found[n] for n in sorted(found, reverse=True) if n)

    def free_name(self, digest: str) -> str:
        """Return a name for another model made from this."""
        taken = self.trained(digest)
        return f"{digest}.{_number(taken[0]) + 1}" if taken else digest

    def standing(self) -> Standing:
        """Return what is live and what else is known.

        Raises:
            ModelError: the file is damaged.
        """
        try:
            return standing_from_json(json.loads(self._file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Standing()
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{self._file}: can't be read ({error}); delete it, and the next start takes the "
                "model of the shop's files"
            ) from error

    def stamp(self) -> Stamp | None:
        """Return what changes with every change of the file; None before there is one."""
        try:
            seen = self._file.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_ino, seen.st_size

    def find(self, prefix: str) -> ModelRecord:
        """Return the known model whose name begins so.

        Raises:
            ModelError: none does, several do, or its files are gone.
        """
        digest, _, number = prefix.lower().partition(".")
        found = [
            r
            for r in self.standing().records
            if r.digest.startswith(digest) and r.name == f"{r.digest}.{number}".rstrip(".")
        ]
        if not digest or not found:
            raise ModelError(f"there is no model {prefix!r}; `shopclerk models list` shows them")
        if len(found) > 1:
            raise ModelError(f"{prefix!r} fits several models; write more of its name")
        if not self.path(found[0].name).is_dir():
            raise ModelError(f"the files of model {found[0].short} are gone; train it again")
        return found[0]

    def change(self, after: Callable[[Standing], Standing | None]) -> bool:
        """Replace what is known by what `after` makes of it; False where that is None.

        Raises:
            ModelError: the file can't be written.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self._folder / ".lock", timeout=_LOCK_S):
                before = self.standing()
                now = after(before)
                if now is None:
                    return False
                write_whole(self._file, json.dumps(standing_to_json(now), indent=1) + "\n")
                self._remove(before, now)
                return True
        except (OSError, Timeout) as error:
            raise ModelError(f"{self._file}: can't be written ({error})") from error

    @contextmanager
    def training(self, waiting: Callable[[], None]) -> Iterator[None]:
        """Train one model at a time, over all processes; `waiting` is told of having to wait.

        A process that is killed lets go of it.

        Raises:
            ModelError: the folder can't be written.
        """
        lock = FileLock(self._folder / ".training.lock")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock.acquire(blocking=False)
        except Timeout:
            waiting()
            lock.acquire()
        except OSError as error:
            raise ModelError(f"{self._folder}: can't be written ({error})") from error
        try:
            yield
        finally:
            lock.release()

    def taught(self, name: str) -> frozenset[str]:
        """Return the digests of the texts that a model was trained on, where they are known."""
        with suppress(OSError, ValueError):
            return frozenset(map(str, json.loads((self.path(name) / _TAUGHT).read_text())))
        return frozenset()

    def keep_taught(self, name: str, texts: frozenset[str]) -> None:
        """Remember the digests of the texts that a model was trained on.

        Raises:
            ModelError: the folder can't be written.
        """
        if not (self.path(name) / _TAUGHT).is_file():
            try:
                write_whole(self.path(name) / _TAUGHT, json.dumps(sorted(texts)) + "\n")
            except OSError as error:
                raise ModelError(f"{self.path(name)}: can't be written ({error})") from error

    def drop(self, name: str) -> None:
        """Remove a model that can't be used."""
        shutil.rmtree(self.path(name), ignore_errors=True)

    def _remove(self, before: Standing, now: Standing) -> None:
        """Remove what is not kept any more, and what killed trainings left behind.

        What is unknown and younger than a day may belong to a process at work.
        """
        known = {r.name for r in before.records} - now.kept
        a_day_ago = time.time() - _A_DAY_S
        for path in self._folder.iterdir():
            if not path.is_dir() or path.name in now.kept:
                continue
            with suppress(OSError):  # removed by another process
                if path.name in known or path.stat().st_mtime < a_day_ago:
                    shutil.rmtree(path, ignore_errors=True)


def _number(name: str) -> int:
    """The how-manieth model of its digest it is; 0 where it is none of ours."""
    number = name.partition(".")[2] or "1"
    return int(number) if number.isdigit() else 0
