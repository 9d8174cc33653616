from dataclasses import replace
from typing import Any

import pytest
from stand_ins import THRESHOLDS, entity, heard, hit

from bot.dialogue.commands import (
    Answer,
    CancelFlow,
    CannotHandle,
    Clarify,
    Command,
    Repeat,
    Restart,
    SetSlot,
    StartFlow,
)
from bot.dialogue.domain import Slot, SlotMapping
from bot.dialogue.interpret import Thresholds, interpret, needs_search, slot_value
from bot.dialogue.tracker import Frame, State
from bot.shop import ShopFiles
from knowledge.entries import Hit
from knowledge.index.search import Findings
from nlu.understanding import Understanding

CONFIRMING = State(stack=(Frame("cancel_order", "confirm"),))
ASKING_EMAIL = State(stack=(Frame("handover", "ask"),))
SURE = hit("returns", 0.8)
LIKELY = hit("returns", 0.3)
UNLIKELY = hit("returns", 0.1)
NO_INTENT = hit("dogs", 0.9)
OTHER = hit("returns", 0.8, intent="other")
TRACK = heard("…", "track_order")
ORDER = entity("order_number", "4001")
EMAIL = entity("email", "a@example.org")
NAMES_ORDER = SetSlot("order_number", "4001")


@pytest.mark.parametrize(
    ("understanding", "hits", "state", "commands", "reason"),
    [
        # the intent alone
        (TRACK, [SURE], State(), [StartFlow("track_order")], "confident intent"),
        (
            heard("…", "track_order", 0.6),
            [],
            State(),
            [StartFlow("track_order")],
            "confident intent",
        ),
        (
            heard("…", "track_order", entities=[ORDER]),
            [],
            State(),
            [NAMES_ORDER, StartFlow("track_order")],
            "confident intent",
        ),
        (
            heard("…", "stop"),
            [],
            CONFIRMING,
            [SetSlot("confirm_cancel", False)],
            "fills confirm_cancel",
        ),
        (heard("…", "stop"), [], State(), [CancelFlow()], "asks to stop"),
        (heard("…", "restart"), [], CONFIRMING, [Restart()], "asks to restart"),
        (heard("…", "repeat"), [SURE], State(), [Repeat()], "asks to repeat"),
        # out of scope beats the intent, knowledge beats out of scope
        (
            heard("…", "track_order", out_of_scope=True),
            [],
            State(),
            [CannotHandle()],
            "out of scope",
        ),
        (heard("…", "stop", out_of_scope=True), [], State(), [CannotHandle()], "out of scope"),
        (heard("…", "stop", out_of_scope=True), [SURE], State(), [Answer(SURE)], "answer 0.80"),
        # knowledge
        (heard("…", "x"), [SURE, LIKELY], State(), [Answer(SURE)], "answer 0.80"),
        (
            heard("…", "x", entities=[ORDER]),
            [hit("r", 0.5)],
            State(),
            [NAMES_ORDER, Answer(hit("r", 0.5))],
            "answer 0.50",
        ),
        (
            heard("…", "x", 0.3),
            [hit("r", 0.8, intent="get_refund")],
            State(),
            [StartFlow("get_refund")],
            "knowledge points to the flow",
        ),
        # neither is sure
        (
            heard("…", "track_order", 0.5, others={"x": 0.3, "get_refund": 0.15}),
            [LIKELY],
            State(),
            [Clarify(("track_order",), (LIKELY,))],
            "several readings",
        ),
        (
            heard("…", "x", 0.59),
            [LIKELY, UNLIKELY],
            State(),
            [Clarify((), (LIKELY,))],
            "several readings",
        ),
        (
            heard("…", "goodbye", 0.5, others={"track_order": 0.3}),
            [],
            State(),
            [Clarify(("track_order",), ())],
            "several readings",
        ),
        (
            heard("…", "track_order", 0.5),
            [LIKELY],
            State(repairs=1),
            [CannotHandle((LIKELY,))],
            "answer 0.30 below threshold 0.50",
        ),
        (
            heard("…", "x", 0.3),
            [UNLIKELY],
            State(),
            [CannotHandle((UNLIKELY,))],
            "answer 0.10 below threshold 0.50",
        ),
        (heard("…", ""), [], State(), [CannotHandle()], "answer none below threshold 0.50"),
        # a question of the flow
        (
            heard("…", "affirm"),
            [],
            CONFIRMING,
            [SetSlot("confirm_cancel", True)],
            "fills confirm_cancel",
        ),
        (
            heard("…", "deny"),
            [],
            CONFIRMING,
            [SetSlot("confirm_cancel", False)],
            "fills confirm_cancel",
        ),
        (
            heard("…", "affirm", entities=[ORDER]),
            [],
            CONFIRMING,
            [NAMES_ORDER, SetSlot("confirm_cancel", True)],
            "fills confirm_cancel",
        ),
        # a yes that is only guessed confirms nothing
        (
            heard("…", "affirm", 0.5),
            [],
            CONFIRMING,
            [CannotHandle()],  # small talk is no choice: the flow asks again
            "answer none below threshold 0.50",
        ),
        (heard("…", "affirm", out_of_scope=True), [], CONFIRMING, [CannotHandle()], "out of scope"),
        # an entity fills it whatever the intent
        (
            heard("…", "x", 0.1, entities=[EMAIL], out_of_scope=True),
            [],
            ASKING_EMAIL,
            [SetSlot("contact_email", "a@example.org")],
            "fills contact_email",
        ),
        (
            heard("…", "deny"),
            [],
            ASKING_EMAIL,
            [SetSlot("contact_email", "none")],
            "fills contact_email",
        ),
        # digressions
        (TRACK, [], CONFIRMING, [StartFlow("track_order")], "confident intent"),
        (heard("…", "x"), [SURE], CONFIRMING, [Answer(SURE)], "answer 0.80"),
        # nothing is awaited: the flow above the question, and flows gone from disk
        (
            heard("…", "affirm"),
            [],
            State(stack=(*CONFIRMING.stack, Frame("greet", "greet.0"))),
            [StartFlow("affirm")],
            "confident intent",
        ),
        (
            heard("…", "affirm"),
            [],
            State(stack=(Frame("gone", "ask"),)),
            [StartFlow("affirm")],
            "confident intent",
        ),
        (
            heard("…", "affirm"),
            [],
            State(stack=(Frame("cancel_order", "gone"),)),
            [StartFlow("affirm")],
            "confident intent",
        ),
    ],
)
def test_what_a_message_asks_for(
    demo: ShopFiles,
    understanding: Understanding,
    hits: list[Hit],
    state: State,
    commands: list[Command],
    reason: str,
) -> None:
    decision = interpret(
        understanding,
        Findings(tuple(hits)),
        state,
        flows=demo.flows,
        domain=demo.domain,
        thresholds=THRESHOLDS,
    )
    assert list(decision.commands) == commands
    assert decision.reason == reason


@pytest.mark.parametrize(("language", "answered"), [("en", False), ("zh", True), ("de", False)])
def test_the_threshold_is_that_of_the_language(
    demo: ShopFiles, language: str, answered: bool
) -> None:
    decision = interpret(
        heard("…", "x", language=language),
        Findings((hit("r", 0.55),)),
        State(),
        flows=demo.flows,
        domain=demo.domain,
        thresholds=Thresholds(0.6, 0.3, {"en": 0.6, "zh": 0.5}),
    )
    assert isinstance(decision.commands[0], Answer) is answered


@pytest.mark.parametrize(
    ("understanding", "evidence", "commands"),
    [
        # sure of the intent: the best entry on it, however little the search thinks of it
        (heard("…", "x", 0.6), Findings((OTHER,), UNLIKELY), [Answer(UNLIKELY)]),
        (heard("…", "x", 0.6, out_of_scope=True), Findings((), UNLIKELY), [CannotHandle()]),
        # a second opinion lowers what the intent needs
        (heard("…", "x", 0.3), Findings((), UNLIKELY, "x"), [Answer(UNLIKELY)]),
        (
            heard("…", "track_order", 0.3),
            Findings((), None, "track_order"),
            [StartFlow("track_order")],
        ),
        (heard("…", "x", 0.29), Findings((), UNLIKELY, "x"), [CannotHandle()]),
        (heard("…", "x", 0.5), Findings((), UNLIKELY, "y"), [CannotHandle()]),
        # an entry that no intent can speak for, and surer than any of them
        (heard("…", "x", 0.7), Findings((NO_INTENT,), UNLIKELY), [Answer(NO_INTENT)]),
        (heard("…", "x", 0.95), Findings((NO_INTENT,), UNLIKELY), [Answer(UNLIKELY)]),
    ],
)
def test_a_second_opinion(
    demo: ShopFiles, understanding: Understanding, evidence: Findings, commands: list[Command]
) -> None:
    decision = interpret(
        understanding,
        evidence,
        State(),
        flows=demo.flows,
        domain=demo.domain,
        thresholds=THRESHOLDS,
    )
    assert list(decision.commands) == commands


def test_nothing_is_answered_where_no_threshold_was_fitted() -> None:
    assert Thresholds(0.6, 0.3, {}).answer("en") == 1.0


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (TRACK, False),
        (replace(TRACK, out_of_scope=True), True),
        (heard("…", "track_order", 0.59), True),
        (heard("…", "delivery_period"), True),
        (heard("…"), True),
    ],
)
def test_knowledge_is_asked_unless_the_intent_settles_it(
    demo: ShopFiles, understanding: Understanding, expected: bool
) -> None:
    assert needs_search(understanding, demo.flows, THRESHOLDS) is expected


COLOURS = [entity("colour", "red"), entity("colour", "blue")]


@pytest.mark.parametrize(
    ("mappings", "understanding", "sure", "expected"),
    [
        ([SlotMapping("from_entity", "colour")], heard("…", "x", entities=COLOURS), False, "blue"),
        ([SlotMapping("from_entity", "size")], heard("…", "x", entities=COLOURS), True, None),
        (
            [SlotMapping("from_entity", "colour", ("x",))],
            heard("…", "x", entities=COLOURS),
            True,
            "blue",
        ),
        (
            [SlotMapping("from_entity", "colour", ("x",))],
            heard("…", "x", entities=COLOURS),
            False,
            None,
        ),
        (
            [SlotMapping("from_entity", "colour", ("y",))],
            heard("…", "x", entities=COLOURS),
            True,
            None,
        ),
        ([SlotMapping("from_intent", None, ("x", "y"), 5)], heard("…", "y"), True, 5),
        ([SlotMapping("from_intent", None, ("x", "y"), 5)], heard("…", "y"), False, None),
        ([SlotMapping("from_intent", None, (), 5)], heard("…", "y"), True, None),
        ([SlotMapping("from_text")], heard("  as typed ", ""), False, "as typed"),
        ([SlotMapping("from_text")], heard("   ", ""), True, None),
        ([SlotMapping("from_text", None, ("inform",))], heard("a", "deny"), True, None),
        ([SlotMapping("controlled")], heard("a", "x", entities=COLOURS), True, None),
        # the first that fits
        (
            [
                SlotMapping("from_entity", "size"),
                SlotMapping("from_entity", "colour"),
                SlotMapping("from_text"),
            ],
            heard("a", "x", entities=COLOURS),
            True,
            "blue",
        ),
    ],
)
def test_slot_mappings(
    mappings: list[SlotMapping], understanding: Understanding, sure: bool, expected: Any
) -> None:
    slot = Slot("s", "any", tuple(mappings))
    assert slot_value(slot, understanding, sure=sure) == expected
