"""Built indexes on disk: opened instead of built, completed when a little is missing."""

import errno
import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.entries import Content, Entry, Source
from knowledge.index import ann
from knowledge.index.corpus import Corpus
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.search import KnowledgeIndex

WORDS = ("tent", "stove", "lamp", "boot", "rope", "glove", "map", "knife", "mug", "hat")


def entry(number: int, language: str = "en") -> Entry:
    word = f"{WORDS[number % 10]}{number // 10}"
    return Entry(
        id=f"entry-{number}",
        language=language,
        question=f"Where is the {word}?",
        answer=f"The {word} is on shelf {number}.",
        source=Source("faq/a.md", number),
        phrasings=(f"find {word} \ud800",),  # what a YAML escape can hold, and UTF-8 can't
    )


ENTRIES = tuple(entry(number) for number in range(100))


@pytest.fixture
def make(encoder: Encoder, cache: EmbeddingCache, tmp_path: Path) -> Callable[..., KnowledgeIndex]:
    """Build or open an index of entries; what is embedded is counted from anew."""

    def build(entries: tuple[Entry, ...] = ENTRIES, identity: str = "") -> KnowledgeIndex:
        encoder.encoded.clear()  # type: ignore[attr-defined]
        used = type(encoder)(identity) if identity else encoder  # type: ignore[call-arg]
        return KnowledgeIndex.build(Content(entries, ()), used, cache, kept=tmp_path / "index")

    return build


def kept(folder: Path) -> set[str]:
    return {path.name for path in (folder / "index").iterdir()}


def found(index: KnowledgeIndex) -> list[tuple[object, ...]]:
    queries = ("find tent3", "where is mug9", "shelf 41", "")
    return [
        (hit.entry, hit.score, hit.probability, hit.dense, hit.lexical, hit.matched)
        for query in queries
        for hit in index.search(query, language="en")
    ]


def test_what_is_opened_finds_what_was_built(
    make: Callable[..., KnowledgeIndex], encoder: Encoder, tmp_path: Path
) -> None:
    fresh = KnowledgeIndex.build(Content(ENTRIES, ()), encoder, EmbeddingCache(tmp_path / "other"))
    assert found(make()) == found(fresh)
    opened = make()
    assert encoder.encoded == []  # type: ignore[attr-defined]
    assert found(opened) == found(fresh)
    assert len(kept(tmp_path)) == 1


def test_approximate_search_is_opened_as_it_was_tuned(
    make: Callable[..., KnowledgeIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ann, "EXACT_UP_TO", 200)
    built, opened = make(), make()
    assert found(opened) == found(built)


def test_a_kept_index_is_completed_with_what_is_new(
    make: Callable[..., KnowledgeIndex], encoder: Encoder, tmp_path: Path
) -> None:
    make()
    moved = replace(entry(2), source=Source("faq/b.md", 7))
    opened = make((entry(500), *ENTRIES[:2], moved, *ENTRIES[5:]))
    assert len(encoder.encoded) == 3  # type: ignore[attr-defined]  # the new entry's rows
    assert len(kept(tmp_path)) == 1
    assert opened.search("find tent50", language="en")[0].entry == entry(500)
    assert opened.languages["en"].entries[3] == moved
    gone = {hit.entry.id for hit in opened.search("find boot0", language="en", limit=99)}
    assert not gone & {"entry-3", "entry-4"}


def test_the_last_two_of_each_language_are_kept(
    make: Callable[..., KnowledgeIndex], tmp_path: Path
) -> None:
    make((*ENTRIES, entry(0, "zh")))
    first = kept(tmp_path)
    for start in (1000, 2000, 3000):
        make(tuple(entry(number) for number in range(start, start + 10)))
    assert len(kept(tmp_path)) == 3
    assert len(kept(tmp_path) & first) == 1  # the Chinese one


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "about.json").unlink(),
        lambda folder: (folder / "about.json").write_text("{"),
        lambda folder: (folder / "about.json").write_text("[]"),
        lambda folder: (folder / "about.json").write_text("3"),
        lambda folder: (folder / "dense" / "vectors.npy").write_bytes(b""),
        lambda folder: (folder / "asked" / "tokens.json").unlink(),
        lambda folder: (folder / "starts.npy").write_bytes(
            b"x" * (folder / "starts.npy").stat().st_size
        ),
        lambda folder: (folder / "asked" / "tokens.json").write_text(
            json.dumps(["a"]).ljust((folder / "asked" / "tokens.json").stat().st_size)
        ),
    ],
    ids=[
        "no list",
        "half a list",
        "another list",
        "a number",
        "cut off",
        "missing",
        "nonsense",
        "misfit",
    ],
)
def test_a_damaged_index_is_built_again(
    make: Callable[..., KnowledgeIndex], tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    expected = found(make())
    (name,) = kept(tmp_path)
    damage(tmp_path / "index" / name)
    assert found(make()) == expected
    assert kept(tmp_path) == {name}


def test_another_encoder_does_not_get_the_index_of_the_first(
    make: Callable[..., KnowledgeIndex], tmp_path: Path
) -> None:
    make()
    first = kept(tmp_path)
    index = make(identity="other")
    assert len(index.encoder.encoded) == 300  # type: ignore[attr-defined]
    assert not kept(tmp_path) & first  # of no use to the one in use


def test_two_processes_may_index_the_same_at_once(
    make: Callable[..., KnowledgeIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(make())
    (name,) = kept(tmp_path)
    target, theirs = tmp_path / "index" / name, tmp_path / "theirs"
    target.rename(theirs)

    def other_was_quicker(scratch: Path, place: Path) -> None:
        shutil.copytree(theirs, place)
        raise OSError(errno.ENOTEMPTY, "Directory not empty", str(scratch))

    def other_removes_it(scratch: Path, place: Path) -> None:
        shutil.rmtree(scratch)

    for meanwhile in (other_was_quicker, other_removes_it):
        with monkeypatch.context() as patch:
            patch.setattr(os, "rename", meanwhile)
            assert found(make()) == expected
        assert kept(tmp_path) == ({name} if meanwhile is other_was_quicker else set())
        shutil.rmtree(target, ignore_errors=True)
    assert found(make()) == expected
    assert kept(tmp_path) == {name}


def test_an_index_that_goes_while_it_is_looked_for_is_built_again(
    make: Callable[..., KnowledgeIndex], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(make())
    load = Corpus.load

    def removed(folder: Path) -> Corpus:
        shutil.rmtree(folder)
        monkeypatch.setattr(Corpus, "load", load)
        return load(folder)

    monkeypatch.setattr(Corpus, "load", removed)
    assert found(make()) == expected


def test_a_failing_encoder_is_no_damaged_index(
    make: Callable[..., KnowledgeIndex], encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    make()
    calls = []

    def fail(texts: Sequence[str]) -> NDArray[np.float32]:
        if texts:
            calls.append(texts)
            raise RuntimeError("out of memory")
        return np.zeros((0, 256), dtype=np.float32)

    monkeypatch.setattr(encoder, "encode", fail)
    with pytest.raises(RuntimeError, match="out of memory"):
        make((entry(500), *ENTRIES))
    assert len(calls) == 1


def test_an_update_that_builds_anew_is_kept(
    make: Callable[..., KnowledgeIndex], cache: EmbeddingCache, tmp_path: Path
) -> None:
    index = make()
    index.updated(Content((entry(500), *ENTRIES), ()), cache)
    assert len(kept(tmp_path)) == 1
    index.updated(Content(ENTRIES[:50], ()), cache)
    assert len(kept(tmp_path)) == 2


def test_entries_without_words_are_found_without_being_kept(
    make: Callable[..., KnowledgeIndex],
) -> None:
    bare = replace(entry(0), question="?", phrasings=(), answer="!")
    for _ in range(2):
        assert len(make((bare,)).search("?", language="en")) == 1
