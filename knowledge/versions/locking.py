"""One publish at a time, across threads and processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from knowledge.versions.errors import VersionError

_TIMEOUT_S = 60.0  # a publish embeds new texts and asks the test questions while it holds the lock


class PublishLock:
    """A lock on a file; the thread that holds it may enter again, through any instance."""

    def __init__(self, state_dir: Path, timeout_s: float = _TIMEOUT_S) -> None:
        self._state_dir = state_dir
        self._timeout_s = timeout_s
        self._lock = FileLock(state_dir / "knowledge.lock", is_singleton=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the lock, and hold it.

        Raises:
            VersionError: Somebody else held it all the time, or its file can't be written.
        """
        try:
            self._lock.acquire(timeout=self._timeout_s)
        except Timeout as error:
            raise VersionError("another publish is at work; try again in a minute") from error
        except OSError as error:
            raise unwritable(self._state_dir, error) from error
        try:
            yield
        finally:
            self._lock.release()


def unwritable(place: object, error: OSError) -> VersionError:
    """Return what to say when something can't be written."""
    return VersionError(
        f"{place}: can't be written ({error.strerror or error}); give this user the right to, "
        "or copy the shop to a folder of your own"
    )
