"""What a model said of labelled texts: what figures, reports and comparisons are made from."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from nlu.model_files import OUT_OF_SCOPE


@dataclass(frozen=True, eq=False)
class Predictions:
    """One row a text.

    Attributes:
        names: Class names in column order; may hold OUT_OF_SCOPE.
        texts: The texts as they were asked.
        labels: (n,) true column numbers; -1 for an out-of-scope text where OUT_OF_SCOPE is no
            class.
        probabilities: (n, classes) rows that sum to 1.
        scope: (n,) evidence in [0, 1] that the text is in scope.
        rejected: (n,) whether it was decided to be out of scope.
        languages: (n,) "en" or "zh".
    """

    names: tuple[str, ...]
    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    scope: NDArray[np.float64]
    rejected: NDArray[np.bool_]
    languages: NDArray[np.str_]

    def __post_init__(self) -> None:
        rows = len(self.texts)
        for field in fields(self)[2:]:
            found = getattr(self, field.name).shape
            wanted = (rows, len(self.names)) if field.name == "probabilities" else (rows,)
            if found != wanted:
                raise ValueError(f"{field.name} has shape {found} and not {wanted}")

    @property
    def outside(self) -> NDArray[np.bool_]:
        """(n,) whether the text is truly out of scope."""
        return np.isin(self.labels, (-1, *self._outside_columns))

    @property
    def best_inside(self) -> NDArray[np.int64]:
        """(n,) the likeliest column among the shop's own intents, OUT_OF_SCOPE left out.

        Raises:
            ValueError: OUT_OF_SCOPE is the only class.
        """
        columns = np.delete(np.arange(len(self.names)), self._outside_columns)
        best: NDArray[np.int64] = columns[self.probabilities[:, columns].argmax(axis=1)]
        return best

    def select(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> "Predictions":
        """Return those rows, given as a mask or as row numbers."""
        chosen = np.arange(len(self.texts))[rows]
        return Predictions(
            self.names,
            tuple(self.texts[row] for row in chosen),
            self.labels[chosen],
            self.probabilities[chosen],
            self.scope[chosen],
            self.rejected[chosen],
            self.languages[chosen],
        )

    @property
    def _outside_columns(self) -> list[int]:
        return [column for column, name in enumerate(self.names) if name == OUT_OF_SCOPE]
