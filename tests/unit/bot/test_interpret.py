"""What a message asks for in a conversation that has only begun, or that waits for nothing."""

from dataclasses import replace

import pytest
from interpret_shop import SCRIPT, THRESHOLDS, at, decide, hear, hit

from bot.dialogue.commands import (
    Answer,
    CannotHandle,
    Clarify,
    Command,
    SetSlot,
    StartFlow,
    StartPattern,
)
from bot.dialogue.interpret import interpret, needs_search
from bot.dialogue.thresholds import Thresholds
from bot.dialogue.tracker import Frame, State
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import IntentRank, Understanding

NEW = State()
SURE = hit("returns", 0.8)
LIKELY = hit("returns", 0.3)
UNLIKELY = hit("returns", 0.1)
NO_INTENT = hit("dogs", 0.9)
OTHER = hit("returns", 0.8, intent="other")
TRACK = hear("…", "track_order")
CANCEL = StartPattern("pattern_cancel_flow")
NAMES_ORDER = SetSlot("order_number", "4001")


def ranked(*ranks: tuple[str, float]) -> Understanding:
    return replace(TRACK, intents=tuple(IntentRank(*rank) for rank in ranks))


@pytest.mark.parametrize(
    ("understanding", "hits", "state", "commands", "reason"),
    [
        # the intent alone
        (TRACK, [SURE], NEW, [StartFlow("track_order")], "confident intent"),
        (hear("…", "track_order", 0.6), [], NEW, [StartFlow("track_order")], "confident intent"),
        (
            hear("where is 4001", "track_order", order_number="4001"),
            [],
            NEW,
            [NAMES_ORDER, StartFlow("track_order")],
            "confident intent",
        ),
        (hear("…", "stop"), [], NEW, [CANCEL], "asks to stop"),
        (hear("…", "restart"), [], NEW, [StartPattern("pattern_restart")], "asks to restart"),
        (
            hear("…", "repeat"),
            [SURE],
            NEW,
            [StartPattern("pattern_repeat_bot_messages")],
            "asks to repeat",
        ),
        (
            hear("a person for 4001", "contact_human_agent", order_number="4001"),
            [],
            NEW,
            [NAMES_ORDER, StartPattern("pattern_human_handoff")],
            "confident intent",
        ),
        (hear("…", "chitchat"), [], NEW, [StartPattern("pattern_chitchat")], "confident intent"),
        (hear("…", "greet"), [], NEW, [StartFlow("greet")], "confident intent"),
        # out of scope beats the intent, knowledge beats out of scope
        (replace(TRACK, out_of_scope=True), [], NEW, [CannotHandle()], "out of scope"),
        (hear("…", "stop", out_of_scope=True), [], NEW, [CannotHandle()], "out of scope"),
        (hear("…", "stop", out_of_scope=True), [SURE], NEW, [Answer(SURE)], "answer 0.80"),
        # knowledge
        (hear("…", "x"), [SURE, LIKELY], NEW, [Answer(SURE)], "answer 0.80"),
        (
            hear("… 4001", "x", order_number="4001"),
            [hit("r", 0.5)],
            NEW,
            [NAMES_ORDER, Answer(hit("r", 0.5))],
            "answer 0.50",
        ),
        (
            hear("…", "x", 0.3),
            [hit("r", 0.8, intent="get_refund")],
            NEW,
            [StartFlow("get_refund")],
            "knowledge points to the flow",
        ),
        (
            hear("…", "x", 0.3),
            [hit("r", 0.8, intent="stop")],
            NEW,
            [Answer(hit("r", 0.8, intent="stop"))],
            "answer 0.80",
        ),
        # neither is sure
        (
            ranked(("track_order", 0.5), ("x", 0.3), ("get_refund", 0.15)),
            [LIKELY],
            NEW,
            [Clarify(("track_order",), (LIKELY,))],
            "several readings",
        ),
        (
            hear("…", "x", 0.59),
            [LIKELY, UNLIKELY],
            NEW,
            [Clarify((), (LIKELY,))],
            "several readings",
        ),
        # small talk and ways out are no choices, a person is one
        (
            ranked(("goodbye", 0.4), ("track_order", 0.3)),
            [],
            NEW,
            [Clarify(("track_order",), ())],
            "several readings",
        ),
        (
            ranked(("stop", 0.4), ("contact_human_agent", 0.3)),
            [],
            NEW,
            [Clarify(("contact_human_agent",), ())],
            "several readings",
        ),
        (
            hear("…", "track_order", 0.5),
            [LIKELY],
            State(repairs=1),
            [CannotHandle((LIKELY,))],
            "answer 0.30 below threshold 0.50",
        ),
        (
            hear("…", "x", 0.3),
            [UNLIKELY],
            NEW,
            [CannotHandle((UNLIKELY,))],
            "answer 0.10 below threshold 0.50",
        ),
        (hear("…"), [], NEW, [CannotHandle()], "answer none below threshold 0.50"),
        # set phrases and corrections need something that they are about
        (hear("never mind"), [], NEW, [CannotHandle()], "answer none below threshold 0.50"),
        (
            hear("no, I meant 4001", order_number="4001"),
            [],
            NEW,
            [NAMES_ORDER, CannotHandle()],
            "answer none below threshold 0.50",
        ),
        # nothing is awaited: the flow above the question, and flows gone from disk
        (
            hear("…", "affirm"),
            [],
            State(stack=(Frame("cancel_order", "confirm_cancel"), Frame("greet", "utter_greet"))),
            [StartFlow("affirm")],
            "confident intent",
        ),
        (
            hear("…", "affirm"),
            [],
            State(stack=(Frame("gone", "ask"),)),
            [StartFlow("affirm")],
            "confident intent",
        ),
        (
            hear("…", "affirm"),
            [],
            State(stack=(Frame("cancel_order", "gone"),)),
            [StartFlow("affirm")],
            "confident intent",
        ),
    ],
)
def test_what_a_message_asks_for(
    understanding: Understanding,
    hits: list[Hit],
    state: State,
    commands: list[Command],
    reason: str,
) -> None:
    decision = decide(understanding, state, Findings(tuple(hits)))
    assert list(decision.commands) == commands
    assert decision.reason == reason


@pytest.mark.parametrize(("language", "answered"), [("en", False), ("zh", True), ("de", False)])
def test_the_threshold_is_that_of_the_language(language: str, answered: bool) -> None:
    decision = interpret(
        hear("…", "x", language=language),
        Findings((hit("r", 0.55),)),
        NEW,
        script=SCRIPT,
        thresholds=Thresholds(0.6, 0.3, {"en": 0.6, "zh": 0.5}),
    )
    assert isinstance(decision.commands[0], Answer) is answered


@pytest.mark.parametrize(
    ("understanding", "evidence", "commands"),
    [
        # sure of the intent: the best entry on it, however little the search thinks of it
        (hear("…", "x", 0.6), Findings((OTHER,), UNLIKELY), [Answer(UNLIKELY)]),
        (hear("…", "x", 0.6, out_of_scope=True), Findings((), UNLIKELY), [CannotHandle()]),
        # a second opinion lowers what the intent needs
        (hear("…", "x", 0.3), Findings((), UNLIKELY, "x"), [Answer(UNLIKELY)]),
        (
            hear("…", "track_order", 0.3),
            Findings((), None, "track_order"),
            [StartFlow("track_order")],
        ),
        (hear("…", "x", 0.29), Findings((), UNLIKELY, "x"), [CannotHandle()]),
        (hear("…", "x", 0.5), Findings((), UNLIKELY, "y"), [CannotHandle()]),
        # an entry that no intent can speak for, and surer than any of them
        (hear("…", "x", 0.7), Findings((NO_INTENT,), UNLIKELY), [Answer(NO_INTENT)]),
        (hear("…", "x", 0.95), Findings((NO_INTENT,), UNLIKELY), [Answer(UNLIKELY)]),
    ],
)
def test_a_second_opinion(
    understanding: Understanding, evidence: Findings, commands: list[Command]
) -> None:
    assert list(decide(understanding, NEW, evidence).commands) == commands


@pytest.mark.parametrize(
    ("understanding", "state", "evidence", "commands"),
    [
        # a trigger may ask for more than the threshold
        (hear("…", "close_account", 0.89), NEW, Findings(), [Clarify(("close_account",), ())]),
        (hear("…", "close_account", 0.9), NEW, Findings(), [StartFlow("close_account")]),
        # a guard closes a flow, and knowledge may still answer
        (hear("…", "members"), NEW, Findings(), [CannotHandle()]),
        (hear("…", "members"), NEW, Findings((SURE,), SURE), [Answer(SURE)]),
        (
            hear("…", "x", 0.3),
            NEW,
            Findings((hit("m", 0.8, "members"),)),
            [Answer(hit("m", 0.8, "members"))],
        ),
        (hear("…", "members"), State({"member": True}), Findings(), [StartFlow("members")]),
    ],
)
def test_triggers_and_guards(
    understanding: Understanding, state: State, evidence: Findings, commands: list[Command]
) -> None:
    assert list(decide(understanding, state, evidence).commands) == commands


def test_nothing_is_answered_where_no_threshold_was_fitted() -> None:
    assert Thresholds(0.6, 0.3, {}).answer("en") == 1.0


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (TRACK, False),
        (hear("…", "stop"), False),
        (replace(TRACK, out_of_scope=True), True),
        (hear("…", "track_order", 0.59), True),
        (hear("…", "delivery_period"), True),
        (hear("…"), True),
        (hear("…", "members"), True),  # its guard may refuse
        (hear("…", "close_account", 0.89), True),
        (hear("…", "close_account", 0.9), False),
    ],
)
def test_knowledge_is_asked_unless_the_intent_settles_it(
    understanding: Understanding, expected: bool
) -> None:
    assert needs_search(understanding, SCRIPT.flows, THRESHOLDS) is expected


CHOICES = [
    ("Where my order is", "/track_order"),
    ("My refund", "/get_refund"),
    ("退货", "/return_item"),
]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("where my order is", "track_order"),
        ("My refund, please!", "get_refund"),
        ("the second one", "get_refund"),
        ("option 2", "get_refund"),
        ("2", "get_refund"),
        ("１", "track_order"),
        ("the last one", "return_item"),
        ("第二个", "get_refund"),
        ("选第二个", "get_refund"),
        ("第一个吧", "track_order"),
        ("最后一个", "return_item"),
        ("退货", "return_item"),
    ],
)
def test_a_choice_may_be_named_instead_of_pressed(text: str, chosen: str) -> None:
    state = replace(at("gone", "", buttons=CHOICES), stack=())
    decision = decide(hear(text, "chitchat"), state)
    assert list(decision.commands) == [StartFlow(chosen)]


@pytest.mark.parametrize("text", ["4", "the fifth one", "第九个", "7", "second hand shoes"])
def test_what_names_no_choice_is_no_choice(text: str) -> None:
    state = replace(at("gone", "", buttons=CHOICES), stack=())
    assert list(decide(hear(text), state).commands) == [CannotHandle()]
