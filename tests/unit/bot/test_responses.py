"""What the bot's own words may say: nothing was done, unless an action did it."""

import re
from pathlib import Path

import pytest
from stand_ins import DEMO, Desk

import bot
from bot.dialogue.domain import Domain
from bot.dialogue.domain_files import read_domain
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.patterns import INTERNAL_ERROR
from bot.dialogue.responses import Variation
from bot.dialogue.script import write_script
from bot.errors import ConfigError
from bot.shop import ShopFiles

PACKAGE = Path(bot.__file__).parent

CLAIM = re.compile(
    r"\b(cancell?ed|refunded|released|returned|changed|paid back|sent|shipped|delivered|booked|"
    r"registered|updated|left us|on its way|in our team's queue|done|dropped|left both|"
    r"will (?:write|call|get|arrive|be)|should arrive|guarantee\w*|promise\w*)\b"
    r"|已|完成|改动|退回|送达|发出|取消了|放进|转给|会解除|会写信|保证|承诺",
    re.IGNORECASE,
)
"""Words that claim that something happened or will happen."""

ALLOWED = {
    # uttered by the action that did it, once it has
    "utter_order_cancelled": "actions/cancel_order.py",
    "utter_handover": "actions/handover.py",
    "utter_handover_without_contact": "actions/handover.py",
    "utter_internal_error": "assistant.py",
    # uttered by an action that read it in the order system
    "utter_status_shipped": "actions/order_status.py",
    "utter_status_delivered": "actions/order_status.py",
    "utter_status_cancelled": "actions/order_status.py",
    "utter_status_returned": "actions/order_status.py",
    "utter_status_placed": "actions/order_status.py",
    "utter_refund_requested": "actions/order_status.py",
    "utter_refund_received": "actions/order_status.py",
    "utter_refund_refunded": "actions/order_status.py",
    "utter_cannot_cancel_shipped": "actions/cancel_order.py",
    "utter_already_cancelled": "actions/cancel_order.py",
}
"""Responses that may claim something, and the one file that may utter them."""

DENIALS = {
    "utter_ask_confirm_cancel": "asks; says that nothing has shipped",
    "utter_cancellation_unclear": "says that nothing was changed",
    "utter_needs_person": "says that nothing was changed",
    "utter_internal_error_alone": "says that it was not done",
    "utter_cannot_handle": "offers a person",
    "utter_ask_contact_email": "says what will be done when there is an address",
    "utter_help": "tells what can be done",
    "utter_too_late_to_correct": "the engine says it of a step that ran once",
}
"""Responses with such words that claim nothing."""


@pytest.fixture(scope="module")
def own() -> Domain:
    return read_domain(PACKAGE / "domain.yml")


def variations(domain: Domain) -> list[tuple[str, Variation]]:
    return [(name, v) for name, found in domain.responses.items() for v in found]


def test_nothing_claims_what_no_action_did(demo: ShopFiles) -> None:
    claiming = {name for name, v in variations(demo.domain) if CLAIM.search(v.text)}
    assert claiming - set(ALLOWED) - set(DENIALS) == set()


def test_the_lists_name_only_what_claims_something(demo: ShopFiles) -> None:
    claiming = {name for name, v in variations(demo.domain) if CLAIM.search(v.text)}
    assert (set(ALLOWED) | set(DENIALS)) - claiming == set()


def test_claims_are_uttered_by_their_action_alone(demo: ShopFiles) -> None:
    stems = {
        n: n.rsplit("_", 1)[0] + "_{" if n.startswith(("utter_status", "utter_refund")) else n
        for n in ALLOWED
    }
    sources = {
        p.relative_to(PACKAGE).as_posix(): p.read_text(encoding="utf-8")
        for p in PACKAGE.rglob("*.py")
    }
    for name, file in ALLOWED.items():
        quoted = re.compile(rf'"(?:{re.escape(name)}"|{re.escape(stems[name])})')
        assert [path for path, text in sources.items() if quoted.search(text)] == [file], name
    for flow in demo.flows.by_id.values():
        if flow.id == INTERNAL_ERROR:
            continue  # the assistant starts it, once the conversation is in the queue
        for step in flow.steps.values():
            assert step.name not in ALLOWED
            assert step.kind != "collect" or step.utter not in ALLOWED


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Your order has been cancelled.", True),
        ("I've refunded you.", True),
        ("We will call you back.", True),
        ("已为您退款。", True),
        ("退款已完成", True),
        ("Shall I cancel it?", False),
        ("Which order do you mean?", False),
        ("要取消吗？", False),
    ],
)
def test_what_counts_as_a_claim(text: str, claims: bool) -> None:
    assert bool(CLAIM.search(text)) is claims


def test_every_response_is_there_in_both_languages(demo: ShopFiles, own: Domain) -> None:
    shop = read_domain(DEMO / "domain.yml")
    for name, found in [*own.responses.items(), *shop.responses.items()]:
        assert {v.language for v in found} == {None, "zh"}, name
        for v in found:
            assert bool(re.search(r"[\u4e00-\u9fff]", v.text)) is (v.language == "zh"), v.text


def test_both_languages_have_the_same_placeholders_and_buttons(demo: ShopFiles) -> None:
    for name, found in demo.domain.responses.items():
        told = [set(re.findall(r"\{(\w+)\}", v.text)) for v in found]
        told = [{p.removesuffix("_zh") for p in t} - {"shop_name"} for t in told]
        assert all(t == told[0] for t in told), name
        pressed = [[b.payload for b in v.buttons] for v in found]
        assert all(p == pressed[0] for p in pressed), name


def test_every_button_leads_somewhere(demo: ShopFiles) -> None:
    payloads = {b.payload for _, v in variations(demo.domain) for b in v.buttons}
    payloads = {p for p in payloads if p.startswith("/")}  # the others are answers to a question
    assert payloads
    assert {p.removeprefix("/") for p in payloads} <= set(demo.flows.by_intent)


def test_the_demos_flows_name_only_what_is_there(desk: Desk, demo: ShopFiles) -> None:
    # a desk is not opened with flows that name anything else
    assert {
        s.name for f in demo.flows.by_id.values() for s in f.steps.values() if s.kind == "collect"
    } <= set(desk.shop.domain.slots)


def test_a_name_that_nothing_stands_behind_is_refused(demo: ShopFiles) -> None:
    without_actions = write_script(demo.domain, demo.flows, frozenset())
    with pytest.raises(ConfigError, match=r"'action_\w+' is neither an action nor a response"):
        check_flows(without_actions)
