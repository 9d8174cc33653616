import numpy as np
import pytest

from nlu.calibration import (
    area_under_roc,
    expected_calibration_error,
    fit_scales,
    fit_threshold,
)
from nlu.mixture import LanguageMix, scope_probability


def test_probabilities_add_scaled_logits() -> None:
    encoder, character = np.array([[2.0, 0.0]]), np.array([[0.0, 1.0]])
    mixed = LanguageMix(0.5, 1.0).probabilities(encoder, character)
    np.testing.assert_allclose(mixed, [[0.5, 0.5]])
    assert LanguageMix(0.0, 1000.0).probabilities(None, character)[0, 1] == pytest.approx(1.0)


def test_the_better_expert_gets_the_weight_and_the_result_is_calibrated() -> None:
    chance = np.random.default_rng(0)
    labels = chance.integers(0, 4, 3000)
    truth = chance.normal(size=(3000, 4))
    truth[np.arange(3000), labels] += 2.0
    noise = chance.normal(size=(3000, 4))
    mix = fit_scales(truth * 7.0, noise, labels)  # overconfident by 3.5
    probabilities = mix.probabilities(truth * 7.0, noise)
    assert mix.encoder_scale > 0.2
    assert mix.character_scale < 0.1
    assert expected_calibration_error(probabilities, labels) < 0.03


def test_few_separable_rows_give_bounded_scales() -> None:
    logits = np.eye(3)
    mix = fit_scales(None, logits, np.arange(3))
    assert mix.encoder_scale == 0.0
    assert 1.0 < mix.character_scale <= 20.0


@pytest.mark.parametrize(
    ("row", "low", "high"),
    [
        ([0.98, 0.01, 0.01], 0.95, 1.0),  # one sure topic
        ([0.49, 0.49, 0.02], 0.9, 1.0),  # two near topics are still in scope
        ([0.04, 0.01, 0.95], 0.0, 0.06),  # the out-of-scope class
        ([0.0, 0.0, 1.0], 0.0, 0.0),
    ],
)
def test_scope_probability(row: list[float], low: float, high: float) -> None:
    assert low <= scope_probability(np.array([row]), 2)[0] <= high


def test_scope_without_an_out_of_scope_class_is_the_best_probability() -> None:
    assert scope_probability(np.array([[0.7, 0.3]]), None).tolist() == [0.7]


def test_threshold_rejects_at_most_the_share() -> None:
    scope = np.linspace(0.1, 0.49, 100)
    threshold = fit_threshold(scope, rejected_share=0.03)
    assert 0.02 <= (scope < threshold).mean() <= 0.03
    assert fit_threshold(np.array([0.99, 0.999]), rejected_share=0.03) == 0.95
    assert fit_threshold(np.array([]), rejected_share=0.03) == 0.5


def test_area_under_roc() -> None:
    assert area_under_roc([0.9, 0.5], [0.5, 0.1]) == pytest.approx(0.875)
    assert area_under_roc([], [0.1]) is None
