"""The calibrated fusion: what is known of a query and an entry, into the chance that it answers."""

import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

# The columns of a feature matrix. Without a prior only the first PLAIN columns count.
FEATURES = (
    "dense",  # best cosine of the query with the question or a phrasing (a passage, for a policy)
    "dense_answer",  # cosine with the answer's text
    "lexical",  # share of the query's words in the question and phrasings, by BM25
    "lexical_whole",  # the same with the answer's text
    "dense_margin",  # ahead of the best of another topic if positive, behind it if negative
    "lexical_margin",  # the same of lexical_whole
    "policy",  # 1 for a passage of a policy
    "prior",  # probability of the entry's intent
    "prior_log",  # its logarithm: tells 0.1 from 0.01
)
PLAIN = 7


@dataclass(frozen=True)
class Fusion:
    """A logistic regression over FEATURES (or the first PLAIN of them) and its threshold."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def logits(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return one raw score for each row of features."""
        logits: NDArray[np.float64] = features[:, : len(self.weights)] @ np.array(self.weights)
        return logits + self.intercept


@dataclass(frozen=True)
class LanguageFusion:
    """One language's fusion without an intent prior and with one."""

    plain: Fusion
    informed: Fusion


@dataclass(frozen=True)
class AnswerModel:
    """Fusions by language; a language without its own uses English."""

    languages: Mapping[str, LanguageFusion]

    def fusion(self, language: str, *, informed: bool) -> Fusion:
        """Return the fusion for a language, with or without an intent prior."""
        found = self.languages.get(language) or self.languages["en"]
        return found.informed if informed else found.plain

    def threshold(self, language: str, *, informed: bool) -> float:
        """Return the probability below which the best hit must not be given as an answer."""
        return self.fusion(language, informed=informed).threshold

    def save(self, path: Path) -> None:
        """Write the model as JSON, replacing the file as a whole."""
        text = json.dumps({"features": FEATURES, "languages": asdict(self)["languages"]}, indent=1)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(scratch, path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a saved model.

        Raises:
            ValueError: The file isn't a model of this version; fit it again.
        """
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            if stored["features"] != list(FEATURES):
                raise ValueError("its features are others")
            languages = {
                code: LanguageFusion(_fusion(fusions["plain"]), _fusion(fusions["informed"]))
                for code, fusions in stored["languages"].items()
            }
            if "en" not in languages:
                raise ValueError("it has no English")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"{path}: not an answer model of this version ({error}); delete it, fit again"
            raise ValueError(what) from error
        return cls(languages)


def _fusion(stored: Mapping[str, object]) -> Fusion:
    weights, intercept, threshold = stored["weights"], stored["intercept"], stored["threshold"]
    if not (isinstance(weights, list) and len(weights) in (PLAIN, len(FEATURES))):
        raise ValueError("its weights don't fit its features")
    if not (isinstance(intercept, float | int) and isinstance(threshold, float | int)):
        raise ValueError("its intercept or threshold is no number")
    return Fusion(tuple(map(float, weights)), float(intercept), float(threshold))


def probabilities(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logistic function of each logit."""
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -50, 50)))
    return result
