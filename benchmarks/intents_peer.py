"""What is had without fine-tuning: logistic regression on frozen vectors or on character n-grams.

Chinese sets, which MiniLM can't read, get TF-IDF of one to three characters. Out of scope is what
has a low top probability among the intents (Hendrycks and Gimpel 2017); the threshold rejects
5 % of the in-scope validation texts, or of a sixth of the training texts where a set has none.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from knowledge.index.encoder import OnnxSentenceEncoder
from nlu.datasets import IntentDataset
from nlu.language import detect_language, normalise
from nlu.model_files import OUT_OF_SCOPE
from nlu.predictions import Predictions
from nlu.rasa_format import Example

REJECTED_SHARE = 0.05
STRENGTH = 10.0
"""Inverse regularisation: no worse than 1, 3 or 30 on --dev of BANKING77's shots and SMP2017."""


@dataclass(frozen=True)
class Peer:
    """A fitted model and the top probability below which it rejects."""

    method: str
    model: Pipeline
    threshold: float

    def predict(self, examples: Sequence[Example]) -> Predictions:
        """Return what it says of the examples; OUT_OF_SCOPE is no class of it."""
        names = tuple(str(name) for name in self.model.classes_)
        column = {name: number for number, name in enumerate(names)}
        probabilities = self.model.predict_proba(_texts(examples))
        scope = probabilities.max(axis=1)
        return Predictions(
            names=names,
            texts=tuple(example.text for example in examples),
            labels=np.array([column.get(example.intent, -1) for example in examples], np.int64),
            probabilities=probabilities,
            scope=scope,
            rejected=scope < self.threshold,
            languages=np.array([detect_language(example.text) for example in examples]),
        )


def fit_peer(dataset: IntentDataset, encoder: OnnxSentenceEncoder, *, seed: int) -> Peer:
    """Fit on the in-scope training texts."""
    taught = [example for example in dataset.train if example.intent != OUT_OF_SCOPE]
    spoken = Counter(detect_language(example.text) for example in taught)
    reader = None if spoken["zh"] > spoken["en"] else encoder
    checked = [example for example in dataset.validation if example.intent != OUT_OF_SCOPE]
    rest = taught
    if not checked:
        order = np.random.default_rng(seed).permutation(len(taught))
        checked = [taught[row] for row in order[: len(taught) // 6]]
        rest = [taught[row] for row in order[len(taught) // 6 :]]
    trial = _fit(rest, reader)
    top = trial.predict_proba(_texts(checked)).max(axis=1)
    threshold = float(np.quantile(top, REJECTED_SHARE))
    method = "TF-IDF of 1 to 3 characters" if reader is None else "frozen encoder"
    model = trial if rest is taught else _fit(taught, reader)
    return Peer(f"{method}, logistic regression C={STRENGTH:g}", model, threshold)


def _fit(examples: Sequence[Example], encoder: OnnxSentenceEncoder | None) -> Pipeline:
    features = (
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
        if encoder is None
        else FunctionTransformer(encoder.encode)
    )
    model = make_pipeline(features, LogisticRegression(C=STRENGTH, max_iter=2000))
    return model.fit(_texts(examples), [example.intent for example in examples])


def _texts(examples: Sequence[Example]) -> list[str]:
    return [normalise(example.text) for example in examples]
