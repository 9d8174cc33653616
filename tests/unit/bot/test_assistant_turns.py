"""The course of a conversation: answers, digressions, repairs, control."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Action
from sqlalchemy import Engine
from stand_ins import Desk, desk_of, shop_with, state_of

from bot.messages import UserMessage
from bot.shop import ShopFiles

CONFIRM = "Shall I cancel order **4005** (1 × Item of 4005, $84.00)?"


async def test_a_flow_that_the_intent_starts(desk: Desk) -> None:
    turn = await desk.say("hello")
    assert len(turn.messages) == 1
    assert turn.trace.decision == "confident intent"
    assert (turn.trace.intent, turn.trace.flow) == ("greet", "greet")
    assert turn.trace.actions == ("utter_greet",)
    assert turn.trace.trace_id


async def test_an_answer_stands_on_its_entry(desk: Desk) -> None:
    turn = await desk.say("how long does delivery take")
    assert [m.text for m in turn.messages] == ["Answer of delivery-time."]
    assert [(c.id, c.file, c.line) for c in turn.trace.sources] == [
        ("delivery-time", "faq/x.md", 7)
    ]
    assert turn.messages[0].citations == turn.trace.sources


async def test_out_of_scope_is_said_and_a_person_offered(desk: Desk) -> None:
    turn = await desk.say("who will win the election")
    assert "I'd rather not guess" in turn.messages[0].text
    assert [b.payload for b in turn.messages[0].buttons] == ["/contact_human_agent"]
    assert turn.trace.out_of_scope


async def test_several_readings_are_offered_as_buttons(desk: Desk) -> None:
    turn = await desk.say("order or refund")
    assert [(b.title, b.payload) for b in turn.messages[0].buttons] == [
        ("Where my order is", "/track_order"),
        ("Where my refund is", "/track_refund"),
        ("Question of tracking?", "Question of tracking?"),
        ("Talk to a person", "/contact_human_agent"),
    ]
    pressed = await desk.say("/track_refund")
    assert pressed.trace.flow == "track_refund"


async def test_what_comes_close_is_offered(desk: Desk) -> None:
    turn = await desk.say("cancel and refund, no idea")
    assert "I'd rather not guess" in turn.messages[0].text
    assert [b.title for b in turn.messages[0].buttons] == [
        "Question of refund-time?",
        "Talk to a person",
    ]


async def test_a_chinese_message_gets_chinese_replies(desk: Desk) -> None:
    turn = await desk.say("我的订单到哪了")
    assert turn.messages[0].text.startswith("订单 **4005**（3月5日 下单，$84.00）")
    assert turn.messages[0].cards[0].title == "订单 4005"
    pressed = await desk.say("/greet")  # a button has no language of its own
    assert "您好" in pressed.messages[0].text


@pytest.mark.parametrize(
    ("digression", "reply"),
    [
        ("how long does delivery take", "Answer of delivery-time."),
        ("hello", ""),
        ("where is 4002", "Order **4002**"),
        ("gibberish", "Sorry, I didn't get that."),
        ("yes?", "Sorry, I didn't get that."),
    ],
)
async def test_after_a_digression_the_flow_asks_again(
    desk: Desk, digression: str, reply: str
) -> None:
    await desk.say("cancel my order")
    turn = await desk.say(digression)
    assert reply in turn.messages[0].text
    assert turn.messages[-1].text.startswith(CONFIRM)
    assert "Done: order **4005** is cancelled" in await desk.texts("yes")


async def test_a_choice_is_the_only_question_of_its_turn(desk: Desk) -> None:
    await desk.say("cancel my order")
    turn = await desk.say("order or refund")
    assert [m.text for m in turn.messages] == [
        "I want to get this right. Which of these do you mean?"
    ]
    # A yes to that choice says nothing of the order: it is asked about again.
    assert "Shall I cancel order **4005**" in await desk.texts("yes")
    assert "Done: order **4005** is cancelled" in await desk.texts("yes")


async def test_two_misunderstandings_in_a_flow_offer_a_person(desk: Desk) -> None:
    await desk.say("cancel my order")
    first, second = await desk.say("gibberish"), await desk.say("gibberish")
    assert [m.text.split(".")[0] for m in first.messages] == [
        "Sorry, I didn't get that",
        "Shall I cancel order **4005** (1 × Item of 4005, $84",
    ]
    assert "I'd rather not guess" in second.messages[0].text
    assert second.messages[0].buttons[-1].payload == "/contact_human_agent"
    await desk.say("hello")
    assert "I didn't get that" in await desk.texts("gibberish")  # counted afresh


async def test_stop_with_nothing_under_way(desk: Desk) -> None:
    assert "There's nothing under way right now" in await desk.texts("stop")


async def test_stop_at_a_question_that_knows_no_stop(
    demo: ShopFiles, engine: Engine, tmp_path: Path
) -> None:
    desk = desk_of(
        demo,
        engine,
        shop=shop_with(
            demo,
            tmp_path,
            """
flows:
  outer:
    nlu_trigger: [greet]
    steps: [{collect: order_number, utter: utter_which_order}, {action: utter_goodbye}]
""",
        ),
    )
    assert await desk.texts("hello") == "Which order do you mean?"
    stopped = await desk.say("stop")
    assert [m.text for m in stopped.messages] == [
        "All right, let's leave that. What else can I do for you?"
    ]
    assert state_of(desk).stack == ()


async def test_start_over_forgets_everything_but_the_language(desk: Desk) -> None:
    await desk.say("cancel 4001")
    await desk.say("cancel my order")
    assert (await desk.texts("start over")).startswith("Let's start over.")
    state = state_of(desk)
    assert state.stack == ()
    assert state.slots == {"language": "en"}


async def test_say_that_again(desk: Desk) -> None:
    assert (await desk.texts("say that again")).startswith("I haven't said anything yet")
    first = await desk.say("where is 4002")
    again = await desk.say("say that again")
    once_more = await desk.say("say that again")
    for turn in (again, once_more):
        assert [replace(m, id="") for m in turn.messages] == [
            replace(m, id="") for m in first.messages
        ]
    assert first.messages[0].cards
    assert len({t.messages[0].id for t in (first, again, once_more)}) == 3


async def test_say_that_again_asks_a_question_once(desk: Desk) -> None:
    first = await desk.say("cancel my order")
    again = await desk.say("say that again")
    assert [(m.text, m.buttons) for m in again.messages] == [
        (m.text, m.buttons) for m in first.messages
    ]


async def test_several_slots_in_one_message(
    demo: ShopFiles, engine: Engine, tmp_path: Path
) -> None:
    desk = desk_of(
        demo,
        engine,
        shop=shop_with(
            demo,
            tmp_path,
            """
flows:
  report:
    nlu_trigger: [report]
    steps:
      - {collect: order_number, utter: utter_which_order}
      - {collect: contact_email}
      - action: utter_goodbye
""",
        ),
    )
    both = "/report" + '{"order_number": "4001", "email": "a@example.org"}'
    assert (await desk.texts(both)).startswith("Goodbye")
    assert await desk.texts("/report") == "Which order do you mean?"
    one_more = await desk.texts("where is 4001")  # fills the slot that was asked for
    assert one_more.startswith("I'll pass this on to a person. Which e-mail address")


@pytest.mark.parametrize(
    "now",
    ["flows: {}", "flows: {cancel_order: {nlu_trigger: [x], steps: [{action: utter_greet}]}}"],
)
@pytest.mark.parametrize("text", ["yes", "stop", "say that again", "hello"])
async def test_a_flow_that_changed_on_disk_is_given_up(
    desk: Desk, demo: ShopFiles, tmp_path: Path, now: str, text: str
) -> None:
    await desk.say("cancel my order")
    kept = {i: f for i, f in demo.flows.by_id.items() if i in ("greet", "affirm")}
    shop = shop_with(demo, tmp_path, now)
    desk.shop = replace(
        shop,
        flows=replace(
            shop.flows,
            by_id={**shop.flows.by_id, **kept},
            by_intent={**shop.flows.by_intent, **{i: kept[i] for i in kept}},
        ),
    )
    desk.restart()
    turn = await desk.say(text)
    assert turn.messages
    assert turn.trace.decision != "internal error"
    assert state_of(desk).stack == ()
    assert desk.orders.cancelled == []


class Chatty(Action):
    """Says everything that rasa-sdk lets an action say."""

    def name(self) -> str:
        return "action_chatty"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(
            text="plain", buttons=[{"title": "b", "payload": "/b"}], image="/i.png"
        )
        dispatcher.utter_message(response="utter_internal_error", trace_id="T", name="n", state="s")
        dispatcher.utter_message(response="utter_clarify", buttons=[{"title": "c", "payload": "d"}])
        return [{"event": "slot", "name": "seen", "value": tracker.sender_id}]


async def test_a_shops_own_action(demo: ShopFiles, engine: Engine, tmp_path: Path) -> None:
    desk = desk_of(
        demo,
        engine,
        more_actions=(Chatty(),),
        shop=shop_with(
            demo, tmp_path, "flows: {a: {nlu_trigger: [greet], steps: [{action: action_chatty}]}}"
        ),
    )
    plain, filled, clarify = (await desk.say("hello")).messages
    assert (plain.text, plain.image, plain.buttons[0].payload) == ("plain", "/i.png", "/b")
    assert "(reference T)" in filled.text
    assert [b.title for b in clarify.buttons] == ["c"]
    assert state_of(desk).slots["seen"] == "c1"


async def test_what_is_pressed_is_not_classified(desk: Desk) -> None:
    await desk.say("/greet")
    await desk.say("greet")
    assert desk.understander.asked == ["greet"]


async def test_a_turn_is_measured(desk: Desk) -> None:
    turn = await desk.assistant.handle(UserMessage("c9", "hello", channel="test"))
    assert turn.conversation_id == "c9"
    assert turn.trace.latency_ms > 0
