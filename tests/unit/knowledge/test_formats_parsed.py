"""Files that were read once are not read again: in a process, and from one start to the next."""

import dataclasses
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from knowledge.entries import Entry, Files, Product
from knowledge.formats import parsed as parsed_module
from knowledge.formats import placed
from knowledge.formats.folder import check_files
from knowledge.formats.parsed import ParsedFiles
from knowledge.formats.placed import ParsedFile
from knowledge.formats.stored import from_json, to_json

FILES = {
    "faq/a.md": b"---\nlanguage: en\n---\n## Q {#a tags=x,y valid-from=2026-12-01}\n> p\n> ? t\n\n"
    b"[x](product:A1) [y](product:A9) <b>\n",
    "faq/b.yml": "language: zh\nentries:\n- {id: b, question: 问, answer: 答}\n".encode(),
    "policies/c.md": b"---\nid: c\nlanguage: en\nvalid-until: 2027-01-01\n---\n# T\n## U\nText.\n",
    "products.csv": b"id,title,description,link,image_link,availability,price,sale_price,color,"
    b"size,material,use,rating,stock,title_zh,weight\n"
    b'A1,Coat,Warm,/a,/a.svg,in_stock,129.00 USD,99.5 USD,"red,blue",M,wool,rain,4.5,3,Z,9\n'
    b"A2,Coat,Warm,/a,/a.svg,in_stock,free,,,,,,,,,\n",
}


class Reader:
    """Counts what is read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, path: str, data: bytes) -> ParsedFile:
        self.read.append(path)
        return ParsedFile()


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    for folder in (None, tmp_path):
        reader, files = Reader(), ParsedFiles(folder)
        files.read({"a": b"1", "b": b"1"}, reader)
        files.read({"a": b"1", "b": b"2"}, reader)
        files.read({"a": b"1", "b": b"1"}, reader)
        assert reader.read == ["a", "b", "b"]
    ParsedFiles(tmp_path).read({"a": b"1", "b": b"2"}, reader)
    assert reader.read == ["a", "b", "b"]
    ParsedFiles(tmp_path).read({"b": b"1", "c": b"1"}, reader)
    assert reader.read == ["a", "b", "b", "c"]


def test_what_is_remembered_equals_what_was_read(tmp_path: Path) -> None:
    fresh = check_files(FILES)
    assert len(fresh.problems) == 3
    assert check_files(FILES, ParsedFiles(tmp_path)) == fresh
    assert check_files(FILES, ParsedFiles(tmp_path)) == fresh


def test_every_field_is_stored() -> None:
    """A new field has to be added to `stored`, and `READERS` raised."""
    counts = {
        type_: len(dataclasses.fields(type_)) for type_ in (Entry, Product, ParsedFile, placed.Feed)
    }
    assert counts == {Entry: 13, Product: 22, ParsedFile: 3, placed.Feed: 3}


def test_what_is_stored_is_json_and_the_same_again() -> None:
    values: list[tuple[str, ParsedFile]] = []

    class Keeping(ParsedFiles):
        def _store(self, digest: str, value: ParsedFile) -> None:
            values.append((digest, value))

    check_files(FILES, Keeping())
    assert len(values) == len(FILES)
    for (_, value), path in zip(values, FILES, strict=True):
        assert from_json(to_json(value), path) == value


@pytest.mark.parametrize("damage", [b"", b"{}", b"\x80\x04N.", None])
def test_damaged_files_are_read_again(tmp_path: Path, damage: bytes | None) -> None:
    fresh = check_files(FILES, ParsedFiles(tmp_path))
    for file in tmp_path.iterdir():
        body = file.read_bytes()
        file.write_bytes(body[:-2] + b"x}" if damage is None else damage)
    assert check_files(FILES, ParsedFiles(tmp_path)) == fresh


def test_another_format_of_the_readers_reads_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    ParsedFiles(tmp_path).read({"a": b"1"}, reader)
    monkeypatch.setattr(parsed_module, "READERS", parsed_module.READERS + 1)
    ParsedFiles(tmp_path).read({"a": b"1"}, reader)
    assert reader.read == ["a", "a"]


def test_old_files_are_forgotten_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed_module, "_STORED_FILES", 2)
    left = tmp_path / "killed.part"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    files = ParsedFiles(tmp_path)
    for number in range(6):
        files.read({"same": b"", "edited": b"%d" % number}, Reader())
    names = [file.suffix for file in tmp_path.iterdir()]
    assert names == [".json"] * 4  # the two in use and two before them
    reader = Reader()
    ParsedFiles(tmp_path).read({"same": b"", "edited": b"5"}, reader)
    assert reader.read == []


def test_old_files_are_forgotten_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsed_module, "_MEMORY_BYTES", 3)
    reader, files = Reader(), ParsedFiles()
    big: Files = {"same": b"longer than all that is kept", "edited": b"1"}
    for edited in (b"1", b"22", b"33", b"1", b"33", b"22"):
        files.read({**big, "edited": edited}, reader)
    assert reader.read == ["same", "edited", "edited", "edited", "edited"]


def test_files_read_alone_push_no_file_of_the_folder_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parsed_module, "_STORED_FILES", 0)
    monkeypatch.setattr(parsed_module, "_MEMORY_BYTES", 3)
    reader, files = Reader(), ParsedFiles(tmp_path)
    live = {"a": b"1" * 50, "b": b"2" * 50}
    files.read(live, reader)
    for number in range(9):
        files.read_one("b", b"%d" % number, reader)
    assert len(files._known) == 5  # the folder's two and as many as three bytes hold
    files.read(live, reader)
    ParsedFiles(tmp_path).read(live, reader)
    assert reader.read == ["a", *["b"] * 10]


def test_a_file_read_alone_is_stored_once_it_is_of_the_folder(tmp_path: Path) -> None:
    reader, files = Reader(), ParsedFiles(tmp_path)
    files.read_one("a", b"1", reader)
    assert not list(tmp_path.iterdir())
    files.read({"a": b"1"}, reader)
    ParsedFiles(tmp_path).read({"a": b"1"}, reader)
    assert reader.read == ["a"]


def test_threads_read_what_one_reads(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parsed_module, "_MEMORY_BYTES", 100)
    files, expected = ParsedFiles(tmp_path), check_files(FILES)

    def work(number: int) -> bool:
        for step in range(20):
            files.read_one("faq/a.md", b"%d %d" % (number, step), Reader())
            if check_files(FILES, files) != expected:
                return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(4)))
    assert files._size == sum(known.size for known in files._known.values())


def test_a_folder_that_can_not_be_written_costs_time_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert check_files(FILES, ParsedFiles(tmp_path / "file")) == check_files(FILES)
