"""Three experts into one calibrated distribution, and the evidence that the shop can help."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Logits = NDArray[np.float64]


@dataclass(frozen=True)
class Opinions:
    """(texts, classes) logits of each expert; the network's are None where it can't read."""

    characters: Logits
    tuned: Logits | None = None
    probe: Logits | None = None


@dataclass(frozen=True)
class ScopeRule:
    """A logistic rule over what `scope_features` returns, and below which probability it is out."""

    weights: tuple[float, float, float] = (0.0, 1.0, -1.0)
    bias: float = 0.0
    threshold: float = 0.5

    def probability(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (texts,) evidence in [0, 1] that one of the shop's topics is meant."""
        sums = np.clip(features @ np.asarray(self.weights) + self.bias, -50.0, 50.0)
        shares: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-sums))
        return shares


@dataclass(frozen=True)
class LanguageMix:
    """How one language's experts are mixed.

    Logits are added with these factors before the softmax. Weight and temperature are one thing
    so: a factor is the expert's share divided by the temperature.
    """

    characters: float
    tuned: float = 0.0
    probe: float = 0.0
    scope: ScopeRule = field(default_factory=ScopeRule)

    @property
    def reads_encoder(self) -> bool:
        """Whether the network has a say."""
        return self.tuned > 0 or self.probe > 0

    def logits(self, opinions: Opinions) -> Logits:
        """Return (texts, classes) mixed logits."""
        mixed: Logits = self.characters * opinions.characters
        for factor, logits in ((self.tuned, opinions.tuned), (self.probe, opinions.probe)):
            if logits is not None and factor:
                mixed = mixed + factor * logits
        return mixed


def probabilities(mixed: Logits) -> Logits:
    """Return (texts, classes) rows that sum to 1."""
    powers: Logits = np.exp(mixed - mixed.max(axis=1, keepdims=True))
    shares: Logits = powers / powers.sum(axis=1, keepdims=True)
    return shares


def scope_features(mixed: Logits, outside: int | None) -> NDArray[np.float64]:
    """Return (texts, 3): the best topic's logit, all topics' mass, the out-of-scope class's logit.

    The first two tell a text near no topic, the third one near what was taught as out of scope.
    On CLINC150's validation rows the best logit alone has AUROC 0.9915, the class's share of the
    mass 0.958, the distance to the nearest examples 0.987, that of Mahalanobis 0.987.

    Args:
        mixed: (texts, classes) mixed logits.
        outside: The column of the `out_of_scope` class; None (then 0) when the shop teaches none.
    """
    inside = mixed if outside is None else np.delete(mixed, outside, axis=1)
    best = inside.max(axis=1)
    mass = best + np.log(np.exp(inside - best[:, None]).sum(axis=1))
    other = np.zeros(len(mixed)) if outside is None else mixed[:, outside]
    return np.stack([best, mass, other], axis=1)
