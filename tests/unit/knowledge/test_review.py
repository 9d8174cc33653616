from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from knowledge import review as reviewing
from knowledge.entries import Content, Entry, Problem, Source
from knowledge.formats.questions import Question
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.search import KnowledgeIndex
from knowledge.review import review

TODAY = date(2026, 3, 2)

Build = Callable[..., KnowledgeIndex]


def entry(id: str, question: str, *phrasings: str, line: int = 1, **more: Any) -> Entry:
    made: dict[str, Any] = {"language": "en", "answer": f"About {id}.", **more}
    return Entry(
        id=id, question=question, source=Source("faq/a.md", line), phrasings=phrasings, **made
    )


@pytest.fixture
def build(encoder: Encoder, cache: EmbeddingCache) -> Build:
    def index(*entries: Entry) -> KnowledgeIndex:
        return KnowledgeIndex.build(Content(entries, ()), encoder, cache, today=lambda: TODAY)

    return index


def found(index: KnowledgeIndex, *questions: Question) -> list[tuple[int, str]]:
    problems = review(index, questions)
    assert all(p.warning and (p.file, p.column) == ("faq/a.md", 1) for p in problems)
    return [(p.line, p.what) for p in problems]


OTHERS = (
    entry("gift", "Do you wrap gifts?", "gift paper", line=40),
    entry("password", "I forgot my password", "new password", line=50),
)
REFUND = entry("refund", "When do I get my refund?", "money back", line=3)


def test_entries_that_differ_give_no_warning(build: Build) -> None:
    assert found(build(REFUND, *OTHERS)) == []


def test_nothing_to_review(build: Build) -> None:
    assert found(build()) == []


def test_chinese_questions_without_a_word_are_reviewed(build: Build) -> None:
    entries = (entry(id, id, language="zh", answer="!") for id in ("？", "！！"))
    assert all("'？'" in what for _, what in found(build(*entries)))


@pytest.mark.parametrize(
    ("other", "warned"),
    [
        (entry("late", "Refund late", "when do I get my refund", line=9), True),
        (entry("late", "Refund late", "where is my parcel", line=9), False),
        (entry("late", "When do I get my refund", "late", line=9, language="de"), False),
        (
            entry("late", "Late", "when do I get my refund", line=9, valid_from=date(2027, 1, 1)),
            True,
        ),
        (entry("late", "Refund", kind="policy", heading_path=("When do I get my refund?",)), False),
    ],
)
def test_near_duplicate_questions(build: Build, other: Entry, warned: bool) -> None:
    told = [
        what for line, what in found(build(REFUND, other, *OTHERS)) if line == other.source.line
    ]
    assert len(told) == warned
    if warned:
        assert told[0].startswith(
            "'when do I get my refund' is almost the same as 'When do I get my refund?' of "
            "'refund' (faq/a.md:3), so shoppers may get either answer; make them one entry"
        )


def test_entries_of_one_intent_and_other_seasons_may_ask_the_same(build: Build) -> None:
    spring = entry("a", "When do you open?", "opening hours", intent="hours", line=1)
    same_intent = entry("b", "When do you open??", "opening hours please", intent="hours", line=2)
    until = entry("c", "Holiday answer", "closing day", line=3, valid_until=date(2026, 3, 9))
    after = entry("d", "Next holiday", "closing days", line=4, valid_from=date(2026, 3, 10))
    whats = [what for _, what in found(build(spring, same_intent, until, after, *OTHERS))]
    assert not any("almost the same" in what for what in whats)


def test_two_entries_are_warned_about_once(build: Build) -> None:
    twin = entry("twin", "When do I get my refund", "money back", line=9)
    told = [w for _, w in found(build(REFUND, twin, *OTHERS)) if "almost the same" in w]
    assert len(told) == 1


def test_chinese_is_compared_by_words_not_vectors(cache: EmbeddingCache) -> None:
    class Blind:
        """Takes all Chinese for one unknown sign."""

        identity = "blind"

        def encode(self, texts: Sequence[str]) -> Any:
            rows = np.zeros((len(texts), 4), dtype=np.float32)
            rows[:, 0] = 1
            return rows

    zh = (
        entry("refund", "退款多久到账？", "钱什么时候退", language="zh", line=1),
        entry("paid", "退款多久能到账", "收不到钱", language="zh", line=2),
        entry("gift", "可以包装礼物吗", "礼品纸", language="zh", line=3),
    )
    index = KnowledgeIndex.build(Content(zh, ()), Blind(), cache, today=lambda: TODAY)
    told = [(line, what) for line, what in found(index) if "almost the same" in what]
    assert [line for line, _ in told] == [2]
    assert told[0][1].startswith(
        "'退款多久能到账' is almost the same as '退款多久到账？' of 'refund'"
    )


@pytest.mark.parametrize(
    ("until", "warned"), [(date(2026, 3, 1), True), (date(2026, 3, 2), False), (None, False)]
)
def test_an_entry_whose_time_is_over(build: Build, until: date | None, warned: bool) -> None:
    christmas = entry("xmas", "Open at Christmas?", line=7, valid_until=until)
    assert found(build(christmas, *OTHERS)) == (
        [(7, "no longer shown since 2026-03-02; remove it, or change its valid-until")]
        if warned
        else []
    )


def test_an_entry_that_no_question_reaches(build: Build) -> None:
    shadow = entry("shadow", "When do I get my refund?", line=9, intent="money")
    strong = entry("strong", "When do I get my refund?", "refund", line=3, intent="money")
    told = found(build(strong, shadow, *OTHERS))
    assert [line for line, _ in told] == [9]
    assert told[0][1].startswith(
        "none of its questions finds this entry; 'When do I get my refund?' finds "
        "'When do I get my refund?' (faq/a.md:3) instead; "
    )


def test_one_phrasing_that_reaches_it_is_enough(build: Build) -> None:
    shadow = entry("shadow", "When do I get my refund?", "wool", line=9, intent="money")
    strong = entry("strong", "When do I get my refund?", "refund", line=3, intent="money")
    assert found(build(strong, shadow, *OTHERS)) == []


@pytest.mark.parametrize("field", ["valid_from", "valid_until"])
def test_an_entry_that_is_not_shown_now_is_not_asked_for(build: Build, field: str) -> None:
    day = date(2026, 4, 1) if field == "valid_from" else date(2026, 2, 1)
    hidden = entry("hidden", "Sale?", line=9, **{field: day})
    assert not any("finds" in what for _, what in found(build(hidden, *OTHERS)))


PARCEL = entry("parcel", "Parcel lost in the post", line=3)
TRACK = entry("track", "Parcel tracking in the post", line=9)


@pytest.mark.parametrize(
    ("acceptable", "line"), [({"parcel"}, 3), ({"track"}, 9), ({"parcel", "track"}, 0), (set(), 0)]
)
def test_two_entries_that_compete_for_a_test_question(
    build: Build, monkeypatch: pytest.MonkeyPatch, acceptable: set[str], line: int
) -> None:
    monkeypatch.setattr(reviewing, "_LIKELY", 0.0)
    monkeypatch.setattr(reviewing, "_CLEARLY_AHEAD", 1.0)
    asked = [
        Question(text, "en", frozenset(acceptable), Source("questions.yml", 2))
        for text in ("parcel in the post", "the post, a parcel")
    ]
    told = found(build(PARCEL, TRACK, *OTHERS), *asked)
    assert [number for number, _ in told] == ([line] if line else [])
    if line:
        other = "'track' (faq/a.md:9)" if line == 3 else "'parcel' (faq/a.md:3)"
        assert told[0][1].startswith(
            f"the test question 'parcel in the post' and 1 more finds this entry and {other} almost"
        )


@pytest.mark.parametrize(("likely", "ahead"), [(1.0, 1.0), (0.0, 0.0)])
def test_unlikely_or_clearly_better_entries_do_not_compete(
    build: Build, monkeypatch: pytest.MonkeyPatch, likely: float, ahead: float
) -> None:
    monkeypatch.setattr(reviewing, "_LIKELY", likely)
    monkeypatch.setattr(reviewing, "_CLEARLY_AHEAD", ahead)
    lost = Question("parcel lost", "en", frozenset({"parcel"}), Source("questions.yml", 2))
    elsewhere = Question("parcel", "fr", frozenset({"parcel"}), Source("questions.yml", 3))
    assert found(build(PARCEL, TRACK, *OTHERS), lost, elsewhere) == []


def test_above_the_limits_a_sample_is_looked_at(
    build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    for limit in ("MOST_COMPARED", "MOST_ASKED", "MOST_TESTS"):
        monkeypatch.setattr(reviewing, limit, 2)
    twin = entry("twin", "When do I get my refund", "cash", line=9)
    asked = [
        Question(f"parcel {n}", "en", frozenset({"parcel"}), Source("questions.yml", n))
        for n in range(5)
    ]
    problems: Sequence[Problem] = review(build(REFUND, twin, PARCEL, *OTHERS), asked)
    assert any("almost the same" in problem.what for problem in problems)
