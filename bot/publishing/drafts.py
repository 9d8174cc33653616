"""Each lead's unpublished changes, kept in a file of their own until they are published."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from bot.errors import ConfigError
from bot.publishing.values import Key
from bot.whole_file import write_whole
from knowledge.editing.fields import EntryFields

_LOCK_S = 10.0


@dataclass(frozen=True)
class EntryEdit:
    """One changed entry. `base`: what was live when it was begun (None: a new entry).

    `mine` None: the entry is to go. `key` is the one it is live under, or its own when it is new.
    """

    key: Key
    base: EntryFields | None
    mine: EntryFields | None


@dataclass(frozen=True)
class FileEdit:
    """One file as a whole: a product feed or an imported document.

    `base` is the digest of the file that it replaces, None where there was none.
    """

    path: str
    base: str | None
    text: str


@dataclass(frozen=True)
class Draft:
    """All that one lead has changed and not published. Whole files are applied first."""

    entries: tuple[EntryEdit, ...] = ()
    files: tuple[FileEdit, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is changed."""
        return not (self.entries or self.files)

    def edit(self, key: Key) -> EntryEdit | None:
        """Return the change to one entry."""
        return next((e for e in self.entries if e.key == key), None)

    def with_entry(self, edit: EntryEdit) -> "Draft":
        """Return the draft with this change, in the place of an earlier one to the same entry."""
        if self.edit(edit.key) is None:
            return replace(self, entries=(*self.entries, edit))
        return replace(self, entries=tuple(edit if e.key == edit.key else e for e in self.entries))

    def with_file(self, edit: FileEdit) -> "Draft":
        """Return the draft with this file."""
        return replace(self, files=(*(f for f in self.files if f.path != edit.path), edit))

    def since(self, published: "Draft") -> "Draft":
        """Return what is left when `published` has gone live: what was saved meanwhile."""
        return Draft(
            tuple(e for e in self.entries if e not in published.entries),
            tuple(f for f in self.files if f not in published.files),
        )

    def without(self, key: Key) -> "Draft":
        """Return the draft without the change to an entry, or to the file (path, "")."""
        return Draft(
            tuple(e for e in self.entries if e.key != key),
            tuple(f for f in self.files if (f.path, "") != key),
        )


class DraftStore:
    """Drafts by user, one JSON file each; an empty draft has none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, user: str) -> Draft:
        """Return the user's draft; an empty one where there is none.

        Raises:
            ConfigError: the file is damaged; it is left as it is.
        """
        path = self._path(user)
        try:
            return _draft(json.loads(path.read_text(encoding="utf-8"))["draft"])
        except FileNotFoundError:
            return Draft()
        except (OSError, ValueError, KeyError, TypeError) as error:
            what = f"{path}: the draft of {user} can't be read ({error}); move the file away"
            raise ConfigError(what) from error

    def update(self, user: str, change: Callable[[Draft], Draft]) -> None:
        """Replace the user's draft; two of the user's windows don't undo one another's changes."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self._folder / ".lock", timeout=_LOCK_S):
            self._save(user, change(self.load(user)))

    def _save(self, user: str, draft: Draft) -> None:
        path = self._path(user)
        if draft.empty:
            path.unlink(missing_ok=True)
            return
        stored = {"user": user, "draft": asdict(draft)}
        write_whole(path, json.dumps(stored, ensure_ascii=False))

    def others(self, user: str) -> Mapping[str, Draft]:
        """Return the drafts of everybody else, by name; damaged ones are left out."""
        found = {}
        for path in sorted(self._folder.glob("*.json")) if self._folder.is_dir() else ():
            try:
                stored = json.loads(path.read_text(encoding="utf-8"))
                name, draft = str(stored["user"]), _draft(stored["draft"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
            if name != user:
                found[name] = draft
        return found

    def _path(self, user: str) -> Path:
        return self._folder / f"{hashlib.sha256(user.encode()).hexdigest()[:24]}.json"


def _draft(stored: Mapping[str, Any]) -> Draft:
    entries = tuple(
        EntryEdit((e["key"][0], e["key"][1]), _fields(e["base"]), _fields(e["mine"]))
        for e in stored["entries"]
    )
    return Draft(entries, tuple(FileEdit(**f) for f in stored["files"]))


def _fields(stored: dict[str, Any] | None) -> EntryFields | None:
    if stored is None:
        return None
    lists = {key: tuple(value) for key, value in stored.items() if isinstance(value, list)}
    return EntryFields(**{**stored, **lists})
