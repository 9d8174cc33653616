"""kill -9 during a publish leaves either the old or the new version, whole."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from dulwich.repo import Repo

from knowledge.versions.store import VersionStore

ROUNDS = 15
NAMES = [f"faq/part {number}/answers.en.md" for number in range(6)] + ["products.csv", "old.md"]
ODD = {name: f"odd {name}\n".encode() * 4000 for name in NAMES}
EVEN = {name: f"even {name}\n".encode() * 5000 for name in NAMES if name != "old.md"} | {
    "new/policy.md": b"only in even versions"
}
PROGRAM = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from test_knowledge_kill import EVEN, ODD, next_files
from knowledge.versions.store import VersionStore
store = VersionStore.open(Path(sys.argv[1]), Path(sys.argv[2]))
while True:
    head = store.head()
    store.commit(next_files(store), author="loop", message="edit", parent=head and head.id)
    print("published", flush=True)
"""
ONE_PUBLISH = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from knowledge.versions.store import HeadMoved, VersionStore
store = VersionStore.open(Path(sys.argv[1]), Path(sys.argv[2]))
head = store.head()
print("ready", flush=True)
who = sys.stdin.readline()
try:
    store.commit({"who.txt": who.encode()}, author=who, message="edit", parent=head.id)
    print("won")
except HeadMoved:
    print("moved")
"""


def next_files(store: VersionStore) -> dict[str, bytes]:
    head = store.head()
    return EVEN if head and store.files(head.id) == ODD else ODD


def start(program: str, shop: Path) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    places = [str(shop / "knowledge"), str(shop / "state"), str(here), str(here.parents[1])]
    return subprocess.Popen(
        [sys.executable, "-c", program, *places],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def on_disk(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


@pytest.mark.parametrize("enclosed", [False, True], ids=["own", "enclosing"])
def test_killed_at_any_instant_one_version_is_whole(tmp_path: Path, enclosed: bool) -> None:
    (tmp_path / "knowledge").mkdir()
    if enclosed:
        Repo.init(tmp_path).close()
    chance = random.Random(20261122)
    half_way = published = 0
    for _ in range(ROUNDS // 2 + 1 - enclosed):
        with start(PROGRAM, tmp_path) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "published\n"
            time.sleep(chance.uniform(0, 0.2))
            process.send_signal(signal.SIGKILL)
        half_way += (tmp_path / "state/knowledge.journal").exists()
        store = VersionStore.open(tmp_path / "knowledge", tmp_path / "state")
        head = store.head()
        assert head is not None
        assert store.files(head.id) in (ODD, EVEN)
        assert on_disk(tmp_path / "knowledge") == store.files(head.id)
        newer = store.commit(next_files(store), author="test", message="on", parent=head.id)
        assert on_disk(tmp_path / "knowledge") == store.files(newer.id)
        published = len(store.log(limit=10_000))
    assert half_way > 0  # some rounds were killed between the ref and the last file
    assert published > ROUNDS


def test_of_two_processes_exactly_one_wins(tmp_path: Path) -> None:
    (tmp_path / "knowledge").mkdir()
    store = VersionStore.open(tmp_path / "knowledge", tmp_path / "state")
    first = store.commit({"who.txt": b""}, author="test", message="first", parent=None)
    with start(ONE_PUBLISH, tmp_path) as one, start(ONE_PUBLISH, tmp_path) as two:
        for process in (one, two):
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process, name in ((one, "a"), (two, "b")):
            assert process.stdin is not None
            process.stdin.write(name)
            process.stdin.close()
        outcomes = [process.stdout.read() for process in (one, two) if process.stdout]
    assert sorted(outcomes) == ["moved\n", "won\n"]
    head = store.head()
    assert head is not None
    assert head.parent == first.id
    assert on_disk(tmp_path / "knowledge") == {"who.txt": head.author.encode()}
