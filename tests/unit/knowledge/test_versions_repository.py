"""A knowledge folder inside somebody's git repository: theirs stays as it is."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.repo import Repo

from knowledge.versions.repository import find_repository
from knowledge.versions.store import Version, VersionError, VersionStore

FILES = {"faq/a.md": b"a", "products.csv": b"id\n"}


@pytest.fixture(scope="module", autouse=True)
def _no_power_cuts() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(os, "fsync", lambda _: None)
        yield


def publish(store: VersionStore, files: dict[str, bytes]) -> Version:
    head = store.head()
    return store.commit(files, author="Mia", message="edit", parent=head.id if head else None)


def open_shop(shop: Path) -> VersionStore:
    (shop / "knowledge").mkdir(parents=True, exist_ok=True)
    return VersionStore.open(shop / "knowledge", shop / ".shopclerk")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a repository with one commit, a branch and a staged file."""
    root = tmp_path / "project"
    with Repo.init(root, mkdir=True, default_branch=b"trunk") as repo:
        (root / ".gitignore").write_text("shop/knowledge/\n.shopclerk/\n")
        (root / "README.md").write_text("ours")
        work = repo.get_worktree()
        work.stage([".gitignore", "README.md"])
        identity = b"Dev <dev@example.com>"
        work.commit(b"first", committer=identity, author=identity)
        repo.refs[b"refs/heads/other"] = repo.head()
        (root / "staged.txt").write_text("staged")
        work.stage(["staged.txt"])
    return root


def theirs(project: Path) -> dict[str, bytes]:
    """Return all of git's files but for objects and our refs."""
    git = project / ".git"
    return {
        name: path.read_bytes()
        for path in git.rglob("*")
        if path.is_file()
        and not (name := path.relative_to(git).as_posix()).startswith(
            ("objects/", "refs/shopclerk/")
        )
    }


def test_their_head_branches_index_and_settings_stay(project: Path) -> None:
    before = theirs(project)
    assert {"HEAD", "index", "config", "refs/heads/trunk", "refs/heads/other"} <= set(before)
    store = open_shop(project / "shop")
    first = publish(store, FILES)
    second = publish(store, {"faq/a.md": b"changed"})
    assert theirs(project) == before
    assert store.files(first.id) == FILES
    assert store.log() == (second, first)
    ref = project / ".git/refs/shopclerk/shop/knowledge"
    assert ref.read_text() == f"{second.id}\n"
    assert not (project / "shop/knowledge/.git").exists()


def test_their_commits_are_no_versions(project: Path) -> None:
    store = open_shop(project / "shop")
    publish(store, FILES)
    with Repo(project) as repo:
        theirs_id = repo.head().decode()
    for read in (store.files, store.find, lambda id_: store.log(before=id_)):
        with pytest.raises(VersionError, match="there is no version"):
            read(theirs_id)


def test_two_shops_in_one_repository_do_not_mix(project: Path) -> None:
    one, two = open_shop(project / "one"), open_shop(project / "two.lock/ ~über..")
    first = publish(one, FILES)
    assert two.head() is None
    second = publish(two, {"b.md": b"b"})
    assert (one.log(), two.log()) == ((first,), (second,))
    with pytest.raises(VersionError):
        two.files(first.id)


def test_a_repository_that_is_the_folder_itself_is_left_in_peace(tmp_path: Path) -> None:
    Repo.init(tmp_path / "knowledge", mkdir=True, default_branch=b"main").close()
    store = open_shop(tmp_path)
    publish(store, FILES)
    git = tmp_path / "knowledge/.git"
    assert not (git / "index").exists()
    assert not (git / "refs/heads/main").exists()
    assert (git / "refs/shopclerk/@root").exists()


def test_a_shop_without_a_repository_gets_its_own_once(tmp_path: Path) -> None:
    first = publish(open_shop(tmp_path), FILES)
    assert open_shop(tmp_path).head() == first
    assert (tmp_path / "knowledge/.git/refs/heads/main").exists()
    assert not (tmp_path / "knowledge/.shopclerk-git").exists()


def test_a_half_made_repository_is_made_again(tmp_path: Path) -> None:
    (tmp_path / "knowledge/.shopclerk-git/objects").mkdir(parents=True)
    (tmp_path / "knowledge/.git").mkdir()
    publish(open_shop(tmp_path), FILES)
    assert not (tmp_path / "knowledge/.shopclerk-git").exists()


def git(folder: Path, *arguments: str) -> str:
    program = shutil.which("git")
    if program is None:
        pytest.skip("no git program to make this kind of repository with")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    command = [program, "-c", "user.name=D", "-c", "user.email=d@example.com", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"this git program can't make it: {done.stderr}")
    return done.stdout


def test_git_does_not_collect_our_versions(project: Path) -> None:
    store = open_shop(project / "shop")
    made = [publish(store, {"a.md": str(i).encode()}) for i in range(3)]
    git(project, "gc", "-q", "--prune=now")
    assert open_shop(project / "shop").files(made[0].id) == {"a.md": b"0"}
    assert git(project, "status", "--porcelain") == "A  staged.txt\n"
    git(project, "fsck", "--strict")


def test_each_worktree_has_its_own_versions(project: Path) -> None:
    git(project, "worktree", "add", "-q", "../work tree", "other")
    before = theirs(project)
    main, linked = open_shop(project / "shop"), open_shop(project.parent / "work tree/shop")
    first = publish(main, FILES)
    assert linked.head() is None
    second = publish(linked, {"b.md": b"b"})
    assert (main.head(), linked.head()) == (first, second)
    assert theirs(project) == before
    shutil.rmtree(project)
    with pytest.raises(VersionError, match="git worktree repair"):
        open_shop(project.parent / "work tree/shop")


def test_a_bare_repository_is_refused(tmp_path: Path) -> None:
    Repo.init_bare(tmp_path / "bare.git", mkdir=True).close()
    with pytest.raises(VersionError, match="inside git's own folder"):
        open_shop(tmp_path / "bare.git/shop")


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (".git", "nonsense", "is damaged"),
        (".git/config", "[core]\n\trepositoryformatversion = 7\n", "can't be read here"),
        (".git/config", "[core\n", "is damaged"),
        (
            ".git/config",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectformat = sha256\n",
            "SHA-256",
        ),
        (
            ".git/config",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tpartialclone = origin\n",
            "can't be read here",
        ),
        (
            ".git/config",
            "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefstorage = reftable\n",
            "reftable",
        ),
        (".git/config", "[core]\n\tworktree = /nowhere\n", "works on /nowhere instead"),
    ],
)
def test_an_unusable_repository_is_named_with_a_way_out(
    tmp_path: Path, file: str, text: str, told: str
) -> None:
    if file != ".git":
        Repo.init(tmp_path).close()
    (tmp_path / file).write_text(text)
    with pytest.raises(VersionError, match=told) as caught:
        open_shop(tmp_path / "shop")
    assert "git init" in str(caught.value)
    # The way out that the message names:
    Repo.init(tmp_path / "shop/knowledge").close()
    publish(open_shop(tmp_path / "shop"), FILES)


def test_a_lock_that_a_git_program_holds_is_respected(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.versions.repository._REF_PATIENCE_S", 0.1)
    store = open_shop(project / "shop")
    first = publish(store, FILES)
    lock = project / ".git/refs/shopclerk/shop/knowledge.lock"
    lock.write_text("")
    with pytest.raises(VersionError, match=r"knowledge\.lock"):
        publish(store, {})
    assert (open_shop(project / "shop").head(), lock.exists()) == (first, True)
    lock.unlink()
    publish(store, {})


def test_no_repository_is_found_where_there_is_none(tmp_path: Path) -> None:
    assert find_repository(tmp_path) is None
