import io
import os
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.versions.store import (
    ChangedOnDisk,
    HeadMoved,
    Version,
    VersionError,
    VersionStore,
    export_zip,
)

FIRST = {"faq/a.md": b"a", "faq/b.md": b"b", "products.csv": b"id\n1\n"}
SECOND = {"faq/a.md": b"a changed", "policies/c.md": b"c", "products.csv": b"id\n1\n"}


@pytest.fixture(scope="module", autouse=True)
def _no_power_cuts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(os, "fsync", lambda _: None)
        yield


def written(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def publish(store: VersionStore, files: Mapping[str, bytes], message: str = "edit") -> Version:
    head = store.head()
    return store.commit(files, author="Mia", message=message, parent=head.id if head else None)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "knowledge").mkdir()
    return tmp_path


@pytest.fixture
def store(shop: Path) -> VersionStore:
    return VersionStore.open(shop / "knowledge", shop / "state")


def test_a_new_history_is_empty(store: VersionStore) -> None:
    assert store.head() is None
    assert store.log() == ()


def test_a_version_keeps_its_files_and_writes_the_folder(store: VersionStore, shop: Path) -> None:
    first = publish(store, FIRST)
    second = publish(store, SECOND)
    assert store.files(first.id) == FIRST
    assert store.files(second.id) == SECOND
    assert written(shop / "knowledge") == SECOND
    assert store.head() == second
    assert second.parent == first.id
    assert len(second.id) == 40


def test_a_removed_file_takes_its_empty_folder_along(store: VersionStore, shop: Path) -> None:
    publish(store, {"faq/deep/a.md": b"a", "faq/b.md": b"b"})
    publish(store, {"faq/b.md": b"b"})
    assert not (shop / "knowledge/faq/deep").exists()
    assert (shop / "knowledge/faq").is_dir()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"faq": b"file"}, {"faq/a.md": b"in a folder"}),
        ({"faq/a.md": b"1", "faq/b/c.md": b"2"}, {"faq": b"file"}),
    ],
)
def test_a_file_and_a_folder_may_change_places(
    store: VersionStore, shop: Path, before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    publish(store, before)
    publish(store, after)
    assert written(shop / "knowledge") == after
    publish(store, before)
    assert written(shop / "knowledge") == before


def test_author_message_and_time_are_read_back(store: VersionStore) -> None:
    version = store.commit(FIRST, author="Zoë 王", message="Opening hours\n\nand more", parent=None)
    assert version.author == "Zoë 王"
    assert version.message == "Opening hours\n\nand more"
    assert version.at.tzinfo is UTC
    assert abs(version.at - datetime.now(UTC)) < timedelta(hours=1)
    assert store.log() == (version,)


@pytest.mark.parametrize(
    ("typed", "told"),
    [("Mia <b>\nx", "Mia b x"), ("", "unknown"), (" \t<>", "unknown"), ("a\0b", "a b")],
)
def test_any_author_is_safe_in_git(store: VersionStore, typed: str, told: str) -> None:
    version = store.commit(FIRST, author=typed, message="m\0", parent=None)
    assert (version.author, version.message) == (told, "m")


def test_an_empty_message_gets_a_default(store: VersionStore) -> None:
    version = store.commit(FIRST, author="Mia", message=" \n", parent=None)
    assert version.message == "Knowledge published"


def test_hand_edits_become_a_version_without_being_written(store: VersionStore, shop: Path) -> None:
    publish(store, FIRST)
    file = shop / "knowledge/faq/a.md"
    file.write_bytes(b"by hand")
    inode = file.stat().st_ino
    publish(store, FIRST | {"faq/a.md": b"by hand"})
    assert file.stat().st_ino == inode


@pytest.mark.parametrize(
    ("path", "by_hand"),
    [("faq/a.md", b"by hand"), ("faq/a.md", None), ("faq/b.md", b"x"), ("policies/c.md", b"new")],
)
def test_a_hand_edit_in_a_file_to_be_written_stops_everything(
    store: VersionStore, shop: Path, path: str, by_hand: bytes | None
) -> None:
    first = publish(store, FIRST)
    file = shop / "knowledge" / path
    file.parent.mkdir(exist_ok=True)
    if by_hand is None:
        file.unlink()
    else:
        file.write_bytes(by_hand)
    before = written(shop / "knowledge")
    with pytest.raises(ChangedOnDisk) as caught:
        publish(store, SECOND)
    assert caught.value.paths == (path,)
    assert store.head() == first
    assert written(shop / "knowledge") == before


def test_a_hand_edit_elsewhere_and_unknown_files_stay(store: VersionStore, shop: Path) -> None:
    publish(store, FIRST)
    (shop / "knowledge/products.csv").write_bytes(b"by hand")
    (shop / "knowledge/notes.odt").write_bytes(b"notes")
    publish(store, SECOND)
    assert written(shop / "knowledge") == SECOND | {
        "products.csv": b"by hand",
        "notes.odt": b"notes",
    }


@pytest.mark.parametrize(
    ("in_the_way", "to_write", "told"),
    [
        ("faq", "faq/new.md", "faq"),
        ("faq/new.md/mine.txt", "faq/new.md", "faq/new.md/mine.txt"),
    ],
)
def test_what_stands_in_the_way_is_not_removed(
    store: VersionStore, shop: Path, in_the_way: str, to_write: str, told: str
) -> None:
    (shop / "knowledge" / in_the_way).parent.mkdir(parents=True, exist_ok=True)
    (shop / "knowledge" / in_the_way).write_bytes(b"mine")
    with pytest.raises(ChangedOnDisk) as caught:
        publish(store, {to_write: b"x"})
    assert caught.value.paths == (told,)
    assert store.head() is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/etc/passwd",
        "../x.md",
        "faq/../../x.md",
        "faq//x.md",
        "faq/./x.md",
        "faq\\x.md",
        ".git/config",
        "faq/.GIT/hooks/pre-commit",
        "GIT~1/config",
        "a\0b",
        "a\nb",
        "C:/x.md",
        "\udcff.md",
        "x" * 256,
    ],
)
def test_a_path_that_could_leave_the_folder_is_refused(store: VersionStore, path: str) -> None:
    with pytest.raises(VersionError, match="no file name"):
        publish(store, {path: b"x"})
    assert store.head() is None


def test_a_file_and_a_folder_of_one_name_are_refused(store: VersionStore) -> None:
    with pytest.raises(VersionError, match="'faq' can't be a file and a folder"):
        publish(store, {"faq": b"x", "faq/a/b.md": b"y"})


@pytest.mark.parametrize("link", ["faq", "faq/a.md"])
def test_nothing_is_written_through_a_link(store: VersionStore, shop: Path, link: str) -> None:
    publish(store, {"faq/a.md": b"a"})
    place, outside = shop / "knowledge" / link, shop / "outside"
    shutil.move(place, outside)
    place.symlink_to(outside)
    publish(store, {"faq/a.md": b"a", "b.md": b"b"})  # unchanged: the link may be there
    with pytest.raises(VersionError, match=f"{link} is a link"):
        publish(store, {"faq/a.md": b"changed", "b.md": b"b"})
    assert (shop / "knowledge/faq/a.md").read_bytes() == b"a"
    assert place.is_symlink()


def test_a_files_rights_survive(store: VersionStore, shop: Path) -> None:
    publish(store, FIRST)
    os.chmod(shop / "knowledge/faq/a.md", 0o640)
    publish(store, SECOND)
    assert (shop / "knowledge/faq/a.md").stat().st_mode & 0o777 == 0o640


def test_the_second_of_two_edits_is_told(store: VersionStore, shop: Path) -> None:
    first = publish(store, FIRST)
    other = VersionStore.open(shop / "knowledge", shop / "state")
    second = publish(other, SECOND)
    with pytest.raises(HeadMoved) as caught:
        store.commit(FIRST, author="Ben", message="late", parent=first.id)
    assert caught.value.head == second.id
    assert written(shop / "knowledge") == SECOND


def test_of_many_threads_exactly_one_wins(store: VersionStore, shop: Path) -> None:
    first = publish(store, FIRST)
    outcomes: list[str] = []

    def run(number: int) -> None:
        mine = VersionStore.open(shop / "knowledge", shop / "state")
        try:
            files = FIRST | {"faq/a.md": str(number).encode()}
            mine.commit(files, author=str(number), message="m", parent=first.id)
            outcomes.append("won")
        except HeadMoved:
            outcomes.append("moved")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["moved"] * 5 + ["won"]
    head = store.head()
    assert head is not None
    assert head.parent == first.id
    assert written(shop / "knowledge")["faq/a.md"] == head.author.encode()


def test_the_lock_is_entered_again_but_only_by_its_thread(
    store: VersionStore, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store._lock, "_timeout_s", 0.1)
    refused: list[str] = []

    def other() -> None:
        try:
            publish(store, SECOND)
        except VersionError as error:
            refused.append(str(error))

    with store.lock(), VersionStore.open(shop / "knowledge", shop / "state").lock():
        publish(store, FIRST)
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused == ["another publish is at work; try again in a minute"]
    publish(store, SECOND)


def test_the_log_is_paged_newest_first(store: VersionStore) -> None:
    made = [publish(store, {"a.md": str(i).encode()}, f"edit {i}") for i in range(7)]
    assert store.log(limit=3) == tuple(reversed(made[4:]))
    assert store.log(limit=3, before=made[4].id) == tuple(reversed(made[1:4]))
    assert store.log(limit=3, before=made[1].id) == (made[0],)
    assert store.log(before=made[0].id) == ()


def test_the_log_of_one_file_leaves_out_what_did_not_touch_it(store: VersionStore) -> None:
    histories = ["faq/a.md", "faq/a.md", "b.md", "", "faq/a.md"]
    files: dict[str, bytes] = {}
    made = []
    for number, path in enumerate(histories):
        if path:
            files[path] = str(number).encode()
        made.append(publish(store, files))
    del files["faq/a.md"]
    made.append(publish(store, files))
    touched = [version.id for version in store.log(path="faq/a.md")]
    assert touched == [made[i].id for i in (5, 4, 1, 0)]
    assert store.log(path="faq/none.md") == ()
    assert store.log(path="faq") == ()
    assert store.log(path="b.md/x") == ()
    paged = store.log(path="faq/a.md", limit=1, before=made[4].id)
    assert paged == (made[1],)


def test_a_version_is_found_by_the_beginning_of_its_id(store: VersionStore) -> None:
    made = [publish(store, {"a.md": str(i).encode()}) for i in range(3)]
    assert store.find(made[1].id) == made[1]
    assert store.find(f" {made[1].id[:12].upper()} ") == made[1]


@pytest.mark.parametrize(
    ("prefix", "told"),
    [("abc", "at least the first 4"), ("zzzz", "is no version"), ("", "is no version")],
)
def test_a_bad_beginning_is_explained(store: VersionStore, prefix: str, told: str) -> None:
    publish(store, FIRST)
    with pytest.raises(VersionError, match=told):
        store.find(prefix)


def test_unknown_and_ambiguous_beginnings_are_explained(
    store: VersionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = publish(store, FIRST)
    unknown = ("0" if head.id[0] != "0" else "1") * 6
    with pytest.raises(VersionError, match="there is no version"):
        store.find(unknown)
    with pytest.raises(VersionError, match="there is no version"):
        store.files(unknown)
    with pytest.raises(VersionError, match="there is no version"):
        store.log(before=unknown)
    twins = [Version(f"abcd{i}" + "0" * 35, None, "", head.at, "") for i in range(2)]
    monkeypatch.setattr(store, "_walk", lambda _: iter(twins))
    with pytest.raises(VersionError, match=r"several versions \(abcd0000, abcd1000\)"):
        store.find("abcd")


def test_state_that_can_not_be_written_is_explained(shop: Path) -> None:
    (shop / "state").write_text("a file")
    with pytest.raises(VersionError, match="copy the shop to a folder of your own"):
        VersionStore.open(shop / "knowledge", shop / "state")


def test_a_folder_that_can_not_be_written_is_explained(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "x")

    (shop / "ready").mkdir()
    monkeypatch.setattr("dulwich.repo.os.mkdir", refuse)
    with pytest.raises(VersionError, match="copy the shop to a folder that you may write to"):
        VersionStore.open(shop / "knowledge", shop / "ready")


def test_a_read_only_folder_is_found_out_before_anything_is_written(
    store: VersionStore, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = publish(store, FIRST)
    monkeypatch.setattr("knowledge.versions.working.os.access", lambda *_: False)
    with pytest.raises(VersionError, match="may not be written to"):
        publish(store, SECOND)
    assert store.head() == first


def test_an_archive_of_the_same_files_is_the_same() -> None:
    files = {"policies/c.md": b"c" * 1000, "faq/王.md": "王".encode()}
    packed = export_zip(files)
    assert packed == export_zip(dict(reversed(files.items())))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files


names = st.text(
    st.characters(exclude_characters="/\\\x7f:", exclude_categories=("Cs", "Cc")),
    min_size=1,
    max_size=20,
).filter(lambda name: name.lower() not in (".", "..", ".git", "git~1", ".shopclerk-temporary"))
paths = st.lists(names, min_size=1, max_size=3).map("/".join)


def side_by_side(files: dict[str, bytes]) -> bool:
    return not any(other.startswith(f"{path}/") for path in files for other in files)


mappings = st.dictionaries(paths, st.binary(max_size=50), max_size=5).filter(side_by_side)


@settings(max_examples=25, deadline=None)
@given(versions=st.lists(mappings, min_size=1, max_size=3))
def test_any_files_come_back(
    tmp_path_factory: pytest.TempPathFactory, versions: list[dict[str, bytes]]
) -> None:
    shop = tmp_path_factory.mktemp("shop")
    (shop / "knowledge").mkdir()
    store = VersionStore.open(shop / "knowledge", shop / "state")
    made = [publish(store, files) for files in versions]
    assert [store.files(version.id) for version in made] == versions
    assert written(shop / "knowledge") == versions[-1]


def git(folder: Path, *arguments: str) -> str:
    program = shutil.which("git")
    if program is None:
        pytest.skip("no git program to look with from outside")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    command = [program, "-c", "safe.directory=*", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, check=True, capture_output=True, text=True
    ).stdout


def test_git_sees_a_clean_folder_and_the_history(store: VersionStore, shop: Path) -> None:
    knowledge = shop / "knowledge"
    for files in (FIRST, SECOND, {"faq": b"crlf\r\n"}, FIRST):
        publish(store, files, f"{len(files)} files")
        assert git(knowledge, "status", "--porcelain") == ""
        assert git(knowledge, "diff", "HEAD") == ""
    log = git(knowledge, "log", "--format=%an|%s").splitlines()
    assert log == ["Mia|3 files", "Mia|1 files", "Mia|3 files", "Mia|3 files"]
    assert git(knowledge, "branch", "--show-current") == "main\n"
    git(knowledge, "fsck", "--strict")


def test_a_commit_made_with_git_is_a_version_too(store: VersionStore, shop: Path) -> None:
    publish(store, FIRST)
    knowledge = shop / "knowledge"
    (knowledge / "faq/a.md").write_bytes(b"by git")
    identity = ("-c", "user.name=Ben", "-c", "user.email=ben@example.com")
    git(knowledge, *identity, "commit", "-qam", "from the terminal")
    head = store.head()
    assert head is not None
    assert (head.author, head.message) == ("Ben", "from the terminal")
    assert store.files(head.id)["faq/a.md"] == b"by git"
    publish(store, SECOND)
    assert git(knowledge, "status", "--porcelain") == ""


def test_git_may_pack_everything(store: VersionStore, shop: Path) -> None:
    made = [publish(store, files) for files in (FIRST, SECOND)]
    git(shop / "knowledge", "gc", "-q", "--prune=now")
    assert store.head() == made[1]
    fresh = VersionStore.open(shop / "knowledge", shop / "state")
    assert fresh.files(made[0].id) == FIRST
    made.append(publish(fresh, FIRST))
    assert store.log() == tuple(reversed(made))


def test_what_a_person_staged_stays_staged(store: VersionStore, shop: Path) -> None:
    publish(store, FIRST)
    (shop / "knowledge/notes.txt").write_bytes(b"notes")
    git(shop / "knowledge", "add", "notes.txt")
    publish(store, SECOND)
    assert git(shop / "knowledge", "status", "--porcelain") == "A  notes.txt\n"
