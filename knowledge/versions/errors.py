"""What can go wrong with versions, in the lead's words."""

from collections.abc import Sequence


class VersionError(Exception):
    """A version can't be read or written; the message says what to do."""


class HeadMoved(VersionError):
    """Somebody else published since the version that this commit was based on."""

    def __init__(self, head: str | None) -> None:
        super().__init__("somebody else has published meanwhile; look at the changes and try again")
        self.head = head


class ChangedOnDisk(VersionError):
    """Files that a commit must write were changed by hand; nothing was written."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(
            f"changed by hand meanwhile: {', '.join(paths)}; "
            "publish those changes first, or undo them in the files"
        )
        self.paths = tuple(paths)
