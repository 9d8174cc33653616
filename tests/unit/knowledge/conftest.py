"""A deterministic encoder without a model, and small files on disk."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.segment import tokens


class HashingEncoder:
    """Words and their three-letter parts hashed into 256 dimensions; counts what it encodes."""

    def __init__(self, identity: str = "hashing") -> None:
        self.identity = identity
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded += texts
        vectors = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 1e-3  # no text is a zero vector
            for token in tokens(text):
                for part in {token, *(token[i : i + 3] for i in range(len(token) - 2))}:
                    digest = hashlib.sha256(part.encode()).digest()
                    vectors[row, digest[0]] += 1.0 if digest[1] % 2 else -1.0
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path / "vectors")


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write files (path to content) into a new knowledge folder."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "knowledge"
        root.mkdir()
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write
