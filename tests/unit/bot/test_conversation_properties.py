"""No messages, corrections, cancels and digressions lose a slot, redo an action, go unanswered."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conversation_checks import Checks
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up_shop import DELIVERY_TIME, made_up_desk, write_made_up_shop
from rasa_sdk.events import SlotSet
from shop_data import VISITOR
from sqlalchemy import Engine
from stand_ins import Desk, entity, heard

from bot.actions.answer import ActionAnswer
from bot.dialogue.flows import Flows
from bot.dialogue.ledger import Ledger
from bot.dialogue.script import write_script
from bot.dialogue.stack import question_under_way
from bot.dialogue.tracker import Frame, flow_event, replay
from bot.messages import Turn
from bot.shop import ShopFiles
from bot.storage.database import open_database
from bot.turn import Player
from nlu.understanding import Understanding

NO_INTENT = heard(intent="chitchat", probability=0.1)
TASKS: Mapping[str, Understanding] = {
    "i want to buy something": heard(intent="buy"),
    "three red ones please": heard(intent="buy", probability=0.9),
    "我要买东西": heard(intent="buy", language="zh"),
    "let me rate you": heard(intent="rate"),
    "some feedback": heard(intent="feedback"),
    "i want to complain": heard(intent="complain"),
    "i want to complain about A-1": heard(
        intent="complain", entities=[entity("number_plate", "A-1")]
    ),
    "where is B-2": heard(intent="status", entities=[entity("number_plate", "B-2")]),
    "where is it": heard(intent="status"),
    "call me back": heard(intent="contact"),
    "i am Ann, call me back": heard(intent="contact", entities=[entity("name", "Ann")]),
    "about my pet": heard(intent="pets"),
}
DIGRESSIONS: Mapping[str, Understanding] = {
    "hello": heard(intent="greet"),
    "you are funny": heard(intent="chitchat"),
    DELIVERY_TIME: heard(intent="delivery_period"),
    "gibberish": heard(intent="chitchat", probability=0.1, out_of_scope=True),
    "buy or rate": heard(intent="buy", probability=0.4, others={"rate": 0.35}),
    "say that again": heard(intent="repeat"),
    "转人工": heard(intent="contact_human_agent", language="zh"),
    "me@example.org": heard(
        intent="chitchat", probability=0.2, entities=[entity("email", "me@example.org")]
    ),
    "": NO_INTENT,
}
CONTROLS: Mapping[str, Understanding] = {
    "never mind": heard(intent="stop"),
    "算了": heard(intent="stop", language="zh"),
    "skip": heard(intent="skip"),
    "跳过": heard(intent="skip", language="zh"),
    "start over": heard(intent="restart"),
}
CORRECTIONS: Mapping[str, Understanding] = {
    "actually blue": NO_INTENT,
    "no, make that red": NO_INTENT,
    "说错了，4个": heard(intent="chitchat", probability=0.1, language="zh"),
    "sorry, i meant 20": NO_INTENT,
    "no, to Oslo": heard(
        intent="chitchat", probability=0.1, entities=[entity("address", "Oslo")]
    ),
    "not A-1 but C-3": heard(
        intent="chitchat",
        probability=0.1,
        entities=[entity("number_plate", "A-1"), entity("number_plate", "C-3")],
    ),
    "i meant 2 stars": NO_INTENT,
    "no, my name is Bea": heard(
        intent="chitchat", probability=0.1, entities=[entity("name", "Bea")]
    ),
}
ANSWERS: Mapping[str, Sequence[str]] = {
    "colour": ("red", "bleu", "green"),
    "quantity": ("3", "两个", "99"),
    "gift": ("yes", "不用了", "yes, but blue"),
    "note": ("ring twice", "skip"),
    "invoice": ("paper", "digital please"),
    "address": ("to Rome", "nowhere"),
    "day": ("on 5 May",),
    "stars": ("5", "four"),
    "reason": ("it was late", "red"),
    "number": ("A-1", "C-3"),
    "name": ("Ann", "Bea"),
    "phone": ("555123", "12"),
    "pet": ("yes", "no"),
    "breed": ("dog", "cta"),
    "contact_email": ("me@example.org", "no"),
}
OF_ANSWERS: Mapping[str, Understanding] = {
    "yes": heard(intent="affirm"),
    "no": heard(intent="deny"),
    "to Rome": heard(intent="inform", probability=0.3, entities=[entity("address", "Rome")]),
    "nowhere": heard(intent="inform", probability=0.3, entities=[entity("address", "nowhere")]),
    "on 5 May": heard(intent="inform", probability=0.3, entities=[entity("date", "5 May")]),
    **{
        text: heard(intent="inform", probability=0.3, entities=[entity(name, text)])
        for text, name in (
            ("A-1", "number_plate"), ("C-3", "number_plate"), ("Ann", "name"), ("Bea", "name"),
            ("555123", "phone"), ("12", "phone"),
        )
    },
}  # fmt: skip
OTHERS = {**TASKS, **DIGRESSIONS, **CONTROLS, **CORRECTIONS}
HEARD = {**{a: NO_INTENT for many in ANSWERS.values() for a in many}, **OTHERS, **OF_ANSWERS}

SILENCE = "(silence)"
Message = int | str | tuple[str, str]
"""What is said: a text, two at once, nothing, or the n-th answer to whatever is asked."""

MESSAGES = st.lists(
    st.one_of(
        st.integers(0, 2),
        st.integers(0, 2),
        *(st.sampled_from(sorted(kind)) for kind in (TASKS, DIGRESSIONS, CONTROLS, CORRECTIONS)),
        st.just(SILENCE),
        st.tuples(st.sampled_from(sorted(OTHERS)), st.sampled_from(sorted(OTHERS))),
    ),
    max_size=14,
)


class MadeUp:
    """The shop, in a shape that a failing example can be printed with."""

    def __init__(self, files: ShopFiles) -> None:
        self.files = files


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> MadeUp:
    return MadeUp(write_made_up_shop(tmp_path_factory.mktemp("made_up")))


@pytest.fixture
def shop(made_up: MadeUp) -> ShopFiles:
    return made_up.files


@contextmanager
def kept_in_memory() -> Iterator[Engine]:
    engine = open_database("sqlite:///:memory:", Path())
    try:
        yield engine
    finally:
        engine.dispose()


def wrong_in(
    played: ShopFiles, shop: ShopFiles, messages: Sequence[Message]
) -> list[str]:
    """Play a conversation; return what did not hold, with what was said until then.

    `played` is `shop`, or a broken copy of it.
    """
    with kept_in_memory() as engine:
        return asyncio.run(_wrong_in(made_up_desk(played, engine, HEARD), shop, messages))


async def _wrong_in(desk: Desk, shop: ShopFiles, messages: Sequence[Message]) -> list[str]:
    names = {"validate_address", "validate_pet_form"}
    script = write_script(shop.domain, shop.flows, frozenset(names))
    checks = Checks(script, shop.domain.start())
    said: list[str] = []
    for message in messages:
        since = len(desk.store.read("c1", VISITOR))
        texts = _texts(message, question_under_way(checks.state, script))
        turn = await _say(desk, texts)
        said.append(" + ".join(texts))
        if turn is not None:
            checks.turn(desk.store.read("c1", VISITOR)[since:], turn)
        if checks.wrong:
            return [*checks.wrong, f"after {said}"]
    kept = replay(desk.store.read("c1", VISITOR), shop.domain.start())
    assert kept.slots == checks.state.slots
    return []


def _texts(message: Message, question: tuple[Frame, str] | None) -> tuple[str, ...]:
    if isinstance(message, int):
        answers = ANSWERS[question[1]] if question is not None else ("hello",)
        return (answers[message % len(answers)],)
    return (message,) if isinstance(message, str) else message


async def _say(desk: Desk, texts: Sequence[str]) -> Turn | None:
    """Say it, or nothing; None where the bot keeps silence, too."""
    if texts == (SILENCE,):
        return await desk.assistant.silence("c1", VISITOR)
    turns = await asyncio.gather(*(desk.say(text, VISITOR) for text in texts))
    assert all(turn.joined for turn in turns[1:])
    return turns[0]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages=MESSAGES)
def test_nothing_is_lost_repeated_or_left_unanswered(
    made_up: MadeUp, messages: Sequence[Message]
) -> None:
    failures: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: failures.append(record.getMessage())  # type: ignore[method-assign]
    log = logging.getLogger("shopclerk")
    log.addHandler(handler)
    try:
        assert wrong_in(made_up.files, made_up.files, messages) == []
    finally:
        log.removeHandler(handler)
    assert failures == []


def losing_what_was_interrupted(shop: ShopFiles, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    monkeypatch.setattr("bot.dialogue.stack._restore", lambda ledger, flow, taken: None)
    return shop


def doing_everything_again(shop: ShopFiles, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    buy = shop.flows.by_id["buy"]
    steps = {i: replace(step, once=False) for i, step in buy.steps.items()}
    by_id = {**shop.flows.by_id, "buy": replace(buy, steps=steps)}
    return replace(shop, flows=Flows(by_id, {**shop.flows.by_intent, "buy": by_id["buy"]}))


def beginning_again_after_an_interruption(
    shop: ShopFiles, monkeypatch: pytest.MonkeyPatch
) -> ShopFiles:
    def begin_again(ledger: Ledger, flow: str, taken: object) -> None:
        ledger.add(flow_event("flow_step_back", flow, shop.flows.by_id[flow].first))

    monkeypatch.setattr("bot.dialogue.stack._restore", begin_again)
    return shop


def asking_nothing(shop: ShopFiles, monkeypatch: pytest.MonkeyPatch) -> ShopFiles:
    play = Player.play

    async def play_on(*args: Any, asking: bool = True) -> None:
        await play(*args, asking=False)

    monkeypatch.setattr(Player, "play", play_on)
    return shop


def forgetting_the_task_over_a_question(
    shop: ShopFiles, monkeypatch: pytest.MonkeyPatch
) -> ShopFiles:
    class Answers(ActionAnswer):
        async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
            await super().run(dispatcher, tracker, domain)
            return [SlotSet("colour", None)]

    monkeypatch.setattr("stand_ins.ActionAnswer", Answers)
    return shop


@pytest.mark.parametrize(
    ("broken", "messages", "sign"),
    [
        (
            losing_what_was_interrupted,
            ["i want to complain about A-1", "where is B-2"],
            "lost in complain: number 'A-1' → 'B-2'",
        ),
        (
            doing_everything_again,
            ["three red ones please", "to Rome", "on 5 May", "skip", "yes", "actually blue", "yes"],
            "action_pay is done again in buy",
        ),
        (
            beginning_again_after_an_interruption,
            ["i want to buy something", "let me rate you", "5", "skip"],
            "action_look is done again in buy",
        ),
        (asking_nothing, ["i want to buy something"], "utter_ask_colour is not said"),
        (
            forgetting_the_task_over_a_question,
            ["i want to buy something", "red", DELIVERY_TIME],
            "lost in buy: colour 'red' → None",
        ),
    ],
)
def test_the_checks_see_what_is_broken(
    shop: ShopFiles,
    monkeypatch: pytest.MonkeyPatch,
    broken: Callable[[ShopFiles, pytest.MonkeyPatch], ShopFiles],
    messages: Sequence[Message],
    sign: str,
) -> None:
    assert wrong_in(shop, shop, messages) == []
    found = wrong_in(broken(shop, monkeypatch), shop, messages)
    assert sign in "\n".join(found)
