"""Flows that do not fit their domain are refused, each problem with its line and a remedy."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from stand_ins import DEMO, PATTERNS

import bot
from bot.actions.shop_actions import load_shop_actions
from bot.dialogue.domain_files import read_domain
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.flow_files import read_flows
from bot.dialogue.script import write_script
from bot.errors import ConfigError
from bot.shop import read_shop

DOMAIN = """\
slots:
  size: {type: float, mappings: [{type: from_llm}]}
  kind: {type: categorical, values: [tent, stove], mappings: [{type: from_llm}]}
  phone: {type: text, mappings: [{type: from_text}]}
forms:
  contact: {required_slots: [phone]}
responses:
  utter_ask_size: [{text: How big?}]
  utter_no: [{text: No.}]
"""


def problems(
    folder: Path, flow: str, *, domain: str = DOMAIN, actions: Iterable[str] = ()
) -> list[str]:
    """What is wrong with a flow whose steps begin at line 3."""
    (folder / "domain.yml").write_text(domain)
    (folder / "flows").mkdir()
    (folder / "flows" / "flows.yml").write_text(f"flows:\n  it:\n{flow}")
    flows = read_flows(folder / "flows")
    script = write_script(read_domain(folder / "domain.yml"), flows, frozenset(actions))
    try:
        check_flows(script)
    except ConfigError as error:
        told = str(error).replace("flows/flows.yml", "flows.yml").splitlines()
        assert all(re.match(r"flows\.yml:\d+:\d+: |domain\.yml: ", line) for line in told)
        return [re.sub(r":\d+: ", ": ", line, count=1) for line in told]
    return []


@pytest.mark.parametrize(
    ("flow", "actions"),
    [
        ("    steps: [{collect: size}]", ()),
        ("    steps: [{collect: phone}]", ("action_ask_phone",)),
        ("    steps: [{collect: phone, utter: utter_ask_size}]", ()),
        ("    steps: [{action: act}]", ("act",)),
        ("    steps: [{action: contact}]", ()),  # a form
        ("    steps: [{action: action_listen}, {action: action_clean_stack}]", ()),
        ("    steps: [{action: action_repeat_bot_messages}]", ()),
        ("    steps: [{set_slots: [{size: 3}, {kind: stove}, {phone: null}]}]", ()),
        ("    steps: [{set_slots: [{size: '3'}]}]", ()),  # reads as a number
        ("    if: slots.kind is 'tent'\n    persisted_slots: [size]\n"
         "    steps: [{collect: size, rejections: [{if: slots.size > 5, utter: utter_no}]}]", ()),
        ("    steps:\n      - {id: a, noop: true, next: c}\n"
         "      - {id: b, action: utter_no, next: END}\n      - {id: c, noop: true, next: b}", ()),
        ("    if: context.anything\n    steps: [{noop: true}]", ()),
    ],
)  # fmt: skip
def test_flows_that_fit(tmp_path: Path, flow: str, actions: tuple[str, ...]) -> None:
    assert problems(tmp_path, flow, actions=actions) == []


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (
            "    steps:\n      - collect: size\n      - collect: phone",
            "flows.yml:5: 'utter_ask_phone' is neither an action nor a response; add it to "
            "domain.yml under responses:, or use one of the actions act",
        ),
        (
            "    steps: [{collect: size, rejections: [{if: slots.size > 5, utter: utter_nope}]}]",
            "flows.yml:3: 'utter_nope' is neither an action nor a response; add it to domain.yml "
            "under responses:, or use one of the actions act",
        ),
        (
            "    steps: [{collect: size, rejections: [{if: slots.sise > 5, utter: utter_no}]}]",
            "flows.yml:3: the condition 'slots.sise > 5' reads slot 'sise', which is not in "
            "domain.yml; add it under slots:",
        ),
        (
            "    steps: [{set_slots: [{kind: boat}]}]",
            "flows.yml:3: slot 'kind': 'boat' is not one of tent, stove",
        ),
        (
            "    steps: [{set_slots: [{size: big}]}]",
            "flows.yml:3: slot 'size': a number is expected, not 'big'",
        ),
        (
            "    if: slots.a and slots.b\n    steps: [{noop: true}]",
            "flows.yml:2: the condition 'slots.a and slots.b' reads slot 'a', which is not in "
            "domain.yml; add it under slots:\n"
            "flows.yml:2: the condition 'slots.a and slots.b' reads slot 'b', which is not in "
            "domain.yml; add it under slots:",
        ),
        (
            "    steps:\n      - {id: a, noop: true, next: END}\n"
            "      - {id: b, noop: true, next: c}\n      - {id: c, noop: true, next: b}",
            "flows.yml:5: no way leads to the step 'b'; remove it\n"
            "flows.yml:6: no way leads to the step 'c'; remove it",
        ),
        (
            "    steps:\n      - link: it",
            "flows.yml:4: a flow cannot link itself; lead back with next: instead",
        ),
        (
            "    steps:\n      - call: other",
            "flows.yml:4: there is no flow 'other' to call; correct its name",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_words(tmp_path: Path, flow: str, expected: str) -> None:
    assert problems(tmp_path, flow, actions=["act"]) == expected.splitlines()


def test_a_mapping_for_a_form_that_does_not_exist(tmp_path: Path) -> None:
    mapping = "mappings: [{type: from_text, conditions: [{active_flow: buy}]}]"
    domain = f"slots:\n  size: {{type: text, {mapping}}}\n"
    assert problems(tmp_path, "    steps: [{noop: true}]", domain=domain) == [
        "domain.yml: slot 'size' has a mapping for 'buy', which is neither a form nor a flow; "
        "correct its name"
    ]


@pytest.mark.parametrize("folder", [DEMO, DEMO.parent / "starter"], ids=["demo", "starter"])
def test_the_shops_that_come_with_the_bot_fit(folder: Path) -> None:
    files = read_shop(folder)
    named = {s.name for f in files.flows.by_id.values() for s in f.steps.values() if s.name}
    own = {name for name in named if name.startswith("action_")}
    shops = {action.name() for action in load_shop_actions(folder)}
    check_flows(write_script(files.domain, files.flows, frozenset(own | shops)))


def test_the_patterns_fit_the_bots_own_words() -> None:
    domain = read_domain(Path(bot.__file__).parent / "domain.yml")
    flows = read_flows(Path("no shop"), PATTERNS)
    check_flows(write_script(domain, flows, frozenset({"action_answer", "action_handover"})))
