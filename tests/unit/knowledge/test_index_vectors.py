"""Vectors on disk: added to, joined, forgotten, and shared by threads and processes."""

import os
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from knowledge.index import embedding_cache
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.*"))


def test_an_edit_adds_a_file_and_leaves_the_others(encoder: Encoder, cache, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    cache.vectors(["a", "b"], encoder)
    (first,) = files(tmp_path)
    told = first.read_bytes()
    cache.vectors(["b", "c"], encoder)
    assert len(files(tmp_path)) == 2
    assert first.read_bytes() == told
    assert encoder.encoded == ["a", "b", "c"]  # type: ignore[attr-defined]


def test_many_files_are_joined_and_nothing_is_lost(encoder: Encoder, tmp_path: Path) -> None:
    texts = [f"text {number}" for number in range(40)]
    cache = EmbeddingCache(tmp_path)
    rows = [cache.vectors([text], encoder)[0] for text in texts]
    assert len(files(tmp_path)) <= 16
    reader = EmbeddingCache(tmp_path)
    np.testing.assert_array_equal(reader.vectors(texts, encoder), rows)
    assert encoder.encoded == texts  # type: ignore[attr-defined]


def test_what_is_embedded_is_kept_although_the_rest_fails(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedding_cache, "_CHUNK", 2)
    monkeypatch.setattr(embedding_cache, "_ROWS_A_SEGMENT", 4)

    def stop(stage: str, done: int, total: int) -> None:
        if done >= 6:
            raise KeyboardInterrupt

    texts = [str(number) for number in range(10)]
    with pytest.raises(KeyboardInterrupt):
        EmbeddingCache(tmp_path).vectors(texts, encoder, stop)
    encoder.encoded.clear()  # type: ignore[attr-defined]
    EmbeddingCache(tmp_path).vectors(texts, encoder)
    assert encoder.encoded == texts[4:]  # type: ignore[attr-defined]


def test_two_that_write_at_once_lose_nothing(encoder: Encoder, tmp_path: Path) -> None:
    caches = [EmbeddingCache(tmp_path), EmbeddingCache(tmp_path)]
    texts = [[f"{writer} {number}" for number in range(40)] for writer in range(2)]
    wrong: list[str] = []

    def write(writer: int) -> None:
        for text in texts[writer]:
            row = caches[writer].vectors([text], type(encoder)())[0]
            if not np.array_equal(row, type(encoder)().encode([text])[0]):
                wrong.append(text)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    EmbeddingCache(tmp_path).vectors(texts[0] + texts[1], encoder)
    assert encoder.encoded == []  # type: ignore[attr-defined]


def test_what_nobody_asked_for_in_60_days_is_forgotten(encoder: Encoder, tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path)
    cache.vectors(["unused"], encoder)
    (unused,) = files(tmp_path)
    cache.vectors(["used"], encoder)
    (used,) = set(files(tmp_path)) - {unused}
    long_ago = time.time() - 61 * 24 * 3600
    for path in (unused, used):
        os.utime(path, (long_ago, long_ago))
    cache.vectors(["used", "new"], encoder)
    assert unused not in files(tmp_path)
    assert used in files(tmp_path)
    assert encoder.encoded == ["unused", "used", "new"]  # type: ignore[attr-defined]


def test_a_file_cut_off_by_a_crash_is_passed_over(encoder: Encoder, tmp_path: Path) -> None:
    EmbeddingCache(tmp_path).vectors(["a", "b"], encoder)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for length in (0, 60, 200, len(whole) - 1):
        file.write_bytes(whole[:length])
        encoder.encoded.clear()  # type: ignore[attr-defined]
        EmbeddingCache(tmp_path).vectors(["a"], encoder)
        assert encoder.encoded == ["a"]  # type: ignore[attr-defined]
        for path in set(files(tmp_path)) - {file}:
            path.unlink()


def test_no_texts_have_rows_of_the_encoders_width(encoder: Encoder, cache: EmbeddingCache) -> None:
    assert cache.vectors([], encoder).shape == (0, 256)
