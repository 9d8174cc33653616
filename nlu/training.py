"""Train the intent model of one shop: fit the experts, judge them on held-out texts, report."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from nlu.corpus import Corpus
from nlu.language import Language, detect_language, normalise
from nlu.metrics import Metrics, measure, measure_languages
from nlu.model_files import CARD, ENCODER, INT8_ENCODER, ModelCard, save_card
from nlu.rasa_format import Example, TrainingData
from nlu.settings import TrainingSettings

if TYPE_CHECKING:
    from nlu.fitting import Fitter
    from nlu.judging import HeldOut, Judgement

Progress = Callable[[str, int, int], None]
__all__ = ["TrainingReport", "TrainingSettings", "data_digest", "train"]

_FORMAT = 3
"""Raise when the files or what is computed from the same data change: old caches then retrain."""


@dataclass(frozen=True)
class TrainingReport:
    """What was trained, and how well it does on held-out texts, in all and by language."""

    digest: str
    examples: int
    intents: int
    epochs: int
    int8: bool
    seconds: float
    metrics: Metrics
    languages: dict[Language, Metrics]


def data_digest(
    data: TrainingData,
    base_model: Path,
    settings: TrainingSettings,
    validation: Sequence[Example] = (),
) -> str:
    """Return a digest of all that the trained model depends on, for a cache by content.

    Places, lookups, regexes and synonyms don't count: the extractor reads those at load, and in
    training they only tell which words teach the token head nothing.
    """
    taught = sorted(
        (e.intent, e.text, [[t.name, t.start, t.end, t.role, t.group] for t in e.entities])
        for e in set(data.examples)
    )
    judged = sorted({(example.intent, example.text) for example in validation})
    told = [_FORMAT, asdict(settings), taught, judged]
    digest = hashlib.sha256(json.dumps(told, ensure_ascii=False).encode())
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        path = base_model / name
        if path.is_file():
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def train(
    data: TrainingData,
    base_model: Path,
    out_dir: Path,
    *,
    settings: TrainingSettings,
    progress: Progress,
    validation: Sequence[Example] = (),
) -> TrainingReport:
    """Train, measure and write a model folder; an old one at `out_dir` is replaced at the end.

    With validation texts the experts are fitted once, on all examples. Without, twice: on all but a
    stratified held-out part, which then gives factors, thresholds and the report; and on
    everything, which is what serves. A killed training goes on where it was when it is called
    again with the same data.

    Raises:
        ValueError: The data has fewer than two intents.
    """
    # Imported here so that a start with a cached model, which needs only the digest, doesn't wait
    # seconds for torch and scikit-learn.
    from nlu.entities import EntityExtractor
    from nlu.fitting import CHECKPOINT, Fitter
    from nlu.judging import judge
    from nlu.tagging import TagScheme

    started = time.monotonic()
    corpus = Corpus.build(
        data.examples,
        base_model,
        max_tokens=settings.encoder.max_tokens,
        min_known_share=settings.min_known_share,
    )
    readable = [corpus.examples[row] for row in np.flatnonzero(corpus.for_encoder)]
    extractor = EntityExtractor(data.lookups, data.synonyms, data.regexes)
    scheme = TagScheme.of(readable)
    fitter = Fitter(corpus, scheme, extractor, base_model, settings, progress)
    digest = data_digest(data, base_model, settings, validation)
    work = out_dir.parent / _work_name(corpus, digest)
    work.mkdir(parents=True, exist_ok=True)
    final = work / "final"
    held_out = _held_out(corpus, validation) if validation else _fit_trial(fitter, work, progress)
    progress("fitting on everything", 1, 2)
    epochs = fitter.fit(np.arange(len(corpus.texts)), final)
    reads = set(corpus.languages[corpus.for_encoder].tolist())
    judgement = judge(held_out, final if validation else work / "trial", reads, settings)
    has_encoder = (final / ENCODER).is_file()
    if judgement.int8 and has_encoder:
        (final / INT8_ENCODER).replace(final / ENCODER)
    (final / INT8_ENCODER).unlink(missing_ok=True)
    card = ModelCard(
        corpus.names, judgement.mixes, settings.encoder.max_tokens, has_encoder, scheme, digest
    )
    save_card(final, card)
    report = _report(corpus, judgement, digest=digest, epochs=epochs, started=started)
    _write_report(fitter, judgement, report, final, base_model)
    (final / CHECKPOINT).unlink(missing_ok=True)
    _replace(final, out_dir)
    shutil.rmtree(work)
    progress("fitting on everything", 2, 2)
    return report


def _work_name(corpus: Corpus, digest: str) -> str:
    """The folder that a killed training is resumed from.

    The digest knows no order, but the order decides which rows are held out: the same data in
    another order must not be judged on rows that the trial was taught.
    """
    order = json.dumps([digest, corpus.texts, corpus.labels.tolist()])
    return f".training-{hashlib.sha256(order.encode()).hexdigest()[:16]}"


def _fit_trial(fitter: "Fitter", work: Path, progress: Progress) -> "HeldOut":
    """Fit without a stratified part of the corpus, and return that part."""
    from nlu.judging import HeldOut

    corpus = fitter.corpus
    rest, held_out = corpus.split(fitter.settings.held_out_share, fitter.settings.seed)
    progress("fitting without the held-out part", 0, 2)
    done = work / "trial" / CARD  # marks a trial that a killed training had finished
    if not done.is_file():
        fitter.fit(rest, work / "trial")
        done.touch()
    return HeldOut(
        tuple(corpus.pick(held_out)), corpus.labels[held_out], corpus.languages[held_out],
        corpus.names,
    )  # fmt: skip


def _held_out(corpus: Corpus, validation: Sequence[Example]) -> "HeldOut":
    from nlu.judging import HeldOut

    number = {name: label for label, name in enumerate(corpus.names)}
    texts = tuple(normalise(example.text) for example in validation)
    labels = np.array([number.get(example.intent, -1) for example in validation], dtype=np.int64)
    languages = np.array([detect_language(text) for text in texts])
    return HeldOut(texts, labels, languages, corpus.names)


def _report(
    corpus: Corpus, judgement: "Judgement", *, digest: str, epochs: int, started: float
) -> TrainingReport:
    found = judgement.predictions
    return TrainingReport(
        digest=digest,
        examples=len(corpus.texts),
        intents=len(corpus.names),
        epochs=epochs,
        int8=judgement.int8,
        seconds=round(time.monotonic() - started, 1),
        metrics=measure(found),
        languages=measure_languages(found),
    )


def _write_report(
    fitter: "Fitter",
    judgement: "Judgement",
    report: TrainingReport,
    folder: Path,
    base_model: Path,
) -> None:
    """Write what a person should mend next, as a page and as JSON."""
    from nlu.encoder_training import sentence_vectors
    from nlu.report.building import build_report, write_report
    from nlu.report.document import TrainingFacts

    corpus, progress = fitter.corpus, fitter.progress
    encoder = folder / ENCODER
    facts = TrainingFacts(
        seconds=report.seconds, examples=report.examples, intents=report.intents,
        epochs=report.epochs, int8=report.int8,
        encoder_bytes=encoder.stat().st_size if encoder.is_file() else 0,
        full_accuracy=judgement.full_accuracy, int8_accuracy=judgement.int8_accuracy,
    )  # fmt: skip
    reads = zip(corpus.texts, corpus.for_encoder, strict=True)
    texts = [text if read else "" for text, read in reads]
    vectors = sentence_vectors(texts, base_model, fitter.settings.encoder)
    write_report(
        build_report(
            examples=corpus.examples, vectors=vectors, held_out=judgement.predictions,
            facts=facts, progress=progress, seed=fitter.settings.seed,
        ),
        folder,
    )  # fmt: skip


def _replace(folder: Path, target: Path) -> None:
    """Move a finished folder into place; where one was before, there is none for a moment."""
    if target.exists():
        old = folder.with_name("old")
        target.rename(old)
    folder.rename(target)
