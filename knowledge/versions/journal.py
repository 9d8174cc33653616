"""A note of the commit at work, so that one that was killed can be finished or dropped."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from knowledge.versions.errors import VersionError
from knowledge.versions.working import flush_folder


@dataclass(frozen=True)
class Interrupted:
    """A commit that was being made, and the version before it."""

    commit: str
    parent: str | None


class Journal:
    """One small file, replaced whole."""

    def __init__(self, state_dir: Path) -> None:
        self._file = state_dir / "knowledge.journal"

    def read(self) -> Interrupted | None:
        """Return the commit at work, if any."""
        try:
            told = json.loads(self._file.read_bytes())
            return Interrupted(told["commit"], told["parent"])
        except FileNotFoundError:
            return None
        except OSError as error:
            raise VersionError(f"{self._file}: can't be read ({error.strerror})") from error
        except (ValueError, KeyError, TypeError) as error:
            raise VersionError(f"{self._file}: is damaged; remove it") from error

    def write(self, interrupted: Interrupted) -> None:
        """Remember the commit; OSError passes."""
        temporary = self._file.with_suffix(".temporary")
        with open(temporary, "wb") as file:
            file.write(json.dumps(asdict(interrupted)).encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self._file)
        flush_folder(self._file.parent)

    def clear(self) -> None:
        """Forget the commit; OSError passes."""
        self._file.unlink(missing_ok=True)
