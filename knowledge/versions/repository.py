"""The git repository that holds a knowledge folder's versions."""

import os
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from dulwich.errors import FileFormatException, NotGitRepository
from dulwich.file import FileLocked
from dulwich.objects import ObjectID
from dulwich.refs import HEADREF, SYMREF, DiskRefsContainer, Ref
from dulwich.repo import (
    InvalidWorktreeConfiguration,
    Repo,
    UnsupportedExtension,
    UnsupportedVersion,
)

from knowledge.versions.errors import VersionError
from knowledge.versions.working import flush_folder

_MAIN = Ref(b"refs/heads/main")
_UNFINISHED = ".shopclerk-git"
_REF_PATIENCE_S = 2.0  # `git gc` holds a ref's lock for milliseconds
_REMEDY = "run `git init` in the knowledge folder to give it a repository of its own"


@dataclass(frozen=True)
class Repository:
    """A repository and the one ref in it that is ours.

    `own` is true for the repository that Shopclerk made in the knowledge folder: there the ref is
    the branch `main`, and the index is kept true. Everywhere else HEAD, the branches, the index
    and the settings belong to somebody else.
    """

    repo: Repo
    ref: Ref
    own: bool
    _reading: RLock = field(default_factory=RLock, repr=False, compare=False)

    def head(self) -> str | None:
        """Return the id of the newest version."""
        with self._reading:  # dulwich fills its cache of packed refs in place
            found = self.repo.refs.follow(self.ref)[1]
        return found.decode() if found else None

    def move_head(self, commit: ObjectID, parent: str | None) -> bool:
        """Make `commit` the newest version in one step, unless the newest isn't `parent`.

        Raises:
            VersionError: A git program keeps its lock on the ref.
            OSError: The ref can't be written.
        """
        give_up_at = time.monotonic() + _REF_PATIENCE_S
        while True:
            try:
                if parent is None:
                    moved = self.repo.refs.add_if_new(self.ref, commit)
                else:
                    expected = ObjectID(parent.encode())
                    moved = self.repo.refs.set_if_equals(self.ref, expected, commit)
                flush_folder(self._ref_file.parent)
                return moved
            except FileLocked as error:
                if time.monotonic() > give_up_at:
                    raise VersionError(
                        f"another git program is at work; if there is none, remove "
                        f"{os.fsdecode(error.lockfilename)}"
                    ) from error
                time.sleep(0.05)

    def remove_left_locks(self) -> None:
        """Remove the lock files of a commit of ours that was killed."""
        ref = self._ref_file
        ref.with_name(f"{ref.name}.lock").unlink(missing_ok=True)
        if self.own:
            Path(f"{self.repo.index_path()}.lock").unlink(missing_ok=True)

    @property
    def index_file(self) -> str | None:
        """The index to keep true, if there is one."""
        # A person may have switched to another branch: then the index is about that one.
        on_main = self.repo.refs.read_ref(HEADREF) == SYMREF + self.ref
        return self.repo.index_path() if self.own and on_main else None

    @property
    def _ref_file(self) -> Path:
        return Path(self.repo.commondir()) / self.ref.decode()


def find_repository(folder: Path) -> Repository | None:
    """Return the repository that encloses the folder.

    Raises:
        VersionError: There is one, but it can't be used.
    """
    try:
        return _placed(Repo.discover(folder), folder)
    except NotGitRepository:
        return None
    except OSError as error:
        raise VersionError(f"{folder}: can't be read ({error.strerror})") from error
    except (UnsupportedExtension, UnsupportedVersion) as error:
        raise VersionError(f"{folder}: {error}, which can't be read here; {_REMEDY}") from error
    except (FileFormatException, InvalidWorktreeConfiguration, ValueError) as error:
        raise VersionError(
            f"{folder}: the git repository around it is damaged ({error}); mend it, or {_REMEDY}"
        ) from error


def make_repository(folder: Path) -> Repository:
    """Make a repository of our own in the folder.

    Raises:
        VersionError: The folder can't be written to.
    """
    try:
        _create(folder)
    except OSError as error:
        raise VersionError(
            f"{folder}: no versions can be kept here ({error.strerror}); "
            "copy the shop to a folder that you may write to"
        ) from error
    return _placed(Repo(os.path.realpath(folder)), folder)


def _placed(repo: Repo, folder: Path) -> Repository:
    """Find our ref's name, and refuse repositories that we can't write to safely."""
    if repo.bare:
        raise VersionError(
            f"{folder}: lies inside git's own folder {repo.path}; move the shop out of it"
        )
    if not os.path.isdir(repo.object_store.path):
        raise VersionError(
            f"{folder}: the git repository of {repo.path} is gone; "
            f"try `git worktree repair`, or {_REMEDY}"
        )
    if repo.object_format.name != "sha1" or not isinstance(repo.refs, DiskRefsContainer):
        # dulwich rewrites a reftable without git's lock; somebody's branches could be lost.
        raise VersionError(
            f"{folder}: the git repository {repo.path} has a format (SHA-256 or reftable) "
            f"that can't be written here; {_REMEDY}"
        )
    root, inside = Path(os.path.realpath(repo.path)), Path(os.path.realpath(folder))
    if not inside.is_relative_to(root):
        raise VersionError(f"{folder}: its git repository works on {root} instead; {_REMEDY}")
    if repo.get_config().get_boolean((b"shopclerk",), b"own", False) and inside == root:
        return Repository(repo, _MAIN, own=True)
    parts = list(map(_ref_part, inside.relative_to(root).parts)) or ["@root"]
    control, common = Path(repo.controldir()), Path(repo.commondir())
    if control.resolve() != common.resolve():
        # Worktrees share their refs, and each has a shop of its own.
        parts = ["@worktrees", _ref_part(control.name), *parts]
    return Repository(repo, Ref("/".join(["refs/shopclerk", *parts]).encode()), own=False)


def _ref_part(name: str) -> str:
    """Write one folder's name as git allows it in a ref: no `.lock`, `..`, `~` and so on."""
    return quote(os.fsencode(name), safe="").replace(".", "%2E").replace("~", "%7E")


def _create(folder: Path) -> None:
    """Make `.git` in the folder, whole or not at all."""
    unfinished = folder / _UNFINISHED
    if unfinished.exists():
        shutil.rmtree(unfinished)
    with Repo.init_bare(unfinished, mkdir=True, default_branch=b"main") as repo:
        config = repo.get_config()
        config.set((b"core",), b"bare", False)
        # Files are kept byte for byte, whatever the person's own git settings say.
        config.set((b"core",), b"autocrlf", False)
        config.set((b"core",), b"filemode", False)
        config.set((b"shopclerk",), b"own", True)
        config.write_to_path()
    (unfinished / "info" / "attributes").write_bytes(b"* -text -filter -ident\n")
    unfinished.rename(folder / ".git")
    flush_folder(folder)
