"""The character expert: TF-IDF of n-grams and a linear model; knows typos and Chinese."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rjieba
from numpy.typing import NDArray

_LATIN_RUN = re.compile(r"[a-z0-9']+")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"\d+")


def character_grams(text: str) -> Iterator[str]:
    """Yield n-grams and words.

    Of Latin words 2–5-grams, the word and each pair; of a text with Chinese in it also 1–3-grams of
    the whole, and its words with their first and last character. In Latin runs a number is its
    count of digits: 4417 and 4230 are the same evidence.
    """
    text = text.lower()
    before = ""
    for match in _LATIN_RUN.finditer(_DIGITS.sub(lambda m: "0" * len(m.group()), text)):
        run = match.group()
        padded = f" {run} "
        for size in (2, 3, 4, 5):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]
        yield f"{before}_{run}"
        before = run
    if _HAN.search(text):
        yield from _chinese_grams(text)


def _chinese_grams(text: str) -> Iterator[str]:
    padded = f"^{text}$"
    for size in (1, 2, 3):
        for start in range(len(padded) - size + 1):
            yield f"|{padded[start : start + size]}"
    for word in rjieba.cut(text):
        yield f"w:{word}"
        if len(word) > 1:
            yield f"b:{word[0]}"
            yield f"e:{word[-1]}"


@dataclass(frozen=True)
class CharacterExpert:
    """Fitted weights; `weights` are (vocabulary, classes)."""

    vocabulary: dict[str, int]
    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def margins(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return (len(texts), classes) margins."""
        margins = np.tile(self.bias.astype(np.float64), (len(texts), 1))
        for row, text in enumerate(texts):
            counts: dict[int, int] = {}
            for gram in character_grams(text):
                column = self.vocabulary.get(gram)
                if column is not None:
                    counts[column] = counts.get(column, 0) + 1
            if counts:
                columns = list(counts)
                values = (1 + np.log(list(counts.values()))) * self.idf[columns]
                margins[row] += (values / np.linalg.norm(values)) @ self.weights[columns]
        return margins

    def save(self, path: Path) -> None:
        """Write one .npz file; no pickle, so a model folder can't run code."""
        grams = json.dumps(sorted(self.vocabulary, key=self.vocabulary.__getitem__))
        np.savez(
            path, grams=np.frombuffer(grams.encode(), dtype=np.uint8),
            idf=self.idf, weights=self.weights, bias=self.bias,
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> "CharacterExpert":
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as stored:
            grams = json.loads(stored["grams"].tobytes())
            vocabulary = {gram: column for column, gram in enumerate(grams)}
            return cls(vocabulary, stored["idf"], stored["weights"], stored["bias"])
