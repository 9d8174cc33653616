from typing import Any

import pytest
from stand_ins import Desk

from bot.evaluation import Graded, Outcome, Tally, evaluate, grade_turn, tally
from bot.messages import Citation, Trace, Turn
from bot.shop import ShopFiles
from knowledge.entries import Source
from knowledge.formats.questions import Question

ENTRIES = {"delivery-time": "delivery_period", "returns-how": "return_item", "gift-wrap": "gifts"}


def question(*acceptable: str, text: str = "q") -> Question:
    return Question(text, "en", frozenset(acceptable), Source("questions.yml", 1))


def turn(flow: str | None = None, *cited: str) -> Turn:
    sources = tuple(Citation(c, "", "", 1, 1.0) for c in cited)
    return Turn("c", (), Trace("en", "", 0.0, False, (), flow, (), sources, "why", 0.0, ""))


@pytest.mark.parametrize(
    ("acceptable", "found", "outcome"),
    [
        (["delivery_period"], turn(None, "delivery-time"), Outcome.RIGHT),
        (["delivery-time"], turn(None, "delivery-time"), Outcome.RIGHT),
        (["returns-how"], turn(None, "delivery-time"), Outcome.WRONG),
        (["delivery_period"], turn(None, "gift-wrap"), Outcome.WRONG),
        (["delivery_period", "gifts"], turn(None, "gift-wrap"), Outcome.RIGHT),
        (["track_order"], turn("track_order"), Outcome.RIGHT),
        (["track_order"], turn("cancel_order"), Outcome.WRONG),
        (["return_item"], turn("return_item", "returns-how"), Outcome.RIGHT),
        # asking back, small talk and a person are no answer
        (["track_order"], turn(), Outcome.ASKED),
        (["track_order"], turn("greet"), Outcome.ASKED),
        (["track_order"], turn("pattern_human_handoff"), Outcome.ASKED),
        (["greet"], turn("greet"), Outcome.RIGHT),
        (["contact_human_agent"], turn("pattern_human_handoff"), Outcome.RIGHT),
        # what must not be answered
        ([], turn(), Outcome.RIGHT),
        ([], turn("chitchat"), Outcome.RIGHT),
        ([], turn("track_order"), Outcome.WRONG),
        ([], turn(None, "gift-wrap"), Outcome.WRONG),
        # entries and flows that are gone
        (["delivery_period"], turn("gone"), Outcome.ASKED),
        (["delivery_period"], turn(None, "gone"), Outcome.WRONG),
    ],
)
def test_what_counts_as_right(
    demo: ShopFiles, acceptable: list[str], found: Turn, outcome: Outcome
) -> None:
    graded = grade_turn(question(*acceptable), found, demo.flows, ENTRIES)
    assert graded.outcome is outcome
    assert graded.decision == "why"


def test_counts_and_shares() -> None:
    outcomes = [Outcome.RIGHT] * 3 + [Outcome.ASKED]
    counted = tally([Graded(question(), o, frozenset(), "") for o in outcomes])
    assert counted == Tally(right=3, wrong=0, asked=1)
    assert counted.total == 4
    assert [counted.share(o) for o in (Outcome.RIGHT, Outcome.WRONG, Outcome.ASKED)] == [
        0.75,
        0.0,
        0.25,
    ]
    assert tally([]).share(Outcome.RIGHT) == 0.0


async def test_each_question_is_asked_in_a_conversation_of_its_own(
    desk: Desk, demo: ShopFiles
) -> None:
    texts = {
        "how long does delivery take": "delivery_period",
        "cancel my order": "cancel_order",
        "yes": "affirm",
        "who won": "",
    }
    told: list[Any] = []
    graded = await evaluate(
        desk.assistant,
        [question(*([i] if i else []), text=t) for t, i in texts.items()],
        flows=demo.flows,
        entry_intents=ENTRIES,
        progress=lambda *p: told.append(p),
    )
    assert [g.outcome for g in graded] == [Outcome.RIGHT] * 4
    assert told == [("asking", i, 4) for i in (1, 2, 3, 4)]
