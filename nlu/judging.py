"""What the fitted experts say of held-out texts: their mixture, int8 or not, and the figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlu.calibration import fit_factors, fit_scope
from nlu.characters import CharacterExpert
from nlu.language import LANGUAGES, Language
from nlu.metrics import sign_test
from nlu.mixture import LanguageMix, Opinions, probabilities, scope_features
from nlu.model_files import CHARACTERS, ENCODER, INT8_ENCODER, outside_column
from nlu.onnx_model import OnnxIntentModel
from nlu.predictions import Predictions
from nlu.settings import TrainingSettings

_CHANCE = 0.1
_LEAST_TO_HALVE = 40
"""Held-out rows of a language from which figures come from factors fitted on the other half."""


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Texts that the judged experts haven't seen; label -1 where out of scope is no class."""

    texts: tuple[str, ...]
    labels: NDArray[np.int64]
    languages: NDArray[np.str_]
    names: tuple[str, ...]

    @property
    def outside(self) -> int | None:
        """The column of the out-of-scope class, where it is taught."""
        return outside_column(self.names)

    @property
    def is_outside(self) -> NDArray[np.bool_]:
        """(texts,) whether it is truly out of scope."""
        return np.isin(self.labels, (-1, -1 if self.outside is None else self.outside))


@dataclass(frozen=True, eq=False)
class Judgement:
    """How to mix, what the mixture says of the held-out texts, and the network's accuracies."""

    mixes: dict[Language, LanguageMix]
    predictions: Predictions
    int8: bool
    full_accuracy: float | None
    int8_accuracy: float | None


def judge(
    held_out: HeldOut, folder: Path, reads: set[Language], settings: TrainingSettings
) -> Judgement:
    """Fit factors and scope rules by language, and choose int8 where it loses nothing to speak of.

    Args:
        held_out: Texts with their labels.
        folder: The experts' files; there may be no network.
        reads: The languages that the network was taught.
        settings: Shares and losses allowed.
    """
    full = _read(held_out, folder / ENCODER, reads, settings)
    int8 = _read(held_out, folder / INT8_ENCODER, reads, settings)
    full_right, int8_right = (_right(held_out, opinions) for opinions in (full, int8))
    use_int8 = full.tuned is not None and _is_as_good(
        int8_right, full_right, max_loss=settings.max_int8_loss
    )
    margins = CharacterExpert.load(folder / CHARACTERS).margins(held_out.texts)
    opinions = replace(int8 if use_int8 else full, characters=margins)
    mixes = {}
    classes = len(held_out.names)
    shares = np.full((len(held_out.texts), classes), 1.0 / max(classes, 1))
    scope, rejected = np.ones(len(shares)), np.zeros(len(shares), dtype=np.bool_)
    for language in LANGUAGES:
        rows = np.flatnonzero(held_out.languages == language)
        own = _select(opinions, rows, read=language in reads and opinions.tuned is not None)
        mixes[language] = _fit(held_out, rows, own, settings)
        for part, mix in _cross_fitted(held_out, rows, opinions, own, mixes[language], settings):
            mixed = mix.logits(_select(opinions, part, read=own.tuned is not None))
            shares[part] = probabilities(mixed)
            scope[part] = mix.scope.probability(scope_features(mixed, held_out.outside))
            rejected[part] = scope[part] < mix.scope.threshold
    predictions = Predictions(
        held_out.names, held_out.texts, held_out.labels, shares, scope, rejected,
        held_out.languages,
    )  # fmt: skip
    return Judgement(mixes, predictions, use_int8, _share(full_right), _share(int8_right))


def _read(
    held_out: HeldOut, path: Path, reads: set[Language], settings: TrainingSettings
) -> Opinions:
    """The network's logits, zero for languages that it doesn't read; None without a network."""
    nobody = np.zeros((len(held_out.texts), 0))
    if not path.is_file():
        return Opinions(nobody)
    model = OnnxIntentModel(
        path, path.parent,
        max_tokens=settings.encoder.max_tokens, threads=settings.encoder.threads,
    )  # fmt: skip
    tuned = np.zeros((len(held_out.texts), len(held_out.names)))
    probe = np.zeros_like(tuned)
    for row in np.flatnonzero(np.isin(held_out.languages, sorted(reads))):
        # One by one, as in serving: int8 rounds by the range of the whole batch.
        (reading,) = model.read([held_out.texts[row]])
        tuned[row], probe[row] = reading.tuned, reading.probe
    return Opinions(nobody, tuned, probe)


def _right(held_out: HeldOut, opinions: Opinions) -> NDArray[np.bool_]:
    """Which of the held-out texts that the network reads it gets right, characters aside."""
    if opinions.tuned is None or opinions.probe is None:
        return np.zeros(0, dtype=np.bool_)
    rows = opinions.tuned.any(axis=1) & (held_out.labels >= 0)
    right: NDArray[np.bool_] = (opinions.tuned + opinions.probe).argmax(axis=1) == held_out.labels
    return right[rows]


def _is_as_good(
    int8: NDArray[np.bool_], full: NDArray[np.bool_], *, max_loss: float
) -> bool:
    """Whether int8 loses no more than allowed, as far as so many texts can tell.

    One of 150 texts is 0.7 points: a loss counts only where a one-sided sign test over the texts
    that just one of the two gets right would call it no chance (p < 0.1).
    """
    lost, won = int((full & ~int8).sum()), int((int8 & ~full).sum())
    if lost - won <= max_loss * len(full):
        return True
    return sign_test(lost, won) >= _CHANCE


def _share(right: NDArray[np.bool_]) -> float | None:
    return float(right.mean()) if len(right) else None


def _fit(
    held_out: HeldOut, rows: NDArray[np.int64], opinions: Opinions, settings: TrainingSettings
) -> LanguageMix:
    """Fit one language's mixture on rows of it, whose opinions are given."""
    labels = held_out.labels[rows]
    known = labels >= 0
    if not known.any():
        network = 0.0 if opinions.tuned is None else 0.5
        return LanguageMix(5.0, network, network)
    mix = fit_factors(_select(opinions, np.flatnonzero(known), read=True), labels[known])
    features = scope_features(mix.logits(opinions), held_out.outside)
    scope = fit_scope(
        features, held_out.is_outside[rows], rejected_share=settings.rejected_share
    )
    return replace(mix, scope=scope)


def _cross_fitted(
    held_out: HeldOut,
    rows: NDArray[np.int64],
    opinions: Opinions,
    own: Opinions,
    mix: LanguageMix,
    settings: TrainingSettings,
) -> Sequence[tuple[NDArray[np.int64], LanguageMix]]:
    """Return parts of the rows, each with a mixture that was not fitted on them.

    So that the report doesn't praise factors by the rows that they were fitted on.
    """
    if len(rows) < _LEAST_TO_HALVE:
        return [(rows, mix)] if len(rows) else []
    even, odd = rows[::2], rows[1::2]
    read = own.tuned is not None
    return [
        (part, _fit(held_out, other, _select(opinions, other, read=read), settings))
        for part, other in ((even, odd), (odd, even))
    ]


def _select(opinions: Opinions, rows: NDArray[np.int64], *, read: bool) -> Opinions:
    """Return some rows; without the network's where it doesn't read them."""
    tuned = opinions.tuned[rows] if read and opinions.tuned is not None else None
    probe = opinions.probe[rows] if read and opinions.probe is not None else None
    return Opinions(opinions.characters[rows], tuned, probe)
