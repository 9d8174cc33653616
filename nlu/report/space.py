"""A space in which training examples of any language can be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from nlu.characters import character_grams

Rows = NDArray[np.float32]

_DIMENSIONS = 384
"""Of the characters' part: cross-validated logistic regression was 1 to 1.5 points better with 512
dimensions than with 256 on the demo shop and SMP2017; this is between the two, for the time."""


@dataclass(frozen=True, eq=False)
class TextSpace:
    """Unit rows of half meaning, half characters; characters alone where the vector is zero.

    Attributes:
        rows: (n, dimensions) of the texts that it was built on; a product of two is a cosine.
        grams: (n, vocabulary) TF-IDF of the same texts, unit rows: equal wording and nothing else.
    """

    rows: Rows
    grams: csr_matrix
    _vectorizer: TfidfVectorizer
    _reducer: TruncatedSVD | None

    @classmethod
    def build(cls, texts: Sequence[str], vectors: Rows, *, seed: int) -> "TextSpace":
        """Learn the characters' part from normalised texts; `vectors` are (len(texts), any)."""
        vectorizer = TfidfVectorizer(
            analyzer=_grams, sublinear_tf=True, min_df=2 if len(texts) >= 500 else 1,
            dtype=np.float32,
        )  # fmt: skip
        grams = vectorizer.fit_transform(texts)
        reducer = None
        if min(grams.shape) > _DIMENSIONS:
            reducer = TruncatedSVD(_DIMENSIONS, n_iter=2, random_state=seed).fit(grams)
        return cls(_join(vectors, _dense(grams, reducer)), grams, vectorizer, reducer)

    def place(self, texts: Sequence[str], vectors: Rows) -> Rows:
        """Return the rows of other normalised texts."""
        if not texts:
            return np.zeros((0, self.rows.shape[1]), dtype=np.float32)
        return _join(vectors, _dense(self._vectorizer.transform(texts), self._reducer))


def _grams(text: str) -> list[str]:
    # A text of punctuation alone has no grams, and scikit-learn refuses an empty vocabulary.
    return list(character_grams(text)) or ["_"]


def _dense(grams: csr_matrix, reducer: TruncatedSVD | None) -> Rows:
    dense = grams.toarray() if reducer is None else reducer.transform(grams)
    return np.asarray(dense, dtype=np.float32)


def _join(vectors: Rows, characters: Rows) -> Rows:
    joined = np.hstack([_unit(vectors), _unit(characters)])
    return _unit(joined)


def _unit(rows: Rows) -> Rows:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Rows = np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    return unit
