import numpy as np
import pytest
from numpy.typing import NDArray

from nlu.calibration import fit_factors, fit_scope
from nlu.metrics import area_under_roc, expected_calibration_error
from nlu.mixture import Opinions, ScopeRule, probabilities

Floats = NDArray[np.float64]


def opinions_of(truth: Floats, noise: Floats) -> dict[str, Opinions]:
    return {
        "characters": Opinions(truth, noise, noise),
        "tuned": Opinions(noise, truth, noise),
        "probe": Opinions(noise, noise, truth),
    }


@pytest.mark.parametrize("expert", ["characters", "tuned", "probe"])
def test_who_knows_gets_the_weight_and_the_result_is_calibrated(expert: str) -> None:
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 4, 3000)
    truth, noise = chance.normal(size=(2, 3000, 4))
    truth[np.arange(3000), labels] += 2.0  # so 2 is the factor of a calibrated mixture
    opinions = opinions_of(truth * 7.0, noise)[expert]  # overconfident by 3.5
    mix = fit_factors(opinions, labels)
    factors = {"characters": mix.characters, "tuned": mix.tuned, "probe": mix.probe}
    assert factors.pop(expert) == pytest.approx(2 / 7, rel=0.1)
    assert max(factors.values()) < 0.1
    error = expected_calibration_error(probabilities(mix.logits(opinions)), labels)
    assert error is not None
    assert error < 0.03


def test_two_experts_that_know_different_halves_both_have_a_say() -> None:
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 4, 2000)
    one, other = chance.normal(size=(2, 2000, 4))
    one[np.arange(2000), labels] += 2.0
    other[np.arange(2000), labels] += 2.0
    mix = fit_factors(Opinions(one, other, np.zeros_like(one)), labels)
    assert min(mix.characters, mix.tuned) > 1.0


def test_a_few_separable_rows_give_bounded_factors() -> None:
    mix = fit_factors(Opinions(np.eye(3)), np.arange(3))
    assert 1.0 < mix.characters < 7.0  # where the pull and the rows are in balance is 5.4
    assert not mix.reads_encoder


def test_a_misleading_expert_is_silenced_and_not_turned_round() -> None:
    labels = np.arange(40) % 2
    right = np.eye(2)[labels] * 3.0
    mix = fit_factors(Opinions(right, -right, -right), labels)
    assert (mix.tuned, mix.probe) == (0.0, 0.0)
    assert mix.characters > 1.0


def features(inside: int, outside: int, *, taught: bool) -> tuple[Floats, NDArray[np.bool_]]:
    """Rows in scope are near a topic, the others are not; `taught`: and near the other class."""
    chance = np.random.default_rng(0)
    is_outside = np.arange(inside + outside) >= inside
    best = chance.normal(np.where(is_outside, 2.0, 6.0), 1.0)
    mass = best + 0.5 + 0.1 * chance.random(len(best))
    other = chance.normal(np.where(is_outside, 4.0, 0.0), 1.0) if taught else np.zeros(len(best))
    return np.stack([best, mass, other], axis=1), is_outside


@pytest.mark.parametrize("taught", [True, False])
def test_with_enough_of_both_the_rule_tells_them_apart(taught: bool) -> None:
    rows, is_outside = features(400, 60, taught=taught)
    rule = fit_scope(rows, is_outside, rejected_share=0.03)
    scope = rule.probability(rows)
    told = area_under_roc(scope[~is_outside], scope[is_outside])
    assert told is not None
    assert told > 0.98
    assert (scope[is_outside] < rule.threshold).mean() > 0.9
    assert (scope[~is_outside] < rule.threshold).sum() == int(0.03 * 399)
    assert 0.0 < rule.threshold < 1.0


@pytest.mark.parametrize(("inside", "outside"), [(200, 0), (200, 19), (19, 200)])
@pytest.mark.parametrize("taught", [True, False])
def test_with_too_few_the_threshold_rejects_at_most_the_share(
    inside: int, outside: int, taught: bool
) -> None:
    rows, is_outside = features(inside, outside, taught=taught)
    rule = fit_scope(rows, is_outside, rejected_share=0.03)
    assert rule.weights == ScopeRule().weights
    rejected = rule.probability(rows[~is_outside]) < rule.threshold
    assert rejected.mean() <= 0.03
    assert rejected.sum() == int(0.03 * (inside - 1))  # and no less than it may


def test_without_a_row_in_scope_the_plain_rule_stays() -> None:
    rows, is_outside = features(0, 5, taught=True)
    assert fit_scope(rows, is_outside, rejected_share=0.03) == ScopeRule()
