"""What a message asks for in the middle of a task: answers, corrections, ways out, digressions."""

from typing import Any

import pytest
from interpret_shop import at, commands, decide, hear, hit, on

from bot.dialogue.commands import (
    Answer,
    CannotHandle,
    Command,
    CorrectSlots,
    SetSlot,
    StartFlow,
    StartPattern,
)
from bot.dialogue.thresholds import NO_EVIDENCE
from bot.dialogue.tracker import Frame, State
from knowledge.index.search import Findings
from nlu.understanding import Understanding

CONFIRMING = at("cancel_order", "confirm_cancel", order_number="4471")
ASKING_ORDER = at("cancel_order", "order_number")
ASKING_REASON = at("return_item", "reason", order_number="4471")
ASKING_EMAIL = at("pattern_human_handoff", "contact_email")
ASKING_COLOUR = at("order_gear", "colour")
ASKING_SIZE = at("order_gear", "size", colour="red")
ASKING_QUANTITY = at("order_gear", "quantity", colour="red", size="small")
ASKING_GIFT = at("order_gear", "gift", colour="red", size="small", quantity=2.0)
TO_CITY = at("trip", "to_city", from_city="Paris")

YES = SetSlot("confirm_cancel", True)
NO = SetSlot("confirm_cancel", False)
CANCEL = StartPattern("pattern_cancel_flow")
SKIP = StartPattern("pattern_skip_question")
RESTART = StartPattern("pattern_restart")
REPEAT = StartPattern("pattern_repeat_bot_messages")
PERSON = StartPattern("pattern_human_handoff")
OTHER_ORDER = CorrectSlots((("order_number", "4417"),))


def several(**slots: Any) -> StartPattern:
    return StartPattern("pattern_several_slots", {"slots": slots})


def typo(slot: str, heard: str, read: str) -> StartPattern:
    return StartPattern("pattern_typo", {"slot": slot, "heard": heard, "read": read})


def zh(text: str, intent: str = "", probability: float = 0.9, **entities: str) -> Understanding:
    return hear(text, intent, probability, language="zh", **entities)


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (hear("…", "deny"), [NO]),
        (hear("…", "stop"), [NO]),  # the question takes it for an answer
        (hear("never mind", "stop"), [NO]),
        (zh("算了"), [NO]),
        # plain words, whatever the model thinks
        (hear("yep"), [YES]),
        (hear("Yesss!!", "greet"), [YES]),
        (hear("ok", "chitchat", 0.3), [YES]),
        (hear("sure, thanks", "thank_you"), [YES]),
        (zh("嗯"), [YES]),
        (zh("好的", "greet"), [YES]),
        (zh("行吧"), [YES]),
        (hear("nope"), [NO]),
        (hear("NOOO", "affirm"), [NO]),
        (zh("不用了"), [NO]),
        (zh("不用了，谢谢"), [NO]),
        (zh("先不要"), [NO]),
        # more than a word
        (hear("yes, cancel it", "cancel_order"), [YES]),
        (hear("no, keep it please"), [NO]),
        (hear("don't cancel it", "cancel_order"), [NO]),
        (zh("是的，取消吧", "cancel_order"), [YES]),
        (zh("不要取消", "cancel_order"), [NO]),
        # what the model makes of it confirms nothing, nor does a yes that is taken back
        (hear("…", "affirm", 1.0), [CannotHandle()]),
        (zh("好气", "affirm", 1.0), [CannotHandle()]),
        (zh("嗯？", "affirm", 1.0), [CannotHandle()]),
        (hear("no problem", "deny"), [CannotHandle()]),
        (hear("not sure", "deny"), [CannotHandle()]),
        (hear("no, sorry, yes", "deny"), [CannotHandle()]),
        (hear("yes?", "affirm", 0.3), [CannotHandle()]),
        (hear("…", "affirm", out_of_scope=True), [CannotHandle()]),
        (hear("yes but wait"), [CannotHandle()]),
        (hear("no wait I'm thinking", "affirm"), [CannotHandle()]),
        # the number that is known already changes nothing
        (hear("yes, 4471", "affirm", order_number="4471"), [YES]),
        (zh("对，4471", "affirm", order_number="4471"), [YES]),
    ],
)
def test_yes_and_no(understanding: Understanding, expected: list[Command]) -> None:
    assert commands(understanding, CONFIRMING) == expected


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (hear("no, 4417", "deny", order_number="4417"), [OTHER_ORDER]),
        (hear("yes, 4417", "affirm", order_number="4417"), [OTHER_ORDER]),
        (hear("yes, and 4417", "affirm", 1.0, order_number="4417"), [OTHER_ORDER]),
        (hear("4417", order_number="4417"), [OTHER_ORDER]),
        (hear("not 4471 but 4417", order_number=["4471", "4417"]), [OTHER_ORDER]),
        (hear("4417, not 4471", "deny", order_number=["4417", "4471"]), [OTHER_ORDER]),
        (hear("make that 4417", "cancel_order", order_number="4417"), [OTHER_ORDER]),
        (hear("cancel 4417", "cancel_order", order_number="4417"), [OTHER_ORDER]),
        (hear("4471, sorry, 4417", order_number=["4471", "4417"]), [OTHER_ORDER]),
        (hear("sorry, wrong one, 4417 instead", "x", order_number="4417"), [OTHER_ORDER]),
        (zh("不，是4417", "deny", order_number="4417"), [OTHER_ORDER]),
        (zh("说错了，应该是4417", order_number="4417"), [OTHER_ORDER]),
        (zh("改成4417", "affirm", order_number="4417"), [OTHER_ORDER]),
        (hear("不是4471，是4417", "deny", order_number=["4471", "4417"]), [OTHER_ORDER]),
        (hear("把4471改成4417", "affirm", order_number=["4471", "4417"]), [OTHER_ORDER]),
        # a slot of no flow that is known is no less a part of what a yes is to
        (
            hear("yes, B-2", "affirm", invoice_number="B-2"),
            [CorrectSlots((("invoice", "B-2"),))],
        ),
        # against what is known, without another value
        (hear("yes but not 4471", "affirm", order_number="4471"), [CannotHandle()]),
    ],
)
def test_another_value_beside_a_yes_or_no_is_a_correction(
    understanding: Understanding, expected: list[Command]
) -> None:
    state = at("cancel_order", "confirm_cancel", order_number="4471", invoice="B-1")
    assert commands(understanding, state) == expected


def test_no_yes_passes_beside_a_value_not_known_before() -> None:
    heard = hear("yes, B-2", "affirm", invoice_number="B-2")
    assert commands(heard, CONFIRMING) == [SetSlot("invoice", "B-2"), CannotHandle()]


@pytest.mark.parametrize(
    ("understanding", "state", "expected"),
    [
        # an answer to this question, and another value for an earlier one
        (
            hear("large, and make that blue"),
            ASKING_SIZE,
            [CorrectSlots((("colour", "blue"),)), SetSlot("size", "large")],
        ),
        (
            hear("actually make it blue"),
            ASKING_QUANTITY,
            [CorrectSlots((("colour", "blue"),))],
        ),
        (hear("blue, not red"), ASKING_QUANTITY, [CorrectSlots((("colour", "blue"),))]),
        (zh("颜色改成蓝色"), ASKING_GIFT, [CorrectSlots((("colour", "蓝色"),))]),
        (hear("yes, but blue"), ASKING_GIFT, [CorrectSlots((("colour", "blue"),))]),
        (hear("make that three"), ASKING_GIFT, [CorrectSlots((("quantity", 3.0),))]),
        (zh("不对，三个"), ASKING_GIFT, [CorrectSlots((("quantity", 3.0),))]),
        (hear("yes, 3 of them"), ASKING_GIFT, [CorrectSlots((("quantity", 3.0),))]),
        # the question is for the same kind of thing: a cue decides
        (hear("London", city="London"), TO_CITY, [SetSlot("to_city", "London")]),
        (
            hear("no, I meant London", "deny", city="London"),
            TO_CITY,
            [CorrectSlots((("from_city", "London"),))],
        ),
        (
            zh("说错了，是London", city="London"),
            TO_CITY,
            [CorrectSlots((("from_city", "London"),))],
        ),
        (
            hear("not Paris, London", city=["Paris", "London"]),
            TO_CITY,
            [CorrectSlots((("from_city", "London"),))],
        ),
        # which one was meant: the one set aside, else the latest
        (
            hear("not Paris but Oslo", city=["Paris", "Oslo"]),
            at("trip", "day", from_city="Paris", to_city="Rome"),
            [CorrectSlots((("from_city", "Oslo"),))],
        ),
        (
            hear("actually Oslo", city="Oslo"),
            at("trip", "day", from_city="Paris", to_city="Rome"),
            [CorrectSlots((("to_city", "Oslo"),))],
        ),
        # a free answer that happens to name a number is none, unless it says so
        (
            hear("the box of 4417 was open", order_number="4417"),
            ASKING_REASON,
            [SetSlot("reason", "the box of 4417 was open")],
        ),
        (hear("sorry, I meant 4417", order_number="4417"), ASKING_REASON, [OTHER_ORDER]),
        (zh("不对，订单是4417", order_number="4417"), ASKING_REASON, [OTHER_ORDER]),
    ],
)
def test_corrections(
    understanding: Understanding, state: State, expected: list[Command]
) -> None:
    assert commands(understanding, state) == expected


def test_a_correction_says_what_changed() -> None:
    decision = decide(hear("no, 4417", order_number="4417"), CONFIRMING)
    assert decision.reason == "corrects order_number 4471 → 4417"


ENDED = State(slots={"order_number": "4471"}, last_flow="track_order")


@pytest.mark.parametrize(
    ("understanding", "state", "expected"),
    [
        (
            hear("no I meant 4417", "deny", order_number="4417"),
            ENDED,
            [SetSlot("order_number", "4417"), StartFlow("track_order")],
        ),
        (
            zh("不对，是4417", "deny", order_number="4417"),
            ENDED,
            [SetSlot("order_number", "4417"), StartFlow("track_order")],
        ),
        (
            hear("sorry, 4417", order_number="4417"),
            State(last_flow="status"),
            [SetSlot("order_number", "4417"), StartFlow("status")],
        ),
        # the value alone
        (
            hear("4417", order_number="4417"),
            ENDED,
            [SetSlot("order_number", "4417"), StartFlow("track_order")],
        ),
        (
            hear("and 4417?", "greet", 0.2, order_number="4417"),
            ENDED,
            [SetSlot("order_number", "4417"), StartFlow("track_order")],
        ),
        # the last task was about no such value: what the message is likest to mean
        (
            hear("4417", "track_order", 0.38, order_number="4417"),
            State(last_flow="order_history"),
            [SetSlot("order_number", "4417"), StartFlow("track_order")],
        ),
        (
            hear("oh it's 4417", "get_refund", 0.2, order_number="4417"),
            State(last_flow="status"),
            [SetSlot("order_number", "4417"), StartFlow("status")],
        ),
        # an address after all
        (
            hear("a@b.org", email="a@b.org"),
            State(slots={"contact_email": "none"}),
            [SetSlot("contact_email", "a@b.org"), PERSON],
        ),
        # more than the value, nothing new, another sure task, or a task that may not start
        (
            hear("4417 broke down", order_number="4417"),
            ENDED,
            [SetSlot("order_number", "4417"), CannotHandle()],
        ),
        (hear("no I meant 4471", "deny", order_number="4471"), ENDED, [StartFlow("deny")]),
        (
            hear("no, refund 4417", "get_refund", order_number="4417"),
            ENDED,
            [SetSlot("order_number", "4417"), StartFlow("get_refund")],
        ),
        (
            hear("sorry, 4417", order_number="4417"),
            State(last_flow="members"),
            [SetSlot("order_number", "4417"), CannotHandle()],
        ),
    ],
)
def test_a_correction_after_the_task_has_ended(
    understanding: Understanding, state: State, expected: list[Command]
) -> None:
    assert commands(understanding, state) == expected


@pytest.mark.parametrize(
    ("understanding", "state", "expected"),
    [
        # set phrases, though the model is unsure
        (hear("never mind"), ASKING_ORDER, [CANCEL]),
        (hear("Forget it!", "x", out_of_scope=True), ASKING_REASON, [CANCEL]),
        (zh("算了"), ASKING_ORDER, [CANCEL]),
        (hear("skip"), ASKING_REASON, [SKIP]),
        (zh("跳过这个吧"), ASKING_REASON, [SKIP]),
        (zh("不想说"), ASKING_REASON, [SKIP]),
        (zh("人工"), ASKING_REASON, [PERSON]),
        (hear("agent please"), CONFIRMING, [PERSON]),
        (hear("start over"), CONFIRMING, [RESTART]),
        (zh("再说一遍"), CONFIRMING, [REPEAT]),
        # the model is sure
        (hear("I'd leave this be", "stop"), ASKING_ORDER, [CANCEL]),
        (hear("I'd leave this be", "skip"), ASKING_ORDER, [SKIP]),
        (hear("get me somebody", "contact_human_agent"), ASKING_REASON, [PERSON]),
        (hear("get me somebody for 4417", "contact_human_agent", order_number="4417"),
         CONFIRMING, [PERSON]),
        (hear("what was that", "repeat"), ASKING_COLOUR, [REPEAT]),
        # any text may be an answer, so the model must be surer there
        (hear("changed my mind", "stop", 0.7), ASKING_REASON,
         [SetSlot("reason", "changed my mind")]),
        # the question takes it for an answer
        (hear("no thanks"), ASKING_EMAIL, [SetSlot("contact_email", "none")]),
        (hear("never mind"), ASKING_EMAIL, [SetSlot("contact_email", "none")]),
        (zh("不用了"), ASKING_EMAIL, [SetSlot("contact_email", "none")]),
        # a person was asked for already: the question is asked again, nobody is called twice
        (hear("a person", "contact_human_agent"), ASKING_EMAIL, []),
    ],
)  # fmt: skip
def test_ways_out(
    understanding: Understanding, state: State, expected: list[Command]
) -> None:
    assert commands(understanding, state) == expected


POLICY = on("return_policy")
RETURNS = Answer(hit("return_policy", 0.8, "return_policy"))


@pytest.mark.parametrize(
    ("understanding", "state", "evidence", "expected"),
    [
        # a question is answered, and nothing of the task changes
        (hear("how long do I have?", "return_policy"), CONFIRMING, POLICY, [RETURNS]),
        (hear("can I send 4417 back?", "return_policy", order_number="4417"),
         CONFIRMING, POLICY, [RETURNS]),
        (zh("4417能不能退货", "return_policy", order_number="4417"), CONFIRMING, POLICY, [RETURNS]),
        (hear("can I send 4417 back?", "return_policy", order_number="4417"),
         ASKING_ORDER, POLICY, [RETURNS]),
        (hear("how long do I have?", "return_policy"), ASKING_REASON, POLICY, [RETURNS]),
        (zh("多久之内可以退", "return_policy"), ASKING_REASON, POLICY, [RETURNS]),
        (hear("do you have 2 day shipping?", "return_policy"), ASKING_QUANTITY, POLICY, [RETURNS]),
        (hear("what is it?", "x", 0.2), ASKING_REASON, POLICY, [RETURNS]),
        (hear("could the shop take 4417 back?", "x", 0.3, order_number="4417"), ASKING_ORDER,
         POLICY, [RETURNS]),
        # what is no question answers the one that was asked
        (hear("it was the return policy", "return_policy"), ASKING_REASON, POLICY,
         [SetSlot("reason", "it was the return policy")]),
        (hear("is 4417 ok?", "x", 0.3, order_number="4417"), ASKING_ORDER, NO_EVIDENCE,
         [SetSlot("order_number", "4417")]),
        # another task interrupts, with what it is told
        (hear("where is my order", "track_order"), CONFIRMING, NO_EVIDENCE,
         [StartFlow("track_order")]),
        (hear("where is 4417", "track_order", order_number="4417"), CONFIRMING, NO_EVIDENCE,
         [SetSlot("order_number", "4417"), StartFlow("track_order")]),
        (hear("no, where is my order", "track_order"), CONFIRMING, NO_EVIDENCE,
         [StartFlow("track_order")]),
        (zh("不，我的订单到哪了", "track_order"), CONFIRMING, NO_EVIDENCE,
         [StartFlow("track_order")]),
        (hear("where is my order?", "track_order"), ASKING_REASON, NO_EVIDENCE,
         [StartFlow("track_order")]),
        (zh("我的订单到哪了？", "track_order"), ASKING_REASON, NO_EVIDENCE,
         [StartFlow("track_order")]),
        (hear("my order number is 4417", "track_order", order_number="4417"), ASKING_ORDER,
         NO_EVIDENCE, [SetSlot("order_number", "4417")]),
        (zh("订单号是4417", "track_order", order_number="4417"), ASKING_ORDER, NO_EVIDENCE,
         [SetSlot("order_number", "4417")]),
        # the same task again: still at it
        (hear("cancel my order", "cancel_order"), ASKING_ORDER, NO_EVIDENCE, []),
        (hear("cancel my order 4417", "cancel_order", order_number="4417"), ASKING_ORDER,
         NO_EVIDENCE, [SetSlot("order_number", "4417")]),
        # small talk
        (hear("hello", "greet"), ASKING_ORDER, NO_EVIDENCE, [StartFlow("greet")]),
        (hear("nice weather", "chitchat"), ASKING_ORDER, NO_EVIDENCE,
         [StartPattern("pattern_chitchat")]),
    ],
)  # fmt: skip
def test_digressions(
    understanding: Understanding, state: State, evidence: Findings, expected: list[Command]
) -> None:
    assert commands(understanding, state, evidence) == expected


@pytest.mark.parametrize(
    ("understanding", "state", "reason"),
    [
        (hear("cancel my order", "cancel_order"), ASKING_ORDER, "still at it"),
        (hear("a person", "contact_human_agent"), ASKING_EMAIL, "still at it"),
        (hear("skip"), ASKING_REASON, "asks for pattern_skip_question"),
        (hear("let us skip it", "skip"), ASKING_ORDER, "asks to skip"),
        (hear("blue, large"), ASKING_COLOUR, "fills size, colour"),
        (hear("could the shop take 4417 back?", order_number="4417"), CONFIRMING,
         "corrects order_number 4471 → 4417"),
        (hear("sorry, 4417", order_number="4417"), State(last_flow="status"),
         "takes order_number, once more"),
    ],
)  # fmt: skip
def test_reasons(understanding: Understanding, state: State, reason: str) -> None:
    assert decide(understanding, state).reason == reason


@pytest.mark.parametrize(
    ("understanding", "state", "expected"),
    [
        (
            hear("blue, large", "x", 0.2),
            ASKING_COLOUR,
            [SetSlot("size", "large"), SetSlot("colour", "blue"),
             several(size="large", colour="blue")],
        ),
        (
            zh("要蓝色，大号的"),
            ASKING_COLOUR,
            [SetSlot("size", "大号"), SetSlot("colour", "蓝色"),
             several(size="大号", colour="蓝色")],
        ),
        (
            hear("from Paris to Rome", city=["Paris", "Rome"]),
            at("trip", "from_city"),
            [SetSlot("to_city", "Rome"), SetSlot("from_city", "Paris"),
             several(to_city="Rome", from_city="Paris")],
        ),
        (
            hear("Rome on Friday", city="Rome", date="Friday"),
            TO_CITY,
            [SetSlot("day", "Friday"), SetSlot("to_city", "Rome"),
             several(day="Friday", to_city="Rome")],
        ),
        # for questions that are yet to come
        (hear("size large"), ASKING_COLOUR, [SetSlot("size", "large")]),
        # a question that must be asked is not filled in passing
        (
            hear("a@b.org, Ann", email="a@b.org", name="Ann"),
            at("profile", "contact_email"),
            [SetSlot("contact_email", "a@b.org")],
        ),
        (hear("Ann", name="Ann"), at("profile", "nickname"), [SetSlot("nickname", "Ann")]),
    ],
)  # fmt: skip
def test_several_slots_in_one_message(
    understanding: Understanding, state: State, expected: list[Command]
) -> None:
    assert commands(understanding, state) == expected


@pytest.mark.parametrize(
    ("text", "state", "expected"),
    [
        ("blu", ASKING_COLOUR, [CannotHandle()]),  # three letters prove nothing
        ("bleu", ASKING_COLOUR, [SetSlot("colour", "blue"), typo("colour", "bleu", "blue")]),
        ("Grene please", ASKING_COLOUR,
         [SetSlot("colour", "green"), typo("colour", "grene", "green")]),
        ("meduim", ASKING_SIZE, [SetSlot("size", "medium"), typo("size", "meduim", "medium")]),
        ("extra lareg", ASKING_SIZE,
         [SetSlot("size", "extra large"), typo("size", "extra lareg", "extra large")]),
        ("bleu?", ASKING_COLOUR, [CannotHandle()]),
        ("purple", ASKING_COLOUR, [CannotHandle()]),
        ("红", ASKING_COLOUR, [CannotHandle()]),
        ("447l", ASKING_ORDER, [CannotHandle()]),
    ],
)  # fmt: skip
def test_small_typos(text: str, state: State, expected: list[Command]) -> None:
    assert commands(hear(text, "x", 0.2), state) == expected


SIZES = [("Small", '/inform{"size": "small"}'), ("Large", '/inform{"size": "large"}')]
YES_NO = [("Yes, cancel it", "/affirm"), ("No, keep it", "/deny")]


@pytest.mark.parametrize(
    ("understanding", "state", "expected"),
    [
        (hear("yes, cancel it!", "x"), at("cancel_order", "confirm_cancel", buttons=YES_NO), [YES]),
        (hear("the second one"), at("cancel_order", "confirm_cancel", buttons=YES_NO), [NO]),
        (hear("/affirm", "affirm", 1.0), CONFIRMING, [YES]),
        (hear("the first"), at("order_gear", "size", buttons=SIZES), [SetSlot("size", "small")]),
        (zh("第二个"), at("order_gear", "size", buttons=SIZES), [SetSlot("size", "large")]),
        # a figure is an answer where a number is asked for
        (hear("2"), at("order_gear", "quantity", buttons=YES_NO), [SetSlot("quantity", 2.0)]),
        # CALM's payload: slots by name, those of actions never
        (
            hear("/SetSlots(size=large)", size="large"),
            ASKING_SIZE,
            [SetSlot("size", "large")],
        ),
        (hear("/SetSlots(gift=true)", gift="true"), ASKING_GIFT, [SetSlot("gift", True)]),
        (hear("/SetSlots(secret=x)", secret="x"), ASKING_GIFT, [CannotHandle()]),
        (hear("/greet", "greet", 1.0), ASKING_REASON, [StartFlow("greet")]),
    ],
)
def test_buttons(
    understanding: Understanding, state: State, expected: list[Command]
) -> None:
    assert commands(understanding, state) == expected


def test_what_a_form_ignores_fills_nothing() -> None:
    state = at("book_form", "seats")
    assert commands(hear("4", number="4"), state) == [SetSlot("seats", 4.0)]
    assert commands(hear("4", "complain", number="4"), state) == [CannotHandle()]


def test_the_intent_that_starts_a_form_may_fill_a_slot() -> None:
    heard = hear("a table for 4", "book_table", number="4")
    assert commands(heard, State()) == [
        SetSlot("seats", 4.0), SetSlot("topic", "table"), StartFlow("book_form"),
    ]  # fmt: skip


def test_a_task_is_corrected_from_within_a_flow_that_it_called() -> None:
    stack = (Frame("cancel_order", "confirm_cancel"), Frame("profile", "contact_email", "call"))
    state = State(slots={"order_number": "4471"}, stack=stack)
    assert commands(hear("no, 4417", order_number="4417"), state) == [OTHER_ORDER]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "👍🏽👍🏽", "？", "x" * 100_000, "not " * 20_000, "。" * 50_000, "要" * 50_000],
)
def test_nothing_raises_on_odd_texts(text: str) -> None:
    for state in (State(), CONFIRMING, ASKING_ORDER, ASKING_COLOUR, ASKING_QUANTITY):
        assert decide(hear(text), state).reason


CANCELLING = at("cancel_order", "confirm_cancel", buttons=YES_NO, order_number="4471")


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (hear("cancel it", "cancel_order"), [YES]),
        (hear("yes cancel it but hurry", "cancel_order"), [YES]),
        (hear("4471 yes", order_number="4471"), [YES]),
        (hear("i want to keep it"), [NO]),
        (hear("keep", "x"), [NO]),
        (zh("别取消了", "cancel_order"), [NO]),
        # the request once more, as a double click sends it
        (hear("cancel my order", "cancel_order", 1.0), []),
        (zh("取消订单", "cancel_order", 1.0), []),
        # a person, however it is put
        (zh("别跟我扯 转人工", "deny"), [PERSON]),
        (hear("wrong number", "x", 0.2), [CannotHandle()]),
    ],
)
def test_answers_that_say_what_the_buttons_say(
    understanding: Understanding, expected: list[Command]
) -> None:
    assert commands(understanding, CANCELLING) == expected


def asked_back(*readings: str) -> State:
    """The bot has just asked which reading is meant, in the midst of a cancellation."""
    shown = [{"title": r, "payload": f"/{r}"} for r in (*readings, "contact_human_agent")]
    said = {"event": "bot", "metadata": {"utter_action": "utter_clarify"}}
    return State(
        slots={"order_number": "4471"},
        stack=(Frame("cancel_order", "confirm_cancel", asked=True),),
        earlier_replies=({**said, "data": {"buttons": shown}},),
    )


@pytest.mark.parametrize(
    ("text", "readings", "expected"),
    [
        ("yes", ("get_refund",), [StartFlow("get_refund")]),
        ("yes", ("get_refund", "track_order"), [CannotHandle()]),
        ("嗯", (), [CannotHandle()]),
        ("no", ("get_refund",), [NO]),
        ("/affirm", ("get_refund",), [YES]),
        ("the first one", ("get_refund", "track_order"), [StartFlow("get_refund")]),
    ],
)
def test_a_yes_to_a_question_of_which_reading_confirms_nothing_else(
    text: str, readings: tuple[str, ...], expected: list[Command]
) -> None:
    understanding = hear(text, "affirm", 1.0) if text.startswith("/") else hear(text)
    assert commands(understanding, asked_back(*readings)) == expected


ASKING_STORY = at("complaint", "story", about="delivery")
ASKING_WISH = at("complaint", "wish", about="delivery", story="it was late")
PASSING_ON = at("complaint", "pass_on", about="delivery", story="late", wish="a voucher")
OF_SERVICE = [CorrectSlots((("about", "service"),))]


@pytest.mark.parametrize(
    "text",
    [
        "not delivery, service", "i said service not delivery", "hmm rather service",
        "delivery is wrong its service", "its not about delivery but service",
        "the about is service", "不是delivery是service", "说错了 不是delivery 是service",
    ],
)
@pytest.mark.parametrize("state", [ASKING_STORY, ASKING_WISH, PASSING_ON])
def test_a_choice_is_corrected_at_any_later_question(text: str, state: State) -> None:
    assert commands(hear(text, "deny"), state) == OF_SERVICE


@pytest.mark.parametrize(
    ("understanding", "state", "expected"),
    [
        (hear("change my wish to a Refund"), PASSING_ON, [CorrectSlots((("wish", "a Refund"),))]),
        (hear("no it's about the money", "deny"), PASSING_ON, [CannotHandle()]),
        (zh("算了不投诉了", "stop"), PASSING_ON, [SetSlot("pass_on", False)]),
        (zh("算了不投诉了", "complaint"), ASKING_STORY, [CANCEL]),
        (hear("forget the complaint", "complaint"), ASKING_STORY, [CANCEL]),
        (hear("cancel", "cancel_order"), ASKING_STORY, [CANCEL]),
        (zh("取消", "cancel_order"), ASKING_STORY, [CANCEL]),
        (hear("go back"), ASKING_WISH, [CannotHandle()]),
        # a story that happens to name choices corrects none
        (hear("the service was wrong and rude, the driver shouted at my mother"), ASKING_STORY,
         [SetSlot("story",
                  "the service was wrong and rude, the driver shouted at my mother")]),
        # another task by its name, and no more
        (hear("i need to cancel my order 4417", "cancel_order", order_number="4417"), ASKING_STORY,
         [SetSlot("order_number", "4417"), StartFlow("cancel_order")]),
        (zh("取消订单", "cancel_order"), ASKING_STORY, [StartFlow("cancel_order")]),
        (hear("they would not cancel my order of shoes", "cancel_order"), ASKING_STORY,
         [SetSlot("story", "they would not cancel my order of shoes")]),
        # small talk in a question
        (zh("等等 你们是机器人吗", "bot_challenge"), ASKING_STORY, [StartFlow("bot_challenge")]),
        # an outcry is the story
        (zh("这鞋穿了两次就开胶，你们就这质量？", "return_policy"), ASKING_STORY,
         [SetSlot("story", "这鞋穿了两次就开胶，你们就这质量？")]),
        # a wish may be a question
        (zh("能不能退钱？", "return_policy"), ASKING_WISH, [SetSlot("wish", "能不能退钱？")]),
        (hear("can I get a refund?", "get_refund"), ASKING_WISH,
         [SetSlot("wish", "can I get a refund?")]),
        (hear("a refund", "get_refund"), ASKING_WISH, [SetSlot("wish", "a refund")]),
        (hear("a refund", "get_refund"), ASKING_STORY, [StartFlow("get_refund")]),
        (zh("多久能退", "return_policy"), ASKING_WISH,
         [Answer(hit("return_policy", 0.8, "return_policy"))]),
        # nothing to wish for
        (hear("no", "deny"), ASKING_WISH, [SKIP]),
        (zh("没有"), ASKING_WISH, [SKIP]),
        (hear("no idea, skip", "stop"), ASKING_WISH, [SKIP]),
        (hear("no", "deny"), ASKING_STORY, [SetSlot("story", "no")]),
        # refusing what was asked for
        (zh("没有邮箱", "x", 0.2), ASKING_EMAIL, [SetSlot("contact_email", "none")]),
        (hear("no email", "x", 0.2), ASKING_EMAIL, [SetSlot("contact_email", "none")]),
    ],
)  # fmt: skip
def test_answers_to_open_questions(
    understanding: Understanding, state: State, expected: list[Command]
) -> None:
    assert commands(understanding, state, POLICY) == expected


@pytest.mark.parametrize(
    ("understanding", "expected"),
    [
        (zh("别取消", "cancel_order"), [StartFlow("deny")]),
        (hear("i don't want to cancel", "cancel_order"), [StartFlow("deny")]),
        (zh("不投诉", "complaint"), [StartFlow("deny")]),
        (zh("不用了", "stop"), [StartFlow("deny")]),
        (hear("never mind", "stop"), [CANCEL]),
        (zh("不要取消 你告诉我吧 多久之内可以退货呢", "cancel_order"), [CannotHandle()]),
        (zh("能不能取消", "cancel_order"), [StartFlow("cancel_order")]),
        (hear("why don't you cancel it", "cancel_order"), [StartFlow("cancel_order")]),
        (hear("skip", "stop"), [SKIP]),
    ],
)
def test_what_is_not_to_be_done(understanding: Understanding, expected: list[Command]) -> None:
    assert commands(understanding, State()) == expected


def test_a_button_by_its_figure_where_its_payload_is_a_text() -> None:
    state = at("order_gear", "size", buttons=[("大的", "large"), ("小的", "small")])
    assert commands(zh("2"), state) == [SetSlot("size", "small")]
    assert commands(zh("是大的"), state) == [SetSlot("size", "large")]
