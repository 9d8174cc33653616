import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.gaps import grouping
from bot.gaps.collect import Missed, Reason
from bot.gaps.grouping import Gap, group, question_key

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)


def by_words(texts: Sequence[str]) -> NDArray[np.float32]:
    """Each word a random direction: texts are as alike as the share of words in common."""
    rows = np.zeros((len(texts), 512), dtype=np.float32)
    for row, text in enumerate(texts):
        for word in text.split():
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4])
            rows[row] += np.random.default_rng(seed).standard_normal(512).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def asked(
    *texts: str, language: str = "en", reason: Reason = "unanswered", entry: str | None = None
) -> list[Missed]:
    return [
        Missed(text, language, MONDAY + timedelta(hours=n), f"c{n}", reason, entry)
        for n, text in enumerate(texts)
    ]


NORWAY = asked(
    "do you ship to norway",
    "Do you ship to Norway?",
    "ship to norway please",
    "do you ever ship to norway",
    "Do you ship to Norway?",
)


def questions(gaps: Sequence[Gap]) -> list[set[str]]:
    return [{text for text, _ in gap.questions} for gap in gaps]


def test_alike_questions_are_one_group_with_counts() -> None:
    tents = asked("can I rent a tent", reason="unsure", entry="choose-tent")
    norway, tent = group([*tents, *NORWAY], by_words)
    assert norway.questions[0] == ("Do you ship to Norway?", 3)
    assert norway.title == "Do you ship to Norway?"
    assert len(norway.questions) == 3
    assert (norway.count, norway.reasons, norway.entries) == (5, (("unanswered", 5),), ())
    assert (norway.first_at, norway.last_at) == (MONDAY, MONDAY + timedelta(hours=4))
    assert (tent.count, tent.reasons, tent.entries) == (
        1,
        (("unsure", 1),),
        (("choose-tent", 1),),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Do you ship?", "do you  SHIP"),
        ("Where is order 4417?", "where is order #4418"),
        ("mail a@b.com bounced", "mail c@example.org bounced!"),
        ("I can't log in", "i can’t log in."),
        ("可以寄到挪威吗？", "可以寄到挪威吗"),
        ("繁體訂單", "繁体订单"),
    ],
)
def test_case_signs_and_masked_data_make_no_difference(one: str, other: str) -> None:
    (gap,) = group(asked(one, other), by_words)
    assert len(gap.questions) == 1
    assert gap.count == 2


def test_what_is_shown_is_masked() -> None:
    (gap,) = group(asked("where is order 4417, I'm Tom, tom@example.org"), by_words)
    assert gap.title == "where is order [order], I'm [name], [email]"


@pytest.mark.parametrize("text", ["4417", "a@b.com", "???", "🎉", "+44 20 7946 0958", "\ud800"])
def test_what_holds_no_words_is_no_question(text: str) -> None:
    assert group(asked(text), by_words) == ()


def test_chinese_is_compared_by_characters() -> None:
    def blind(texts: Sequence[str]) -> NDArray[np.float32]:
        raise AssertionError("asked the encoder")

    background = ("可以退货吗", "可以换货吗", "你们可以开发票吗", "可以取消订单吗", "帐篷可以退吗")
    zh = asked("可以寄到挪威吗", "挪威可以寄吗", "可以学雪崩课程吗", "有雪崩课程吗", language="zh")
    gaps = group(zh, blind, background=background)
    assert sorted(map(sorted, questions(gaps))) == [
        ["可以学雪崩课程吗", "有雪崩课程吗"],
        ["可以寄到挪威吗", "挪威可以寄吗"],
    ]


def test_languages_are_never_mixed() -> None:
    same = [*asked("norway", language="en"), *asked("norway", language="de")]
    assert {gap.language for gap in group(same, by_words)} == {"en", "de"}
    assert len({gap.id for gap in group(same, by_words)}) == 2


def test_later_questions_change_no_id() -> None:
    (before,) = group(NORWAY[:2], by_words)
    later = [
        Missed("ship to norway", "en", MONDAY + timedelta(days=n), "z", "unanswered")
        for n in range(1, 9)
    ]
    (after,) = group([*later, *NORWAY], by_words)
    assert after.id == before.id
    assert after.count == 13


def test_order_of_the_messages_changes_nothing() -> None:
    tents = asked("rent a tent", "rent a big tent", "vegan boots")
    assert group([*NORWAY, *tents], by_words) == group([*tents[::-1], *NORWAY[::-1]], by_words)


def test_beyond_the_limit_questions_join_the_nearest_or_stand_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouping, "MOST_CLUSTERED", 2)
    often = asked("rent a tent", "rent a tent", "ship to norway", "ship to norway")
    rare = asked("rent a tent maybe", "vegan boots", "repair zip")
    assert sorted(map(sorted, questions(group([*often, *rare], by_words)))) == [
        ["rent a tent", "rent a tent maybe"],
        ["repair zip"],
        ["ship to norway"],
        ["vegan boots"],
    ]


def test_nothing_missed() -> None:
    assert group([], by_words) == ()


def test_the_key_of_a_question() -> None:
    assert question_key("  Where's ORDER [order]？ ") == "where's order"
