"""Train the intent model of one shop: both experts, their mixture, and the scope threshold."""

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import (
    area_under_roc,
    expected_calibration_error,
    fit_scales,
    fit_threshold,
)
from nlu.characters import CharacterExpert
from nlu.corpus import Corpus, Labels
from nlu.language import LANGUAGES, Language
from nlu.mixture import LanguageMix, scope_probability
from nlu.model_files import CHARACTERS, ENCODER, OUT_OF_SCOPE, REPORT, ModelCard, save_card
from nlu.onnx_model import OnnxIntentModel
from nlu.rasa_format import TrainingData
from nlu.settings import TrainingSettings

Progress = Callable[[str, int, int], None]
__all__ = [
    "LanguageReport",
    "TrainingReport",
    "TrainingSettings",
    "data_digest",
    "train",
]

_FORMAT = 2
"""Raise when the files or what is computed from the same data change: old caches then retrain."""


@dataclass(frozen=True)
class LanguageReport:
    """Figures on one language's held-out examples; None where there are no such examples."""

    examples: int
    accuracy: float | None
    calibration_error: float | None
    out_of_scope_recall: float | None
    out_of_scope_auroc: float | None
    rejected_in_scope: float | None
    encoder_scale: float
    character_scale: float
    threshold: float


@dataclass(frozen=True)
class TrainingReport:
    """What was trained, on what, and how well it does on held-out examples."""

    digest: str
    examples: int
    intents: int
    encoder_examples: int
    epochs: int
    int8: bool
    seconds: float
    languages: dict[Language, LanguageReport]


def data_digest(data: TrainingData, base_model: Path, settings: TrainingSettings) -> str:
    """Return a digest of all that the trained intents depend on, for a cache by content.

    Places, entities, lookups and synonyms don't count: the extractor reads those at load.
    """
    digest = hashlib.sha256()
    pairs = sorted({(example.intent, example.text) for example in data.examples})
    digest.update(json.dumps([_FORMAT, asdict(settings), pairs], ensure_ascii=False).encode())
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
) -> TrainingReport:
    """Train, measure and write a model folder; an old one at `out_dir` is replaced at the end.

    The experts are fitted twice: without a stratified held-out part, which then gives factors,
    thresholds and the report; and on everything, which is what serves.

    Raises:
        ValueError: The data has fewer than two intents.
    """
    started = time.monotonic()
    corpus = Corpus.build(
        data.examples,
        base_model,
        max_tokens=settings.encoder.max_tokens,
        min_known_share=settings.min_known_share,
    )
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out_dir.parent, prefix=".training-") as name:
        trial, final = Path(name) / "trial", Path(name) / "final"
        rest, held_out = corpus.split(settings.held_out_share, settings.seed)
        progress("fitting without the held-out part", 0, 2)
        _fit(corpus, rest, base_model, trial, settings=settings, progress=progress)
        use_int8 = _int8_is_as_good(corpus, held_out, trial, settings)
        mixes, languages = _measure(corpus, held_out, trial, settings)
        progress("fitting on everything", 1, 2)
        every = np.arange(len(corpus.texts))
        _fit(corpus, every, base_model, final, settings=settings, progress=progress)
        if corpus.for_encoder.any():
            _keep_one(final, use_int8)
        digest = data_digest(data, base_model, settings)
        card = ModelCard(
            corpus.names, mixes, settings.encoder.max_tokens, bool(corpus.for_encoder.any()), digest
        )
        save_card(final, card)
        encoder_examples = int(corpus.for_encoder.sum())
        report = TrainingReport(
            digest=digest,
            examples=len(corpus.texts),
            intents=len(corpus.names),
            encoder_examples=encoder_examples,
            epochs=settings.encoder.epochs(encoder_examples) if encoder_examples else 0,
            int8=use_int8,
            seconds=round(time.monotonic() - started, 1),
            languages=languages,
        )
        text = json.dumps(asdict(report), indent=1)
        (final / REPORT).write_text(text + "\n", encoding="utf-8")
        _replace(final, out_dir)
    progress("fitting on everything", 2, 2)
    return report


def _fit(
    corpus: Corpus,
    rows: Labels,
    base_model: Path,
    folder: Path,
    *,
    settings: TrainingSettings,
    progress: Progress,
) -> None:
    """Fit both experts on the rows and write them, the encoder in full and in int8."""
    # Imported here so that a start with a cached model, which needs only the digest, doesn't wait
    # seconds for torch.
    from nlu.character_training import train_characters
    from nlu.encoder_training import train_encoder
    from nlu.export import export_onnx, quantise

    folder.mkdir()
    texts, labels = corpus.pick(rows), corpus.labels[rows]
    train_characters(texts, labels, strength=settings.character_strength, seed=settings.seed).save(
        folder / CHARACTERS
    )
    read = rows[corpus.for_encoder[rows]]
    if not len(read):
        return
    model = train_encoder(
        corpus.pick(read), corpus.labels[read], len(corpus.names), base_model,
        settings=settings.encoder, progress=progress,
    )  # fmt: skip
    export_onnx(model, folder / ENCODER, max_tokens=settings.encoder.max_tokens)
    quantise(folder / ENCODER, folder / f"int8-{ENCODER}")
    shutil.copy(base_model / "tokenizer.json", folder)


def _open(folder: Path, name: str, settings: TrainingSettings) -> OnnxIntentModel:
    return OnnxIntentModel(
        folder / name, folder,
        max_tokens=settings.encoder.max_tokens, threads=settings.encoder.threads,
    )  # fmt: skip


def _int8_is_as_good(
    corpus: Corpus, held_out: Labels, trial: Path, settings: TrainingSettings
) -> bool:
    """Decide on int8 by held-out accuracy and leave only the chosen file in the trial folder."""
    if not corpus.for_encoder.any():
        return False
    read = held_out[corpus.for_encoder[held_out]]
    right = []
    for name in (ENCODER, f"int8-{ENCODER}"):
        model = _open(trial, name, settings)
        # One by one, as in serving: int8 rounds by the range of the whole batch.
        logits = np.concatenate(
            [model.logits([text]) for text in corpus.pick(read)] or [np.zeros((0, 1))]
        )
        right.append(
            float((logits.argmax(axis=1) == corpus.labels[read]).mean()) if len(read) else 0
        )
    use_int8 = right[1] >= right[0] - settings.max_int8_loss
    _keep_one(trial, use_int8)
    return use_int8


def _keep_one(folder: Path, int8: bool) -> None:
    if int8:
        (folder / f"int8-{ENCODER}").replace(folder / ENCODER)
    else:
        (folder / f"int8-{ENCODER}").unlink()


def _measure(
    corpus: Corpus, held_out: Labels, trial: Path, settings: TrainingSettings
) -> tuple[dict[Language, LanguageMix], dict[Language, LanguageReport]]:
    """Fit factors and thresholds by language on the held-out rows, and report on the same rows."""
    characters = CharacterExpert.load(trial / CHARACTERS)
    outside = corpus.names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in corpus.names else None
    mixes: dict[Language, LanguageMix] = {}
    reports: dict[Language, LanguageReport] = {}
    encoder = _open(trial, ENCODER, settings) if corpus.for_encoder.any() else None
    for language in LANGUAGES:
        rows = held_out[corpus.languages[held_out] == language]
        texts, labels = corpus.pick(rows), corpus.labels[rows]
        reads = encoder is not None and bool(corpus.for_encoder[corpus.languages == language].any())
        logits = encoder.logits(texts) if encoder is not None and reads else None
        margins = characters.margins(texts)
        if len(rows):
            mix = fit_scales(logits, margins, labels)
        else:
            mix = LanguageMix(1.0 if reads else 0.0, 5.0)
        probabilities = mix.probabilities(logits, margins)
        scope = scope_probability(probabilities, outside)
        is_outside = labels == (-1 if outside is None else outside)
        threshold = fit_threshold(scope[~is_outside], rejected_share=settings.rejected_share)
        mix = LanguageMix(mix.encoder_scale, mix.character_scale, threshold)
        mixes[language] = mix
        inside = probabilities[~is_outside]
        reports[language] = LanguageReport(
            examples=len(rows),
            accuracy=_mean(inside.argmax(axis=1) == labels[~is_outside]),
            calibration_error=(
                round(expected_calibration_error(probabilities, labels), 4) if len(rows) else None
            ),
            out_of_scope_recall=_mean(scope[is_outside] < threshold),
            out_of_scope_auroc=area_under_roc(scope[~is_outside], scope[is_outside]),
            rejected_in_scope=_mean(scope[~is_outside] < threshold),
            encoder_scale=round(mix.encoder_scale, 4),
            character_scale=round(mix.character_scale, 4),
            threshold=round(threshold, 4),
        )
    return mixes, reports


def _mean(hits: NDArray[np.bool_]) -> float | None:
    return round(float(hits.mean()), 4) if len(hits) else None


def _replace(folder: Path, target: Path) -> None:
    """Move a finished folder into place; a reader sees the old one or the new one."""
    if target.exists():
        old = folder.with_name("old")
        target.rename(old)
    folder.rename(target)
