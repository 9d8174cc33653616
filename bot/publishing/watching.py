"""Knowledge files changed by hand or by git are noticed and taken to shoppers."""

import logging
from pathlib import Path
from threading import Event, Thread

from watchfiles import watch

from bot.publishing.publisher import Publisher

log = logging.getLogger("shopclerk")

# An editor saves in several steps, and git writes many files: wait until it is quiet this long.
_QUIET_MS = 200
_LONGEST_WAIT_MS = 1_000


class KnowledgeWatcher:
    """A thread that calls `Publisher.take_disk` after every change in the folder."""

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._stop = Event()
        self._thread = Thread(target=self._watch, name="knowledge-watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _watch(self) -> None:
        folder = self._publisher.folder
        changes = watch(
            folder,
            watch_filter=lambda _, path: not _hidden(Path(path), folder),
            stop_event=self._stop,
            debounce=_LONGEST_WAIT_MS,
            step=_QUIET_MS,
            rust_timeout=1_000,
            yield_on_timeout=False,
            raise_interrupt=False,
        )
        for _ in changes:
            try:
                self._publisher.take_disk()
            except Exception:  # the thread must go on; what is live stays live
                log.exception("the changed knowledge files could not be taken over")


def _hidden(path: Path, folder: Path) -> bool:
    """Whether it is git's, an editor's or our own scratch file."""
    return any(part.startswith((".", "~")) for part in path.relative_to(folder).parts)
