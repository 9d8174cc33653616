"""The whole recipe on a data set: train, then measure quality, latency and throughput."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from nlu.classifier import IntentClassifier
from nlu.datasets import IntentDataset
from nlu.entities import EntityExtractor
from nlu.language import Language
from nlu.metrics import Metrics, measure, measure_languages
from nlu.model_files import ENCODER, OUT_OF_SCOPE, load_card
from nlu.predictions import Predictions
from nlu.rasa_format import Example, TrainingData
from nlu.speed import CLIENTS, Batcher, Classifier, time_alone, time_together
from nlu.training import Progress, TrainingSettings, train
from nlu.understanding import Understanding

MODEL = "model"
"""The folder of the trained model below the work folder."""

_BATCH = 32
_TIMED = 1000  # a p99 from ten values above it
_WARM_UP = 20


@dataclass(frozen=True)
class Counts:
    """What was trained and asked; `leaked` test texts also stand in training."""

    intents: int
    train: int
    validation: int
    test: int
    leaked: int


@dataclass(frozen=True)
class Cost:
    """What training and serving took.

    Latency is that of one utterance at a time, over `timed` test texts that the model had not seen
    before; `utterances_per_s` with `clients` that each wait for an answer and ask the next.
    """

    training_s: float
    latency_p50_ms: float
    latency_p99_ms: float
    timed: int
    utterances_per_s: float
    clients: int
    encoder_bytes: int
    int8: bool


@dataclass(frozen=True, eq=False)
class Evaluation:
    """All figures of one run; `languages` has those of the test texts in each language."""

    counts: Counts
    metrics: Metrics
    languages: dict[Language, Metrics]
    cost: Cost
    predictions: Predictions

    def figures(self) -> dict[str, object]:
        """Return the figures without the predictions, ready for JSON."""
        return {
            "counts": asdict(self.counts),
            "metrics": asdict(self.metrics),
            "languages": {language: asdict(own) for language, own in self.languages.items()},
            "cost": asdict(self.cost),
        }


def evaluate(
    dataset: IntentDataset,
    base_model: Path,
    work_dir: Path,
    *,
    settings: TrainingSettings,
    progress: Progress,
    batcher: Batcher,
) -> Evaluation:
    """Train on the data set and measure on its test split.

    The model stays in `work_dir / MODEL`. A fresh one is loaded for each measurement, so that no
    cache knows a text.

    Raises:
        ValueError: The data can't be trained on.
    """
    folder = work_dir / MODEL
    started = time.perf_counter()
    report = train(
        TrainingData(dataset.train),
        base_model,
        folder,
        settings=settings,
        progress=progress,
        validation=dataset.validation,
    )
    training_s = time.perf_counter() - started
    texts = [example.text for example in dataset.test]
    warm_up = [example.text for example in dataset.train[:_WARM_UP]]
    latencies = time_alone(_load(folder), texts[:_TIMED], warm_up=warm_up, progress=progress)
    rate = time_together(_load(folder), texts, warm_up=warm_up, batcher=batcher)
    names = load_card(folder).intents
    predictions = predict(_load(folder), dataset.test, names, progress=progress)
    encoder = folder / ENCODER
    return Evaluation(
        counts=count(dataset),
        metrics=measure(predictions),
        languages=measure_languages(predictions),
        cost=Cost(
            training_s=round(training_s, 1),
            latency_p50_ms=round(float(np.median(latencies)), 2),
            latency_p99_ms=round(float(np.quantile(latencies, 0.99)), 2),
            timed=len(latencies),
            utterances_per_s=round(rate, 1),
            clients=CLIENTS,
            encoder_bytes=encoder.stat().st_size if encoder.is_file() else 0,
            int8=report.int8,
        ),
        predictions=predictions,
    )


def predict(
    classifier: Classifier,
    examples: Sequence[Example],
    names: Sequence[str],
    *,
    progress: Progress,
) -> Predictions:
    """Ask a model every example, in batches.

    Args:
        classifier: The model.
        examples: Labelled texts; OUT_OF_SCOPE may be a label though it is no class.
        names: The model's classes.
        progress: Told of the examples asked.

    Raises:
        ValueError: A label or an answer is not among the names.
    """
    column = {name: number for number, name in enumerate(names)}
    strange = {example.intent for example in examples} - column.keys() - {OUT_OF_SCOPE}
    if strange:
        raise ValueError(f"labels that the model doesn't know: {', '.join(sorted(strange))}")
    probabilities = np.zeros((len(examples), len(names)))
    found: list[Understanding] = []
    for start in range(0, len(examples), _BATCH):
        batch = examples[start : start + _BATCH]
        found.extend(classifier.understand_batch([example.text for example in batch]))
        progress("asking the test texts", len(found), len(examples))
    for row, understanding in enumerate(found):
        for rank in understanding.intents:
            if rank.name not in column:
                raise ValueError(f"the model answers {rank.name!r}, which is not among the names")
            probabilities[row, column[rank.name]] = rank.probability
    return Predictions(
        names=tuple(names),
        texts=tuple(example.text for example in examples),
        labels=np.array([column.get(e.intent, -1) for e in examples], dtype=np.int64),
        probabilities=probabilities,
        scope=np.array([u.scope_probability for u in found], dtype=np.float64),
        rejected=np.array([u.out_of_scope for u in found], dtype=np.bool_),
        languages=np.array([u.language for u in found], dtype=np.str_),
    )


def count(dataset: IntentDataset) -> Counts:
    """Return the sizes of the splits; `intents` leaves OUT_OF_SCOPE out."""
    return Counts(
        intents=len({example.intent for example in dataset.train} - {OUT_OF_SCOPE}),
        train=len(dataset.train),
        validation=len(dataset.validation),
        test=len(dataset.test),
        leaked=dataset.leaked,
    )


def _load(folder: Path) -> IntentClassifier:
    return IntentClassifier.load(folder, EntityExtractor())
