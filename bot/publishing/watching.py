"""Knowledge files changed by hand or by git are noticed and taken to shoppers.

So is an intent model that another process took into use.
"""

import logging
from pathlib import Path
from threading import Event, Thread
from typing import Self

from watchfiles import watch

from bot.publishing.publisher import Publisher

log = logging.getLogger("shopclerk")

# An editor saves in several steps, and git writes many files: wait until it is quiet this long.
_QUIET_MS = 200
_LONGEST_WAIT_MS = 1_000
# How often to look for what no changed file tells of, such as another process's version.
_LOOK_MS = 1_000
_RETRY_LOOKS = 30
_AFTER_FAILURE_S = 5.0


class KnowledgeWatcher:
    """A thread that calls `Publisher.take_disk` after every change in the folder.

    It also follows what other processes publish, and the intent model that they take into use,
    and takes a changed tests folder for a change.
    """

    def __init__(self, publisher: Publisher) -> None:
        self._publisher = publisher
        self._stop = Event()
        self._thread = Thread(target=self._run, name="knowledge-watcher", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop and wait for the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch()
            except Exception:  # the thread must go on; what is live stays live
                log.exception("the knowledge files can't be watched; trying again")
                self._stop.wait(_AFTER_FAILURE_S)

    def _watch(self) -> None:
        """Watch until a folder that is watched comes or goes: a watch doesn't follow that."""
        folders = self._folders()
        watched = watch(
            *folders,
            watch_filter=lambda _, path: not self._hidden(Path(path)),
            stop_event=self._stop,
            debounce=_LONGEST_WAIT_MS,
            step=_QUIET_MS,
            rust_timeout=_LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        for looks, changes in enumerate(watched):
            self._publisher.follow_intents()
            moved = self._folders() != folders  # asked first: taking over takes its time
            again = bool(self._publisher.disk.note) and looks % _RETRY_LOOKS == 0
            # The first look is for what was changed before the watch began.
            if changes or looks == 0 or again or moved or self._publisher.behind:
                self._publisher.take_disk()
            if moved:
                return

    def _folders(self) -> dict[Path, int]:
        """The folders that can be watched, by what tells one from its successor."""
        knowledge = self._publisher.folder
        tests = knowledge.with_name("tests")
        found = {path: path.stat().st_ino for path in (knowledge, tests) if path.is_dir()}
        return found or {knowledge.parent: 0}

    def _hidden(self, path: Path) -> bool:
        """Whether it is git's, an editor's or our own scratch file."""
        inside = path.parts[len(self._publisher.folder.parent.parts) :]
        return any(part.startswith((".", "~")) for part in inside)
