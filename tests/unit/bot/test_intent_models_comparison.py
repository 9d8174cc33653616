from pathlib import Path

import pytest
from scripted_intents import QUESTIONS, question, right_on, scripted

from bot.intent_models.comparison import (
    FEWEST,
    IntentTest,
    compare,
    intent_tests,
    text_digest,
)
from bot.publishing.questions import shop_intent_tests
from knowledge.entries import Entry, Source
from knowledge.formats.questions import Question
from nlu.metrics import sign_test
from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example


@pytest.mark.parametrize(
    ("losses", "gains", "chance"),
    [(0, 0, 1.0), (1, 0, 0.5), (3, 0, 0.125), (4, 0, 0.0625), (5, 1, 7 / 64), (0, 4, 1.0)],
)
def test_the_sign_test_is_exact(losses: int, gains: int, chance: float) -> None:
    assert sign_test(losses, gains) == pytest.approx(chance)


def test_the_sign_test_stands_many_questions() -> None:
    assert 0.49 < sign_test(5000, 5000) < 0.51


@pytest.mark.parametrize(
    ("live", "candidate", "worse"),
    [(36, 40, False), (40, 40, False), (40, 37, False), (40, 36, True), (40, 0, True)],
)
def test_worse_is_what_loses_more_than_chance_explains(
    live: int, candidate: int, worse: bool
) -> None:
    verdict = compare(right_on("live", live), right_on("new", candidate), QUESTIONS)
    assert (verdict.right_live, verdict.right, verdict.asked) == (live, candidate, 40)
    assert verdict.worse is worse
    assert len(verdict.losses) == max(live - candidate, 0)
    assert verdict.gains == max(candidate - live, 0)


def test_losses_that_gains_outweigh_are_no_loss() -> None:
    swapped = {q.text: "b" if n < 6 else "a" for n, q in enumerate(QUESTIONS)}
    verdict = compare(right_on("live", 34), scripted("new", "ab", swapped), QUESTIONS)
    assert (len(verdict.losses), verdict.gains, verdict.worse) == (6, 6, False)


def test_a_loss_says_what_was_asked_where_and_what_was_understood() -> None:
    [loss] = compare(right_on("live", 40), right_on("new", 39), QUESTIONS).losses
    assert (loss.test, loss.said) == (QUESTIONS[39], "b")


def test_few_questions_refuse_nothing_and_it_says_so() -> None:
    few = QUESTIONS[: FEWEST - 1]
    verdict = compare(right_on("live", 40), right_on("new", 0), few)
    assert not verdict.worse
    assert "too few questions" in str(verdict)


def test_without_a_live_model_nothing_is_worse() -> None:
    verdict = compare(None, right_on("new", 10), QUESTIONS)
    assert (verdict.right, verdict.right_live, verdict.worse) == (10, None, False)
    assert str(verdict) == "10 of 40 test questions are understood rightly"


def test_intents_that_one_model_lacks_are_left_out_and_named() -> None:
    tests = (*QUESTIONS, question(50, "new"), question(51, "gone"))
    live = scripted("live", ("a", "gone"), {"q51": "gone"})
    candidate = scripted("new", ("a", "new"), {"q50": "new"})
    verdict = compare(live, candidate, tests)
    assert (verdict.asked, verdict.losses, verdict.gains) == (40, (), 0)
    assert verdict.one_sided == ("gone", "new")


def test_questions_that_one_model_was_trained_on_are_left_out_whatever_their_capitals() -> None:
    taught = frozenset({text_digest("Q3"), text_digest(" q4 ")})
    verdict = compare(right_on("live", 40), right_on("new", 0), QUESTIONS, trained_on=taught)
    assert (verdict.asked, verdict.trained_on) == (38, 2)


def test_out_of_scope_is_right_when_rejected_or_named_so() -> None:
    tests = [question(number, "") for number in range(3)]
    live = scripted("live", ("a", OUT_OF_SCOPE), {"q1": "a"})
    candidate = scripted("new", ("a", OUT_OF_SCOPE), {"q2": "a"})
    verdict = compare(live, candidate, tests)
    assert (verdict.right_live, verdict.right) == (2, 2)
    assert [loss.test.text for loss in verdict.losses] == ["q2"]


def test_tests_come_from_questions_entries_and_the_shops_own_folder() -> None:
    source = Source("faq/x.md", 7)
    entries = [
        Entry("one", "en", "One?", "1", source, intent="a", tests=("of the entry",)),
        Entry("two", "en", "Two?", "2", source, tests=("nobody knows",)),
    ]
    asked = Source("tests/questions.yml", 3)
    questions = [
        Question("by intent", "en", frozenset({"a", "b"}), asked),
        Question("by entry", "en", frozenset({"one"}), asked),
        Question("entry without intent", "en", frozenset({"two"}), asked),
        Question("outside", "en", frozenset(), asked),
    ]
    own = [
        Example("own", "b", (), "tests/intents/x.yml", 2),
        Example("own outside", OUT_OF_SCOPE, (), "tests/intents/x.yml", 3),
    ]
    found = intent_tests(questions, entries, own)
    assert {t.text: set(t.acceptable) for t in found} == {
        "of the entry": {"a"},
        "by intent": {"a", "b"},
        "by entry": {"a"},
        "outside": set(),
        "own": {"b"},
        "own outside": set(),
    }
    assert IntentTest("own", frozenset({"b"}), "tests/intents/x.yml:2") in found


def test_a_shops_own_intent_tests_are_read_with_their_places(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "intents"
    folder.mkdir(parents=True)
    (folder / "orders.yml").write_text("nlu:\n- intent: a\n  examples: |\n    - where is it\n")
    (tmp_path / "tests" / "questions.yml").write_text(
        "questions:\n  - question: what is the weather\n    language: en\n    intents: []\n"
    )
    assert shop_intent_tests(tmp_path, ()) == (
        IntentTest("what is the weather", frozenset(), "tests/questions.yml:2"),
        IntentTest("where is it", frozenset({"a"}), "tests/intents/orders.yml:4"),
    )
    assert shop_intent_tests(tmp_path / "none", ()) == ()
