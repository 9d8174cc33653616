"""A process that dies at any step of a publish leaves the old version or the new one, whole."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from dulwich.index import Index
from dulwich.repo import Repo

from knowledge.versions.store import VersionError, VersionStore
from knowledge.versions.working import blob_id

OLD = {"faq/a.md": b"old a", "faq/gone/b.md": b"old b", "kept.md": b"kept", "turn": b"file"}
NEW = {"faq/a.md": b"new a", "new/c.md": b"new c", "kept.md": b"kept", "turn/d.md": b"folder"}
STEPS = ("replace", "rename", "fsync", "unlink", "remove", "rmdir", "mkdir")


@pytest.fixture(scope="module", autouse=True)
def _no_power_cuts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(os, "fsync", lambda _: None)
        yield


class Killed(BaseException):
    pass


class Death:
    """Lets so many calls of the operating system pass, and none after."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, passing: int) -> None:
        self.left = passing
        for name in STEPS:
            monkeypatch.setattr(os, name, self._counted(getattr(os, name)))

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: object, **options: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise Killed
            return call(*args, **options)

        return counted


def written(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def publish(store: VersionStore, files: Mapping[str, bytes]) -> None:
    head = store.head()
    store.commit(files, author="Mia", message="edit", parent=head.id if head else None)


def open_shop(shop: Path) -> VersionStore:
    return VersionStore.open(shop / "knowledge", shop / "state")


@pytest.fixture(params=["own", "enclosing"])
def shops(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    def make() -> Iterator[Path]:
        for number in range(1000):
            shop = tmp_path / str(number)
            (shop / "knowledge").mkdir(parents=True)
            if request.param == "enclosing":
                Repo.init(shop).close()
            yield shop

    return make()


# dulwich's files notice that they were never closed: so it is when a process dies.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("before", [OLD, None], ids=["second", "first"])
def test_death_at_any_step(
    shops: Iterator[Path], before: dict[str, bytes] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcomes: list[str] = []
    for passing, shop in enumerate(shops):
        if before is not None:
            publish(open_shop(shop), before)
        with monkeypatch.context() as patches:
            death = Death(patches, passing)
            try:
                publish(open_shop(shop), NEW)
            except BaseException:  # Killed, or what a library's cleaning up made of it
                if death.left >= 0:
                    raise
            done = death.left >= 0
        outcomes.append(check_after(shop, before or {}))
        if done:
            break
    gc.collect()
    assert outcomes == sorted(outcomes, reverse=True)  # old, old, ... new, new
    assert set(outcomes) == {"old", "new"}
    assert outcomes.count("new") > 10  # steps after the ref has moved
    assert outcomes.count("old") > 10


def check_after(shop: Path, before: dict[str, bytes]) -> str:
    store = open_shop(shop)
    head = store.head()
    held = store.files(head.id) if head else {}
    assert held in (before, NEW)
    assert written(shop / "knowledge") == held
    assert not (shop / "state/knowledge.journal").exists()
    if head and (shop / "knowledge/.git").exists():
        index = Index(shop / "knowledge/.git/index")
        assert {path.decode(): index.get_sha1(path) for path in index} == {
            path: blob_id(data) for path, data in held.items()
        }
    outcome = "new" if held == NEW else "old"
    following = OLD if held == NEW else NEW
    publish(store, following)
    assert written(shop / "knowledge") == following
    return outcome


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    return tmp_path


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_contents_are_on_the_disk_before_their_names(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(open_shop(shop), OLD)
    flushed: list[str] = []
    named: list[str] = []
    replace = os.replace

    def note(descriptor: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}"))

    def check(source: str | bytes | Path, target: str | bytes | Path) -> None:
        assert os.path.realpath(os.fsdecode(source)) in flushed
        replace(source, target)
        named.append(os.path.relpath(os.fsdecode(target), shop))

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(os, "replace", check)
    publish(open_shop(shop), NEW)
    objects = [name for name in named if "/objects/" in name]
    assert len(objects) == 8  # three files, four folders with the root, the commit
    assert [name for name in named if name not in objects] == [
        "state/knowledge.journal",
        "knowledge/.git/refs/heads/main",
        *(f"knowledge/{name}" for name in ("faq/a.md", "new/c.md", "turn/d.md")),
        "knowledge/.git/index",
    ]
    assert {str(shop / "knowledge" / name) for name in ("faq", "new", "turn")} <= set(flushed)


def die_at_the_first_file(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patches:
        patches.setattr("knowledge.versions.working.WorkingFolder.write", die)
        with pytest.raises(Killed):
            publish(open_shop(shop), NEW)


def test_the_next_publish_of_an_open_store_finishes_first(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(open_shop(shop), OLD)
    other = open_shop(shop)
    die_at_the_first_file(shop, monkeypatch)
    with other.lock():
        assert written(shop / "knowledge") == NEW


def test_a_hand_edit_after_the_kill_is_not_overwritten(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(open_shop(shop), OLD)
    die_at_the_first_file(shop, monkeypatch)
    (shop / "knowledge/faq/a.md").write_bytes(b"by hand")
    (shop / "knowledge/faq/.shopclerk-temporary").write_bytes(b"new")
    open_shop(shop)
    assert written(shop / "knowledge") == NEW | {"faq/a.md": b"by hand"}


def test_a_disk_that_fails_half_way_is_told_and_mended_later(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(open_shop(shop), OLD)
    store = open_shop(shop)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "faq/a.md")

    with monkeypatch.context() as patches:
        patches.setattr("knowledge.versions.working.WorkingFolder.write", full)
        with pytest.raises(VersionError, match=r"is published, but faq/a\.md can't be written"):
            publish(store, NEW)
        with pytest.raises(VersionError, match="No space left"):
            publish(store, OLD)
    publish(store, NEW)
    assert written(shop / "knowledge") == NEW


def test_a_disk_that_fails_before_the_ref_changes_nothing(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(open_shop(shop), OLD)
    store = open_shop(shop)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "journal")

    with monkeypatch.context() as patches:
        patches.setattr("knowledge.versions.journal.Journal.write", full)
        with pytest.raises(VersionError, match="journal: can't be written"):
            publish(store, NEW)
    assert written(shop / "knowledge") == OLD
    publish(store, NEW)


def test_a_damaged_journal_is_explained(shop: Path) -> None:
    publish(open_shop(shop), OLD)
    (shop / "state/knowledge.journal").write_text("{")
    with pytest.raises(VersionError, match=r"knowledge\.journal: is damaged; remove it"):
        open_shop(shop)


@pytest.mark.parametrize("kind", ["missing", "damaged"])
def test_a_damaged_history_is_explained(shop: Path, kind: str) -> None:
    publish(open_shop(shop), OLD)
    for path in (shop / "knowledge/.git/objects").glob("??/*"):
        path.chmod(0o644)
        if kind == "missing":
            path.unlink()
        else:
            path.write_bytes(b"damaged")
    with pytest.raises(VersionError, match="git fsck"):
        open_shop(shop).head()
