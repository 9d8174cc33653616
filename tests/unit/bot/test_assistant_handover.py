import pytest
from shop_data import ADA, VISITOR
from stand_ins import Desk

from bot.messages import Shopper

ASKED = "I'll pass this on to a person. Which e-mail address can they reach you at?"


async def test_a_signed_in_shopper_is_reached_at_the_known_address(desk: Desk) -> None:
    text = await desk.texts("a person please", ADA)
    assert "I've put this conversation in our team's queue" in text
    assert "they will write to ada@example.org" in text
    [waiting] = desk.store.handovers()
    assert (waiting.reason, waiting.contact) == (
        "the shopper asked for a person",
        "ada@example.org",
    )


async def test_an_anonymous_shopper_is_queued_before_the_address_is_asked_for(desk: Desk) -> None:
    turn = await desk.say("a person please", VISITOR)
    assert [m.text.split(" (")[0] for m in turn.messages] == [ASKED]
    assert [(h.conversation_id, h.contact) for h in desk.store.handovers()] == [("c1", "")]


@pytest.mark.parametrize(
    ("reply", "contact", "expected"),
    [
        ("me@example.org", "me@example.org", "they will write to me@example.org"),
        ("no", "", "without an e-mail address they can't reach you"),
        ("stop", "", "without an e-mail address they can't reach you"),
        ("/deny", "", "without an e-mail address they can't reach you"),
    ],
)
async def test_the_address_or_none(desk: Desk, reply: str, contact: str, expected: str) -> None:
    await desk.say("a person please", VISITOR)
    assert expected in await desk.texts(reply, VISITOR)
    assert [h.contact for h in desk.store.handovers()] == [contact]


async def test_a_question_in_between_does_not_lose_the_handover(desk: Desk) -> None:
    await desk.say("a person please", VISITOR)
    turn = await desk.say("how long does delivery take", VISITOR)
    assert [m.text.split(" (")[0] for m in turn.messages] == ["Answer of delivery-time.", ASKED]
    assert "me@example.org" in await desk.texts("me@example.org", VISITOR)
    assert [h.contact for h in desk.store.handovers()] == ["me@example.org"]


async def test_an_address_is_asked_for_once(desk: Desk) -> None:
    await desk.say("a person please", VISITOR)
    await desk.say("me@example.org", VISITOR)
    assert "they will write to me@example.org" in await desk.texts("a person please", VISITOR)
    assert len(desk.store.handovers()) == 1


async def test_the_order_in_question_goes_along_with_its_risk(desk: Desk) -> None:
    await desk.say("where is 4003")
    await desk.say("a person please")
    [waiting] = desk.store.handovers()
    assert waiting.facts.startswith("order 4003: risk high (0.91)")


async def test_handovers_wait_in_the_order_they_came(desk: Desk) -> None:
    for name in ("b", "a", "c"):
        await desk.say("a person please", Shopper(name), conversation=name)
    assert [h.conversation_id for h in desk.store.handovers()] == ["b", "a", "c"]
