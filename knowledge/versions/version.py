"""A version of the knowledge folder, and how git's commit objects hold it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime

from dulwich.objects import Commit, ObjectID


@dataclass(frozen=True)
class Version:
    """One published state of the knowledge folder; `id` is a commit's 40 hexadecimal digits."""

    id: str
    parent: str | None
    author: str
    at: datetime
    message: str


def version_of(commit: Commit) -> Version:
    """Return a commit in the lead's terms; of a merge's parents only the first counts."""
    name = commit.author.decode("utf-8", "replace").rpartition("<")[0].strip()
    return Version(
        id=commit.id.decode(),
        parent=commit.parents[0].decode() if commit.parents else None,
        author=name or "unknown",
        at=datetime.fromtimestamp(commit.commit_time, UTC),
        message=commit.message.decode("utf-8", "replace").strip(),
    )


def new_commit(tree: ObjectID, parent: str | None, *, author: str, message: str) -> Commit:
    """Return a commit made now; any text is good enough for `author` and `message`."""
    commit = Commit()
    commit.tree = tree
    commit.parents = [ObjectID(parent.encode())] if parent else []
    commit.author = commit.committer = _identity(author)
    commit.commit_time = commit.author_time = int(datetime.now(UTC).timestamp())
    commit.commit_timezone = commit.author_timezone = 0
    cleaned = re.sub(r"\r\n?", "\n", message.replace("\0", "")).strip()
    commit.message = ((cleaned or "Knowledge published") + "\n").encode("utf-8", "replace")
    return commit


def _identity(author: str) -> bytes:
    """Write `Name <mail>`, as git wants it; a lead has no mail address here."""
    printable = "".join(" " if unicodedata.category(c) == "Cc" else c for c in author)
    name = " ".join(re.sub("[<>]", "", printable).split()) or "unknown"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    mailbox = re.sub("[^a-z0-9]+", ".", plain).strip(".") or "somebody"
    return f"{name} <{mailbox}@studio>".encode("utf-8", "replace")
