"""A cross-encoder: reads a query and a text together; slower and surer than two vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder, such as cross-encoder/ms-marco-MiniLM-L6-v2."""

    def __init__(self, model: str | Path, *, device: str | None = None) -> None:
        """Open the model.

        Args:
            model: A hub name, or the folder of a saved model.
            device: "cpu" or "cuda"; by default whatever is there.
        """
        # Imported here: torch takes seconds and hundreds of MB that most shops don't need.
        from sentence_transformers import CrossEncoder

        self._model: Any = CrossEncoder(str(model), device=device)

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return for each text how well it answers the query; only their order means anything."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(query, text) for text in texts]
        found = self._model.predict(pairs, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32).reshape(len(texts))
