"""Weights of tokens in texts."""

import numpy as np
import pytest

from knowledge.index.product_weights import TokenWeights


def test_sums_add_up_by_text_and_by_what_a_token_counts() -> None:
    weights = TokenWeights.of([("red", 0, 0.5), ("tent", 1, 2.0), ("red", 1, 1.0)], 3)
    assert weights.sums({"red": 1.0, "tent": 0.5, "unknown": 9.0}).tolist() == [0.5, 2.0, 0.0]


@pytest.mark.parametrize("documents", [[], [[]], [[], []]])
def test_texts_without_tokens_score_nothing(documents: list[list[str]]) -> None:
    weights = TokenWeights.bm25(documents)
    assert weights.shares({"tent": 1.0}).tolist() == [0.0] * len(documents)


def test_the_best_text_scores_one_and_an_unknown_token_counts_against_all() -> None:
    weights = TokenWeights.bm25([["red", "tent"], ["tent"], [], ["stove", "red", "blue"]])
    known = weights.shares({"stove": 1.0})
    assert known[3] == pytest.approx(1.0)
    assert known[:3].tolist() == [0.0, 0.0, 0.0]
    assert 0 < weights.shares({"stove": 1.0, "unknown": 1.0})[3] < 0.6


def test_a_rarer_token_and_a_shorter_text_weigh_more() -> None:
    weights = TokenWeights.bm25([["red", "tent"], ["tent"], ["tent", "old", "big"]])
    assert weights.sums({"red": 1.0})[0] > weights.sums({"tent": 1.0})[0]
    assert np.argsort(-weights.sums({"tent": 1.0})).tolist() == [1, 0, 2]
