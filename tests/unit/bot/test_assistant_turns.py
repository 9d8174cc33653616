"""The course of a conversation: digressions, repairs, control, failures, order of turns."""

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bot.assistant import Shop
from bot.dialogue.flows import read_flows
from bot.dialogue.tracker import replay
from bot.errors import ConversationNotYours
from bot.messages import Shopper, UserMessage
from bot.shop import ShopFiles
from bot.storage.conversations import ConversationStore
from nlu.understanding import Understanding
from rasa_sdk import Action
from sqlalchemy import Engine
from stand_ins import (
    ADA,
    BEN,
    SCRIPT,
    THRESHOLDS,
    VISITOR,
    Desk,
    ScriptedUnderstander,
    desk_of,
)

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
        ("delivery-time", "faq/x.md", 7)]
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
        "Question of refund-time?", "Talk to a person"]


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
        ("yes?", "Which of these do you mean?"),
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


async def test_two_misunderstandings_in_a_flow_offer_a_person(desk: Desk) -> None:
    await desk.say("cancel my order")
    first, second = await desk.say("gibberish"), await desk.say("gibberish")
    assert [m.text.split(".")[0] for m in first.messages] == [
        "Sorry, I didn't get that", "Shall I cancel order **4005** (1 × Item of 4005, $84"]
    assert "I'd rather not guess" in second.messages[0].text
    assert second.messages[0].buttons[-1].payload == "/contact_human_agent"
    await desk.say("hello")
    assert "I didn't get that" in await desk.texts("gibberish")  # counted afresh


async def test_stop_with_nothing_under_way(desk: Desk) -> None:
    assert "There's nothing under way right now" in await desk.texts("stop")


async def test_stop_at_a_question_that_knows_no_stop(demo: ShopFiles, engine: Engine,
                                                      tmp_path: Path) -> None:
    desk = desk_of(demo, engine, shop=shop_with(demo, tmp_path, """
flows:
  outer:
    nlu_trigger: [greet]
    steps: [{collect: order_number, utter: utter_which_order}, {action: utter_goodbye}]
"""))
    assert await desk.texts("hello") == "Which order do you mean?"
    stopped = await desk.say("stop")
    assert [m.text for m in stopped.messages] == [
        "All right, I've dropped that. Nothing was changed. What else can I do for you?"]
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
            replace(m, id="") for m in first.messages]
    assert first.messages[0].cards
    assert len({t.messages[0].id for t in (first, again, once_more)}) == 3


async def test_say_that_again_asks_a_question_once(desk: Desk) -> None:
    first = await desk.say("cancel my order")
    again = await desk.say("say that again")
    assert [(m.text, m.buttons) for m in again.messages] == [
        (m.text, m.buttons) for m in first.messages]


async def test_several_slots_in_one_message(demo: ShopFiles, engine: Engine,
                                            tmp_path: Path) -> None:
    desk = desk_of(demo, engine, shop=shop_with(demo, tmp_path, """
flows:
  report:
    nlu_trigger: [report]
    steps:
      - {collect: order_number, utter: utter_which_order}
      - {collect: contact_email}
      - action: utter_goodbye
"""))
    both = "/report" + '{"order_number": "4001", "email": "a@example.org"}'
    assert (await desk.texts(both)).startswith("Goodbye")
    assert await desk.texts("/report") == "Which order do you mean?"
    one_more = await desk.texts("where is 4001")  # fills the slot that was asked for
    assert one_more.startswith("I'll pass this on to a person. Which e-mail address")


@pytest.mark.parametrize(
    "now",
    ["flows: {}",
     "flows: {cancel_order: {nlu_trigger: [x], steps: [{action: utter_greet}]}}"],
)
@pytest.mark.parametrize("text", ["yes", "stop", "say that again", "hello"])
async def test_a_flow_that_changed_on_disk_is_given_up(
    desk: Desk, demo: ShopFiles, tmp_path: Path, now: str, text: str
) -> None:
    await desk.say("cancel my order")
    kept = {i: f for i, f in demo.flows.by_id.items() if i in ("greet", "affirm")}
    shop = shop_with(demo, tmp_path, now)
    desk.shop = replace(shop, flows=replace(
        shop.flows, by_id={**shop.flows.by_id, **kept},
        by_intent={**shop.flows.by_intent, **{i: kept[i] for i in kept}}))
    desk.restart()
    turn = await desk.say(text)
    assert turn.messages
    assert turn.trace.decision != "internal error"
    assert state_of(desk).stack == ()
    assert desk.orders.cancelled == []


@pytest.mark.parametrize(
    "steps",
    [
        "[{id: a, action: utter_greet, next: b}, {id: b, action: utter_greet, next: a}]",
        "[{id: a, noop: true, next: b}, {id: b, noop: true, next: a}]",
    ],
)
async def test_a_flow_in_circles_ends_in_an_apology(
    demo: ShopFiles, engine: Engine, tmp_path: Path, steps: str, caplog: Any
) -> None:
    desk = desk_of(demo, engine, shop=shop_with(
        demo, tmp_path, f"flows: {{round: {{nlu_trigger: [greet], steps: {steps}}}}}"))
    turn = await desk.say("hello")
    assert [m.text[:32] for m in turn.messages] == ["Sorry, something went wrong on o"]
    assert [h.conversation_id for h in desk.store.handovers()] == ["c1"]


async def test_a_failing_action_is_apologised_for_and_handed_over(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.orders.broken = True
    with caplog.at_level(logging.ERROR, "shopclerk"):
        turn = await desk.say("where is my order")
    trace_id = turn.trace.trace_id
    assert turn.messages[0].text == (
        "Sorry, something went wrong on our side and I couldn't finish that. I've put this "
        f"conversation in our team's queue (reference {trace_id}).")
    assert [(h.conversation_id, h.reason) for h in desk.store.handovers()] == [
        ("c1", f"internal error {trace_id}")]
    assert [r.getMessage() for r in caplog.records] == [
        f"turn {trace_id} failed in conversation c1"]
    assert "ConnectionError" in caplog.text
    desk.orders.broken = False
    assert "Order **4005**" in await desk.texts("where is my order")


async def test_no_handover_is_claimed_when_the_queue_fails_too(
    desk: Desk, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_queue(*_: Any, **__: Any) -> None:
        raise ConnectionError("the database is gone")

    desk.orders.broken = True
    monkeypatch.setattr(desk.store, "hand_over", no_queue)
    turn = await desk.say("where is my order", language="zh")
    assert "队列" not in turn.messages[0].text
    assert turn.messages[0].text.startswith("抱歉，我们这边出了点问题")
    assert desk.words["phone"] in turn.messages[0].text
    assert desk.store.handovers() == ()


async def test_an_action_that_nobody_wrote(demo: ShopFiles, engine: Engine,
                                           tmp_path: Path) -> None:
    desk = desk_of(demo, engine, shop=shop_with(
        demo, tmp_path, "flows: {a: {nlu_trigger: [greet], steps: [{action: action_none}]}}"))
    assert (await desk.texts("hello")).startswith("Sorry, something went wrong on our side")


class Chatty(Action):
    """Says everything that rasa-sdk lets an action say."""

    def name(self) -> str:
        return "action_chatty"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text="plain", buttons=[{"title": "b", "payload": "/b"}],
                                 image="/i.png")
        dispatcher.utter_message(response="utter_internal_error", trace_id="T", name="n", state="s")
        dispatcher.utter_message(response="utter_clarify", buttons=[{"title": "c", "payload": "d"}])
        return [{"event": "slot", "name": "seen", "value": tracker.sender_id}]


async def test_a_shops_own_action(demo: ShopFiles, engine: Engine, tmp_path: Path) -> None:
    desk = desk_of(demo, engine, more_actions=(Chatty(),), shop=shop_with(
        demo, tmp_path, "flows: {a: {nlu_trigger: [greet], steps: [{action: action_chatty}]}}"))
    plain, filled, clarify = (await desk.say("hello")).messages
    assert (plain.text, plain.image, plain.buttons[0].payload) == ("plain", "/i.png", "/b")
    assert "(reference T)" in filled.text
    assert [b.title for b in clarify.buttons] == ["c"]
    assert state_of(desk).slots["seen"] == "c1"


async def test_a_conversation_goes_on_after_a_restart_of_the_service(desk: Desk) -> None:
    await desk.say("cancel 4005")
    desk.restart()
    assert "Done: order **4005** is cancelled" in await desk.texts("yes")
    assert desk.orders.cancelled == ["4005"]


class SlowFirst(ScriptedUnderstander):
    """The first text takes longer than the second."""

    calls = 0

    async def understand(self, text: str) -> Understanding:
        self.calls += 1
        for _ in range(50 if self.calls == 1 else 1):
            await asyncio.sleep(0)
        return await super().understand(text)


async def test_messages_to_one_conversation_are_taken_in_order(
    demo: ShopFiles, engine: Engine
) -> None:
    desk = desk_of(demo, engine, understander=SlowFirst(SCRIPT))
    turns = await asyncio.gather(desk.say("cancel 4005"), desk.say("yes"), desk.say("hello"))
    assert "Shall I cancel" in turns[0].messages[0].text
    assert "is cancelled" in turns[1].messages[0].text
    events = desk.store.read("c1", ADA)
    assert [e["text"] for e in events if e["event"] == "user"] == ["cancel 4005", "yes", "hello"]


async def test_a_slow_conversation_does_not_hold_up_another(
    demo: ShopFiles, engine: Engine
) -> None:
    desk = desk_of(demo, engine, understander=SlowFirst(SCRIPT))
    done: list[str] = []

    async def say(conversation: str) -> None:
        await desk.say("hello", Shopper(conversation), conversation=conversation)
        done.append(conversation)

    await asyncio.gather(say("slow"), say("quick"))
    assert done == ["quick", "slow"]


@pytest.mark.parametrize(
    "other",
    [BEN, VISITOR, Shopper(), Shopper("", 2), Shopper(ADA.session_id), Shopper(ADA.session_id, 2)],
    ids=["customer", "visitor", "nobody", "customer without session", "signed out", "signed over"],
)
async def test_somebody_elses_conversation_is_refused(desk: Desk, other: Shopper) -> None:
    await desk.say("where is my order", ADA)
    before = desk.store.read("c1", ADA)
    with pytest.raises(ConversationNotYours):
        await desk.say("where is my order", other)
    with pytest.raises(ConversationNotYours):
        desk.store.read("c1", other)
    assert desk.store.read("c1", ADA) == before
    assert desk.store.handovers() == ()


async def test_signing_in_takes_the_anonymous_conversation_along(desk: Desk) -> None:
    anonymous = Shopper(ADA.session_id)
    assert "please sign in" in await desk.texts("where is 4002", anonymous)
    assert "Order **4002**" in await desk.texts("where is my order", ADA)
    assert "Order **4002**" in await desk.texts("where is my order", Shopper("other device", 1))
    with pytest.raises(ConversationNotYours):
        await desk.say("hello", anonymous)


async def test_the_events_are_the_conversation(desk: Desk) -> None:
    await desk.say("cancel my order")
    await desk.say("no")
    kinds = [e["event"] for e in desk.store.read("c1", ADA)]
    assert kinds[:3] == ["user", "slot", "flow_started"]
    assert kinds.count("bot") == 2
    assert state_of(desk).stack == ()


async def test_what_is_pressed_is_not_classified(desk: Desk) -> None:
    await desk.say("/greet")
    await desk.say("greet")
    assert desk.understander.asked == ["greet"]


async def test_nothing_of_a_failed_turn_is_kept(desk: Desk, caplog: Any) -> None:
    await desk.say("hello")
    before = desk.store.read("c1", ADA)
    desk.orders.broken = True
    await desk.say("where is my order")
    assert desk.store.read("c1", ADA) == before


async def test_a_turn_is_measured(desk: Desk) -> None:
    turn = await desk.assistant.handle(UserMessage("c9", "hello", channel="test"))
    assert turn.conversation_id == "c9"
    assert turn.trace.latency_ms > 0


def shop_with(demo: ShopFiles, folder: Path, flows: str) -> Shop:
    (folder / "flows").mkdir()
    (folder / "flows" / "a.yml").write_text(flows)
    return Shop(demo.domain, read_flows(folder / "flows"), THRESHOLDS)


def state_of(desk: Desk, conversation: str = "c1") -> Any:
    store: ConversationStore = desk.store
    for shopper in (ADA, VISITOR):
        try:
            return replay(store.read(conversation, shopper))
        except ConversationNotYours:
            continue
    raise AssertionError("whose conversation is it?")
