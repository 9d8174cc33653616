import math

import numpy as np
import pytest

from nlu.mixture import LanguageMix, Opinions, ScopeRule, probabilities, scope_features

CHARACTERS, TUNED, PROBE = (np.array([row]) for row in ([0.0, 1.0], [2.0, 0.0], [0.0, 4.0]))


@pytest.mark.parametrize(
    ("mix", "opinions", "logits"),
    [
        (LanguageMix(1.0, 0.5, 0.25), Opinions(CHARACTERS, TUNED, PROBE), [1.0, 2.0]),
        (LanguageMix(1.0, 0.5, 0.0), Opinions(CHARACTERS, TUNED, PROBE), [1.0, 1.0]),
        (LanguageMix(3.0, 0.5, 0.25), Opinions(CHARACTERS), [0.0, 3.0]),
        (LanguageMix(0.0), Opinions(CHARACTERS), [0.0, 0.0]),
    ],
)
def test_logits_are_added_with_their_factors(
    mix: LanguageMix, opinions: Opinions, logits: list[float]
) -> None:
    np.testing.assert_allclose(mix.logits(opinions), [logits])


@pytest.mark.parametrize(
    ("mix", "reads"),
    [
        (LanguageMix(1.0), False),
        (LanguageMix(1.0, tuned=0.1), True),
        (LanguageMix(1.0, probe=0.1), True),
    ],
)
def test_the_network_has_a_say_by_either_head(mix: LanguageMix, reads: bool) -> None:
    assert mix.reads_encoder is reads


def test_probabilities_sum_to_one_however_large_the_logits() -> None:
    found = probabilities(np.array([[0.0, 0.0], [1000.0, 0.0], [0.0, math.log(3.0)]]))
    np.testing.assert_allclose(found, [[0.5, 0.5], [1.0, 0.0], [0.25, 0.75]], atol=1e-12)


def test_scope_features_are_best_topic_mass_and_the_out_of_scope_logit() -> None:
    mixed = np.array([[1.0, 5.0, 2.0], [1000.0, 0.0, 1000.0]])
    expected = [
        [2.0, math.log(math.exp(1) + math.exp(2)), 5.0],
        [1000.0, 1000.0 + math.log(2), 0.0],
    ]
    np.testing.assert_allclose(scope_features(mixed, 1), expected)


def test_without_an_out_of_scope_class_its_feature_is_nothing() -> None:
    found = scope_features(np.array([[1.0, 2.0]]), None)
    np.testing.assert_allclose(found, [[2.0, math.log(math.exp(1) + math.exp(2)), 0.0]])


@pytest.mark.parametrize(
    ("features", "probability"),
    [
        ([9.0, 1.0, 1.0], 0.5),  # mass against the out-of-scope class; the best topic aside
        ([0.0, math.log(3.0), 0.0], 0.75),
        ([0.0, 0.0, math.log(3.0)], 0.25),
        ([0.0, 1e9, 0.0], 1.0),
        ([0.0, -1e9, 0.0], 0.0),
    ],
)
def test_the_plain_scope_rule(features: list[float], probability: float) -> None:
    found = ScopeRule().probability(np.array([features]))
    np.testing.assert_allclose(found, [probability], atol=1e-12)


def test_a_scope_rule_weighs_all_three_and_its_bias() -> None:
    rule = ScopeRule((1.0, 2.0, 3.0), bias=-14.0)
    assert rule.probability(np.array([[1.0, 2.0, 3.0]])) == pytest.approx(0.5)
