"""Predictions and times from a stand-in model; training itself is an integration test."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import numpy as np
import pytest

from nlu.datasets import IntentDataset
from nlu.evaluation import Counts, count, predict
from nlu.language import detect_language
from nlu.metrics import measure_languages
from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example
from nlu.speed import CLIENTS, time_alone, time_together
from nlu.understanding import IntentRank, Understanding

NAMES = ("greet", "refund")


class StandIn:
    """Takes every text with "money" or "钱" for a refund, and rejects what has a question mark."""

    def __init__(self, names: Sequence[str] = NAMES) -> None:
        self.names = names
        self.asked: list[str] = []
        self.batches: list[int] = []

    def understand(self, text: str) -> Understanding:
        self.asked.append(text)
        refund = "money" in text or "钱" in text
        ranks = (IntentRank(self.names[refund], 0.75), IntentRank(self.names[not refund], 0.25))
        sure = 0.1 if "?" in text else 0.9
        return Understanding(text, detect_language(text), ranks, sure < 0.5, sure)

    def understand_batch(self, texts: Sequence[str]) -> list[Understanding]:
        self.batches.append(len(texts))
        return [self.understand(text) for text in texts]


def example(text: str, intent: str) -> Example:
    return Example(text, intent, (), "nlu.yml", 1)


EXAMPLES = (
    example("hello", "greet"),
    example("my money back", "refund"),
    example("退钱", "refund"),
    example("who won?", OUT_OF_SCOPE),
    example("give me my cash?", "refund"),
)


def ignore(stage: str, done: int, total: int) -> None:
    assert 0 < done <= total


def test_predictions_stand_in_the_columns_of_the_names() -> None:
    found = predict(StandIn(), EXAMPLES, NAMES, progress=ignore)
    assert found.texts == tuple(e.text for e in EXAMPLES)
    assert found.labels.tolist() == [0, 1, 1, -1, 1]
    assert found.outside.tolist() == [False, False, False, True, False]
    assert found.probabilities.tolist() == [
        [0.75, 0.25], [0.25, 0.75], [0.25, 0.75], [0.75, 0.25], [0.75, 0.25],
    ]  # fmt: skip
    assert found.scope.tolist() == [0.9, 0.9, 0.9, 0.1, 0.1]
    assert found.rejected.tolist() == [False, False, False, True, True]
    assert found.languages.tolist() == ["en", "en", "zh", "en", "en"]


def test_out_of_scope_has_its_own_column_where_it_is_a_class() -> None:
    names = ("greet", OUT_OF_SCOPE, "refund")
    found = predict(StandIn(), EXAMPLES, names, progress=ignore)
    assert found.labels.tolist() == [0, 2, 2, 1, 2]
    assert found.outside.tolist() == [False, False, False, True, False]
    assert found.probabilities[0].tolist() == [0.75, 0.0, 0.25]


def test_many_examples_keep_their_order_over_batches() -> None:
    words = ("hello", "money")
    examples = [example(f"{words[n % 2]} {n}", NAMES[n % 2]) for n in range(75)]
    told: list[tuple[int, int]] = []
    model = StandIn()
    found = predict(model, examples, NAMES, progress=lambda _, *counts: told.append(counts))
    assert (found.best_inside == found.labels).all()
    assert model.batches == [32, 32, 11]
    assert told == [(32, 75), (64, 75), (75, 75)]


def test_no_examples_make_empty_predictions() -> None:
    found = predict(StandIn(), (), NAMES, progress=ignore)
    assert found.probabilities.shape == (0, 2)
    assert measure_languages(found) == {}


@pytest.mark.parametrize(
    ("names", "message"),
    [(("greet",), "labels that the model doesn't know: refund"),
     (("refund", "bye", "greet"), "the model answers 'help'")],
)  # fmt: skip
def test_names_that_do_not_fit_are_refused(names: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        predict(StandIn(("help", "refund")), EXAMPLES, names, progress=ignore)


def test_each_language_has_its_figures() -> None:
    found = measure_languages(predict(StandIn(), EXAMPLES, NAMES, progress=ignore))
    assert {language: (m.rows, m.outside_rows) for language, m in found.items()} == {
        "en": (3, 1), "zh": (1, 0),
    }  # fmt: skip
    assert found["en"].accuracy == pytest.approx(2 / 3)
    assert found["en"].rejected_in_scope == pytest.approx(1 / 3)


def test_out_of_scope_is_not_counted_as_an_intent() -> None:
    data = IntentDataset(EXAMPLES, EXAMPLES[:1], EXAMPLES[:2], leaked=2)
    assert count(data) == Counts(intents=2, train=5, validation=1, test=2, leaked=2)


def test_every_text_is_timed_alone_after_the_warm_up() -> None:
    model = StandIn()
    times = time_alone(model, ["a", "b", "c"], warm_up=["w"], progress=ignore)
    assert model.asked == ["w", "a", "b", "c"]
    assert len(times) == 3
    assert min(times) > 0


def test_as_many_clients_as_said_wait_at_once_and_every_text_is_asked_once() -> None:
    model = StandIn()
    waiting: list[int] = []

    def batcher(
        work: Callable[[Sequence[str]], Sequence[Understanding]],
    ) -> Callable[[str], Awaitable[Understanding]]:
        inside = 0

        async def one(text: str) -> Understanding:
            nonlocal inside
            inside += 1
            waiting.append(inside)
            await asyncio.sleep(0)
            inside -= 1
            return work([text])[0]

        return one

    texts = [f"text {number}" for number in range(100)]
    rate = time_together(model, texts, warm_up=["w"], batcher=batcher)
    assert sorted(model.asked[1:]) == sorted(texts)
    assert max(waiting) == CLIENTS
    assert np.isfinite(rate)
    assert rate > 0
