from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.gaps.drafting import MOST_EACH, draft_entry
from bot.gaps.grouping import Gap, question_key
from bot.gaps.solved import ask_again

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def gap(*questions: tuple[str, int], title: str = "", language: str = "en") -> Gap:
    return Gap(
        "g", language, title or questions[0][0], questions, sum(n for _, n in questions), (), (),
        MONDAY, MONDAY,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("questions", "phrasings", "tests"),
    [
        (["Norway?"], (), ()),
        (["Norway?", "to Oslo"], (), ("to Oslo",)),
        (["Norway?", "a b", "c d"], ("a b",), ("c d",)),
        (["Norway?", "a b", "c d", "e f", "g h"], ("a b", "e f"), ("c d", "g h")),
        (["Norway?", "NORWAY [order]", "a b", "A b!", "c d"], ("a b",), ("c d",)),
        (["Norway?", "parcel [order] to me", "x " * 120], (), ("parcel to me",)),
    ],
)
def test_the_questions_become_phrasings_and_tests(
    questions: Sequence[str], phrasings: tuple[str, ...], tests: tuple[str, ...]
) -> None:
    fields = draft_entry(gap(*((q, 1) for q in questions)), taken_ids=(), file="faq/new.en.md")
    assert (fields.question, fields.phrasings, fields.tests) == ("Norway?", phrasings, tests)
    assert (fields.answer, fields.intent, fields.file) == ("", "", "faq/new.en.md")


def test_a_large_group_gives_no_more_than_enough_and_no_question_twice() -> None:
    many = gap(*((f"question number{n} ?", 1) for n in range(100)), title="Norway?")
    fields = draft_entry(many, taken_ids=(), file="faq/new.en.md")
    assert len(fields.phrasings) == len(fields.tests) == MOST_EACH
    texts = [fields.question, *fields.phrasings, *fields.tests]
    assert len({question_key(text) for text in texts}) == len(texts)


def test_the_id_is_new_and_the_title_unmasked() -> None:
    parcel = gap(("Where is order [order]?", 1), language="de")
    fields = draft_entry(parcel, taken_ids={"where-is-order"}, file="faq/new.de.md")
    assert fields.question == "Where is order?"
    assert fields.key == ("where-is-order-2", "de")


@pytest.mark.parametrize(
    ("answered", "expected", "solved"),
    [
        ({"a b", "c d", "e"}, 10, True),
        ({"a b", "c d"}, 8, True),
        ({"a b", "e"}, 7, False),
        (set(), 0, False),
    ],
)
def test_a_group_is_solved_when_enough_messages_reach_an_answer(
    answered: set[str], expected: int, solved: bool
) -> None:
    asked: list[tuple[str, str]] = []

    def decide(text: str, language: str) -> str | None:
        asked.append((text, language))
        return "norway" if text in answered else None

    outcome = ask_again(gap(("a b", 5), ("c [order] d", 3), ("e", 2), language="zh"), decide)
    assert (outcome.asked, outcome.answered, outcome.solved) == (10, expected, solved)
    assert asked == [("a b", "zh"), ("c d", "zh"), ("e", "zh")]
    assert len(outcome.unanswered) == 3 - len(answered)
