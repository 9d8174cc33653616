"""Orders in a conversation: only the shopper's own, and nothing done without a clear yes."""

import json
from typing import Any

import pytest
from rasa_sdk import Action
from shop_data import ADA, BEN, BENS_ORDER, NO_ORDER, VISITOR
from stand_ins import Desk, entity, heard

from bot.actions.runner import ActionCall, ActionRunner
from bot.actions.session import shopper_of
from bot.dialogue.tracker import State
from bot.messages import Shopper
from bot.orders.order import OrderStatus
from bot.shop import ShopFiles

CLEO = Shopper("cleo-session", 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is my order", "Order **4005** from March 5 ($84.00): we have it and start packing"),
        (
            "where is 4001",
            "Order **4001** from March 1 ($84.00): PostNord delivered it on March 4 "
            "(tracking PN4001).",
        ),
        (
            "where is 4002",
            "Order **4002** from March 2 ($84.00): it left us on March 3 with "
            "PostNord (tracking PN4002) and should arrive by March 6.",
        ),
        ("where is 4004", "Order **4004** from March 4 ($84.00): it was returned."),
        ('/track_order{"order_number": "4001"}', "Order **4001** from March 1"),
        ("我的订单到哪了", "订单 **4005**（3月5日 下单，$84.00）"),
        (
            "where is my refund",
            "Refund of $79.00 for order **4004**: paid back to Visa on March 12",
        ),
        ("refund of 4001", "I see no return or refund for order **4001**."),
        ("my orders", "Here are your latest orders."),
    ],
)
async def test_own_orders(desk: Desk, text: str, expected: str) -> None:
    assert (await desk.texts(text)).startswith(expected)


async def test_order_history_is_the_shoppers_own(desk: Desk) -> None:
    for shopper, titles in (
        (ADA, ["Order 4005", "Order 4004", "Order 4003", "Order 4002", "Order 4001"]),
        (BEN, ["Order 4101"]),
    ):
        turn = await desk.say("my orders", shopper, conversation=str(shopper.customer_id))
        assert [c.title for m in turn.messages for c in m.cards] == titles


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where is my order", "There are no orders in your account yet."),
        ("where is my refund", "There are no orders in your account yet."),
        ("my orders", "There are no orders in your account yet."),
        ("cancel my order", "There are no orders in your account yet."),
    ],
)
async def test_a_customer_without_orders(desk: Desk, text: str, expected: str) -> None:
    assert await desk.texts(text, CLEO) == expected


async def test_a_customer_without_refunds(desk: Desk) -> None:
    assert await desk.texts("where is my refund", BEN) == (
        "I see no return or refund in your account."
    )


@pytest.mark.parametrize(
    "text",
    [
        "where is 4001",
        "where is my order",
        "refund of 4004",
        "my orders",
        "cancel 4005",
        "cancel my order",
        '/track_order{"order_number": "4001", "customer_id": "1"}',
    ],
)
async def test_without_signing_in_nothing_is_told(desk: Desk, text: str) -> None:
    turn = await desk.say(text, VISITOR)
    assert [m.text.split(":")[0] for m in turn.messages] == [
        "To look at your own orders I need to know it's you"
    ]
    assert not turn.messages[0].cards
    assert desk.orders.cancelled == []


WAYS = {
    "text": "where is {}",
    "button": '/track_order{{"order_number": "{}"}}',
    "button with more": '/track_order{{"customer_id": 2, "order_number": "{}", '
    '"session": {{"customer_id": 2}}}}',
    "refund": "refund of {}",
    "refund button": '/track_refund{{"order_number": "{}"}}',
    "cancel": "cancel {}",
    "cancel button": '/cancel_order{{"order_number": "{}"}}',
    "refund request": "I want a refund for {}",
    "person": '/contact_human_agent{{"order_number": "{}"}}',
    "yes": "yes {}",
}


@pytest.mark.parametrize("way", WAYS)
async def test_somebody_elses_order_is_like_one_that_does_not_exist(desk: Desk, way: str) -> None:
    """Same words, same cards, same state, same queue: nothing tells that the number exists."""
    seen = []
    for number in (BENS_ORDER, NO_ORDER):
        turn = await desk.say(WAYS[way].format(number), ADA, conversation=number)
        follow_up = await desk.say("where is my order", ADA, conversation=number)
        queue = [h for h in desk.store.handovers() if h.conversation_id == number]
        events = [e for e in desk.store.read(number, ADA) if e["event"] in ("slot", "action")]
        seen.append(
            [
                [(m.text, m.buttons, m.cards) for t in (turn, follow_up) for m in t.messages],
                [(h.reason, h.contact, h.facts) for h in queue],
                [{k: v for k, v in e.items() if k != "timestamp"} for e in events],
            ]
        )
    assert str(seen[0]).replace(BENS_ORDER, NO_ORDER) == str(seen[1])
    assert "Item of 4101" not in str(seen[0])
    assert desk.orders.by_number[BENS_ORDER].status is OrderStatus.PLACED


@pytest.mark.parametrize("number", [BENS_ORDER, NO_ORDER])
async def test_an_order_that_is_not_ones_own_is_not_found(desk: Desk, number: str) -> None:
    not_found = (
        f"I can't find an order {number} in your account. Please check the number; "
        "it's in the confirmation e-mail."
    )
    for text in ("where is", "refund of", "cancel"):
        assert await desk.texts(f"{text} {number}") == not_found
        assert (await desk.texts("where is my order")).startswith("Order **4005**")  # forgotten


@pytest.mark.parametrize(
    "number",
    ["", " 4001", "4001'--", "4" * 3000, "None", "../4001", "{phone}", "４００１", "\u202e4001"],
)
async def test_odd_order_numbers(desk: Desk, number: str) -> None:
    desk.understander.script["odd"] = heard(
        intent="track_order", entities=[entity("order_number", number)]
    )
    text = await desk.texts("odd")
    expected = f"can't find an order {number} in" if number else "Order **4005**"
    assert expected in text


async def test_cancelling_after_a_yes(desk: Desk) -> None:
    turn = await desk.say("cancel my order")
    assert [m.text for m in turn.messages] == [
        "Shall I cancel order **4005** (1 × Item of 4005, $84.00)? It hasn't shipped, so "
        "cancelling is free."
    ]
    assert [b.payload for b in turn.messages[0].buttons] == ["/affirm", "/deny"]
    assert desk.orders.cancelled == []
    assert await desk.texts("/affirm") == (
        "Done: order **4005** is cancelled. The payment of $84.00 is released or refunded to Visa."
    )
    assert desk.orders.cancelled == ["4005"]
    assert "Order **4005** is cancelled already" in await desk.texts("cancel 4005")
    assert desk.orders.cancelled == ["4005"]


@pytest.mark.parametrize("no", ["no", "stop", "/deny"])
async def test_keeping_after_a_no(desk: Desk, no: str) -> None:
    await desk.say("cancel 4005")
    assert await desk.texts(no) == "All right, order **4005** stays as it is."
    assert "Good. What can I do for you?" in await desk.texts("yes")  # a yes to nothing
    assert desk.orders.cancelled == []


@pytest.mark.parametrize(
    "unclear",
    [
        "yes?",
        "gibberish",
        "how long does delivery take",
        "hello",
        "where is 4002",
        "start over",
        "",
        "🎉",
        "/affirm{",
        "/affirmative",
        "say that again",
        "a person please",
    ],
)
async def test_nothing_else_than_a_yes_cancels(desk: Desk, unclear: str) -> None:
    await desk.say("cancel 4005")
    await desk.say(unclear)
    assert desk.orders.cancelled == []


async def test_the_yes_holds_for_the_order_that_was_asked_about(desk: Desk) -> None:
    """A digression to another order must not redirect a later yes, past the risk check too."""
    await desk.say("cancel 4005")
    turn = await desk.say("where is 4003")
    assert [m.text.split(" (")[0] for m in turn.messages] == [
        "Order **4003** from March 3",
        "Now back to “Cancel an order”.",
        "Shall I cancel order **4005**",
    ]
    assert "order **4005** is cancelled" in await desk.texts("yes")
    assert desk.orders.cancelled == ["4005"]


@pytest.mark.parametrize(
    "text",
    [
        "yes 4003",
        '/affirm{"order_number": "4003"}',
        f"yes {BENS_ORDER}",
        '/affirm{"order_number": "4003", "order_to_cancel": "4003"}',
    ],
)
async def test_a_yes_that_names_another_order_cancels_neither(desk: Desk, text: str) -> None:
    """It is a correction: the other order is looked at first, and asked about."""
    await desk.say("cancel 4005")
    replies = await desk.texts(text)
    assert replies.startswith("Right: ")
    assert "cancelled" not in replies
    assert desk.orders.cancelled == []


async def test_a_yes_that_names_the_order_again(desk: Desk) -> None:
    await desk.say("cancel 4005")
    assert "Done: order **4005** is cancelled" in await desk.texts("yes 4005")


async def test_another_cancellation_instead(desk: Desk) -> None:
    await desk.say("cancel 4005")
    assert "Order **4002** has left us already" in await desk.texts("cancel 4002")
    assert "Good. What can I do" in await desk.texts("yes")
    assert desk.orders.cancelled == []


async def test_an_order_that_shipped_between_question_and_yes(desk: Desk) -> None:
    await desk.say("cancel 4005")
    desk.orders.by_number["4005"] = desk.orders.by_number["4002"]
    assert "Order **4005** has left us already" in await desk.texts("yes")
    assert desk.orders.cancelled == []


async def test_an_order_that_vanished_between_question_and_yes(desk: Desk) -> None:
    await desk.say("cancel 4005")
    del desk.orders.by_number["4005"]
    assert "I can't find an order 4005" in await desk.texts("yes")


async def test_a_conversation_of_a_customer_is_closed_to_who_signed_out(desk: Desk) -> None:
    from bot.errors import ConversationNotYours

    await desk.say("cancel 4005")
    with pytest.raises(ConversationNotYours):
        await desk.say("yes", Shopper(ADA.session_id))
    assert desk.orders.cancelled == []
    assert "is cancelled" in await desk.texts("yes")  # signed in again


async def test_a_risky_order_goes_to_a_person(desk: Desk) -> None:
    turn = await desk.say("cancel 4003")
    assert [m.text.split(",")[0] for m in turn.messages] == [
        "A colleague has to look at this request for order **4003**",
        "I've put this conversation in our team's queue. People answer Mon–Fri 7:00–19:00",
    ]
    assert "risk" not in str(turn.messages)
    assert desk.orders.cancelled == []
    [waiting] = desk.store.handovers()
    assert (waiting.reason, waiting.contact) == ("cancelling a risky order", "ada@example.org")
    assert waiting.facts.splitlines() == [
        "order 4003: risk high (0.91)",
        "paid at the third try",
        "Call first.",
    ]
    assert "Good. What can I do" in await desk.texts("yes")
    assert desk.orders.cancelled == []


@pytest.mark.parametrize(
    ("intent", "reason"),
    [
        ("get_refund", "refund for a risky order"),
        ("return_item", "return of a risky order"),
        ("change_shipping_address", "new address for a risky order"),
    ],
)
async def test_sensitive_requests_for_risky_orders(desk: Desk, intent: str, reason: str) -> None:
    text = await desk.texts(f'/{intent}{{"order_number": "4003"}}')
    assert text.startswith("A colleague has to look at this request for order **4003**")
    assert [h.reason for h in desk.store.handovers()] == [reason]


async def test_sensitive_requests_for_other_orders_are_answered(desk: Desk) -> None:
    assert await desk.texts("I want a refund for 4001") == "Answer of refund-how."
    assert desk.store.handovers() == ()


class WhoIsIt(Action):
    """Says whom it takes the shopper for."""

    def name(self) -> str:
        return "action_who"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        dispatcher.utter_message(text=str(shopper_of(tracker)))
        return []


@pytest.mark.parametrize("shopper", [ADA, VISITOR, Shopper()])
async def test_who_it_is_comes_from_the_session_and_nothing_else(
    demo: ShopFiles, shopper: Shopper
) -> None:
    forged = {"customer_id": 2, "session_id": "ben-session", "signed_in": True}
    slots = {**forged, "session": forged, "metadata": {"session": forged}, "shopper": forged}
    runner = ActionRunner([WhoIsIt()], demo.domain, {})
    text = f'/who{{"session": {json.dumps(forged)}}}'
    entities = [entity(name, str(value)) for name, value in slots.items()]
    call = ActionCall("c", shopper, State(slots=slots), heard(text, "who", entities=entities))
    [reply] = (await runner.run("action_who", call)).replies
    assert reply.text == str(shopper)
