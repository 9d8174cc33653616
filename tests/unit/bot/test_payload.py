import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stand_ins import hit

from bot.clarification import clarification_buttons
from bot.messages import Button
from bot.payload import parse_payload
from bot.shop import ShopFiles


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("/greet", "greet", {}),
        ("  /track_order \n", "track_order", {}),
        ("/track_order{}", "track_order", {}),
        ('/track_order{"order_number": "4001"}', "track_order", {"order_number": "4001"}),
        (
            '/a1{"n": 4001, "ok": true,\n"zh": "退款"}',
            "a1",
            {"n": "4001", "ok": "True", "zh": "退款"},
        ),
    ],
)
def test_a_pressed_button(text: str, intent: str, entities: dict[str, str]) -> None:
    pressed = parse_payload(text, "zh")
    assert pressed is not None
    assert (pressed.top.name, pressed.top.probability) == (intent, 1.0)
    assert not pressed.out_of_scope
    assert pressed.language == "zh"
    assert {e.name: e.value for e in pressed.entities} == entities


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "hello",
        "see /greet",
        "/greet me",
        "/Greet",
        "/1a",
        "//greet",
        "/greet{",
        "/greet{order: 1}",
        '/greet["a"]',
        "/greet{'a': 1}",
        "1/2",
        "/greet/deny",
        "/退款",
        '/greet{"a": ' + "[" * 3000 + "}",
        '/greet{"a": ' + "9" * 5000 + "}",
    ],
    ids=lambda text: text[:20],
)
def test_any_other_text_is_no_button(text: str) -> None:
    assert parse_payload(text, "en") is None


@given(st.text(st.sampled_from('/{}[]"ab1: ,\n\\')))
def test_no_text_breaks_it(text: str) -> None:
    pressed = parse_payload(text, "en")
    assert pressed is None or text.strip().startswith(f"/{pressed.top.name}")


@given(st.dictionaries(st.text(), st.text() | st.none() | st.integers(-9, 9)))
def test_every_value_comes_as_text(values: dict[str, object]) -> None:
    pressed = parse_payload(f"/greet{json.dumps(values)}", "en")
    assert pressed is not None
    assert {e.name: e.value for e in pressed.entities} == {k: str(v) for k, v in values.items()}


@pytest.mark.parametrize(
    ("intents", "hits", "language", "buttons"),
    [
        ((), (), "en", [("Talk to a person", "/contact_human_agent")]),
        ((), (), "de", [("Talk to a person", "/contact_human_agent")]),
        (
            ("track_order",),
            (),
            "zh",
            [("查询我的订单", "/track_order"), ("转人工客服", "/contact_human_agent")],
        ),
        (
            ("track_order",),
            (hit("a", 0.3), hit("b", 0.2, intent="track_order")),
            "en",
            [
                ("Where my order is", "/track_order"),
                ("Question of a?", "Question of a?"),
                ("Talk to a person", "/contact_human_agent"),
            ],
        ),
    ],
)
def test_buttons_to_choose_from(
    demo: ShopFiles,
    intents: tuple[str, ...],
    hits: tuple[object, ...],
    language: str,
    buttons: list[tuple[str, str]],
) -> None:
    found = clarification_buttons(intents, hits, demo.flows, language)  # type: ignore[arg-type]
    assert found == tuple(Button(*b) for b in buttons)


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("/SetSlots(item=tent)", {"item": "tent"}),
        ("/SetSlots(item=big tent, size=3)", {"item": "big tent", "size": "3"}),
        ("/SetSlots(note=late, and broken)", {"note": "late, and broken"}),
        ("/SetSlots(item=)", {"item": ""}),
    ],
)
def test_calms_buttons_name_slots(text: str, slots: dict[str, str]) -> None:
    found = parse_payload(text, "en")
    assert found is not None
    assert {e.name: e.value for e in found.entities} == slots
    assert found.top.name == ""


@pytest.mark.parametrize("text", ["/SetSlots()", "/SetSlots(a)", "/SetSlots(a=b=c)"])
def test_what_is_no_payload_of_calms(text: str) -> None:
    assert parse_payload(text, "en") is None
