"""Traps that other bots fell into, each known by its issue; in English and in Chinese."""

from collections.abc import Mapping

import pytest
from made_up_shop import DELIVERY_TIME, made_up_desk, write_made_up_shop
from shop_data import VISITOR
from sqlalchemy import Engine
from stand_ins import Desk, entity, heard, hit, state_of

from bot.dialogue.tracker import State
from bot.shop import ShopFiles
from nlu.understanding import Understanding

DELIVERY_ZH = "多久能送到？"
UNSURE = heard(intent="inform", probability=0.3)
UNSURE_ZH = heard(intent="inform", probability=0.3, language="zh")
HEARD: Mapping[str, Understanding] = {
    "i want to buy something": heard(intent="buy"),
    "我要买东西": heard(intent="buy", language="zh"),
    "about my pet": heard(intent="pets"),
    "说说我的宠物": heard(intent="pets", language="zh"),
    "call me back": heard(intent="contact"),
    "请给我回电话": heard(intent="contact", language="zh"),
    "let me rate you": heard(intent="rate"),
    "我要评价": heard(intent="rate", language="zh"),
    DELIVERY_TIME: heard(intent="delivery_period"),
    DELIVERY_ZH: heard(intent="delivery_period", language="zh"),
    "yes": heard(intent="affirm"),
    "是的": heard(intent="affirm", language="zh"),
    "no": heard(intent="deny"),
    "没有": heard(intent="deny", language="zh"),
    "red": UNSURE,
    "blue": UNSURE,
    "3": UNSURE,
    "5": UNSURE,
    "三个": UNSURE_ZH,
    "五个": UNSURE_ZH,
    "跳过": heard(intent="skip", language="zh"),
    "Ann": heard(intent="inform", probability=0.3, entities=[entity("name", "Ann")]),
    "555123": heard(intent="inform", probability=0.3, entities=[entity("phone", "555123")]),
    "a person please": heard(intent="contact_human_agent"),
    "转人工": heard(intent="contact_human_agent", language="zh"),
    "no address": heard(intent="deny"),
    "不用了": heard(intent="deny", language="zh"),
}
FOUND = {
    DELIVERY_TIME: (hit("delivery-time", 0.9, intent="delivery_period"),),
    DELIVERY_ZH: (hit("delivery-time", 0.9, intent="delivery_period"),),
}
ANSWER = "Answer of delivery-time."


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFiles:
    return write_made_up_shop(tmp_path_factory.mktemp("traps"))


@pytest.fixture
def desk(shop: ShopFiles, engine: Engine) -> Desk:
    return made_up_desk(shop, engine, HEARD, FOUND)


async def replies(desk: Desk, *texts: str) -> list[str]:
    """Say these; return the replies to the last."""
    for text in texts:
        turn = await desk.say(text, VISITOR)
    return [m.text for m in turn.messages]


def filled(state: State) -> dict[str, object]:
    hidden = ("language", "requested_slot")
    return {n: v for n, v in state.slots.items() if v is not None and n not in hidden}


@pytest.mark.parametrize(
    ("begin", "interrupt", "question", "answers", "back"),
    [
        (
            "i want to buy something", "let me rate you", "Which colour?", ("5", "skip"),
            ["Thank you.", "Now back to “Buy something”.", "Which colour?"],
        ),
        (
            "我要买东西", "我要评价", "什么颜色？", ("五个", "跳过"),
            ["Thank you.", "我们继续刚才的“Buy something”。", "什么颜色？"],
        ),
        (
            "call me back", "let me rate you", "Your name?", ("5", "skip"),
            ["Thank you.", "Now back to “Leave your address”.", "Your name?"],
        ),
    ],
    ids=["en", "zh", "form"],
)  # fmt: skip
async def test_an_interruption_is_not_met_with_the_old_question(
    desk: Desk, begin: str, interrupt: str, question: str, answers: tuple[str, ...], back: list[str]
) -> None:
    """https://github.com/RasaHQ/rasa/issues/7751: a form that was interrupted by another task
    asked its question once more before the other one began; here it asks after that has ended."""
    assert (await replies(desk, begin))[-1] == question
    assert await replies(desk, interrupt) == ["How many stars?"]
    assert await replies(desk, *answers) == back


@pytest.mark.parametrize(
    ("begin", "no", "aside"),
    [
        ("about my pet", "no", DELIVERY_TIME),
        ("说说我的宠物", "没有", DELIVERY_ZH),
        ("about my pet", "no", "hmm, let me see"),
    ],
    ids=["en", "zh", "not understood"],
)
async def test_a_form_comes_back_to_the_very_question_that_it_had_asked(
    desk: Desk, begin: str, no: str, aside: str
) -> None:
    """https://github.com/RasaHQ/rasa-sdk/issues/389: after a question in between, a form whose
    FormValidationAction names its slots asked for another slot, even one that it had left out, and
    the answer went there."""
    assert await replies(desk, begin) == ["Have you a pet?"]
    assert await replies(desk, no) == ["Your phone?"]  # no pet: the breed is left out
    for _ in range(2):
        assert (await replies(desk, aside))[-1] == "Your phone?"
        assert filled(state_of(desk)) == {"pet": False}
    assert await replies(desk, "555123") == ["(action_save)"]
    assert filled(state_of(desk)) == {"pet": False, "phone": "555123"}


@pytest.mark.parametrize(
    ("begin", "aside"),
    [("call me back", DELIVERY_TIME), ("请给我回电话", DELIVERY_ZH)],
    ids=["en", "zh"],
)
async def test_a_question_in_between_leaves_the_form_alive(
    desk: Desk, begin: str, aside: str
) -> None:
    """https://github.com/RasaHQ/rasa/issues/6583: after a question from the FAQ the form failed to
    fill its slot and was dead for the rest of the session."""
    assert await replies(desk, begin) == ["Your name?"]
    assert await replies(desk, aside) == [ANSWER, "Your name?"]
    assert [f.flow for f in state_of(desk).stack] == ["contact", "contact_form"]
    assert await replies(desk, "Ann") == ["Your phone?"]
    assert await replies(desk, aside) == [ANSWER, "Your phone?"]
    assert await replies(desk, "555123") == ["(action_save)"]
    assert filled(state_of(desk)) == {"name": "Ann", "phone": "555123"}
    assert await replies(desk, begin) == ["(action_save)"]  # all is known by now


@pytest.mark.parametrize(
    ("begin", "aside", "count", "last"),
    [
        ("i want to buy something", DELIVERY_TIME, "3", "Where to?"),
        ("我要买东西", DELIVERY_ZH, "三个", "Where to?"),
    ],
    ids=["en", "zh"],
)
async def test_a_long_digression_ends_where_it_began(
    desk: Desk, begin: str, aside: str, count: str, last: str
) -> None:
    """https://github.com/RasaHQ/rasa/issues/7639: after five questions from the FAQ the answer to
    the form's own question was no longer taken."""
    await replies(desk, begin)
    await replies(desk, "red")
    question = "How many?" if begin.isascii() else "要几个？"
    for _ in range(15):
        assert await replies(desk, aside) == [ANSWER, question]
    assert await replies(desk, count) == [last]
    assert filled(state_of(desk)) == {"colour": "red", "quantity": 3.0}


@pytest.mark.parametrize(
    ("person", "no", "aside", "begin", "question"),
    [
        (
            "a person please", "no address", DELIVERY_TIME, "i want to buy something",
            "Which colour?",
        ),
        ("转人工", "不用了", DELIVERY_ZH, "我要买东西", "什么颜色？"),
    ],
    ids=["en", "zh"],
)  # fmt: skip
async def test_a_conversation_that_is_taken_up_again_is_not_handed_over_again(
    desk: Desk, person: str, no: str, aside: str, begin: str, question: str
) -> None:
    """https://github.com/chatwoot/chatwoot/issues/15068: who wrote again in a conversation that
    had been handed over and closed was handed over again, whatever they wrote, without an end."""
    await replies(desk, person, no)
    assert len(desk.store.handovers()) == 1
    desk.restart()
    asked_before = [e for e in desk.store.read("c1", VISITOR) if e["event"] == "action"]
    assert await replies(desk, aside) == [ANSWER]
    assert (await replies(desk, begin))[-1] == question
    assert state_of(desk).task[0].flow == "buy"
    since = [e for e in desk.store.read("c1", VISITOR) if e["event"] == "action"]
    again = [e["name"] for e in since[len(asked_before) :]]
    assert "action_handover" not in again
    assert len(desk.store.handovers()) == 1
