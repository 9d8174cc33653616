from pathlib import Path

import pytest

from bot.dialogue.flow_files import read_flows
from bot.dialogue.flows import END, Flows
from bot.errors import ConfigError

FLOWS = """\
flows:
  order:
    name: Order it
    description: orders something
    metadata: {titles: {zh: 下单}}
    nlu_trigger: [{intent: buy}, {intent: order}]
    persisted_slots: [address]
    steps:
      - collect: item
        next:
          - if: slots.item is "tent"
            then:
              - collect: size
                utter: utter_which_size
                next:
                  - if: slots.size > 4
                    then: END
                  - else: again
              - noop: true
          - else:
              - action: utter_only_tents
                next: END
      - id: address
        collect: address
      - set_slots: [{done: true}, {note: null}]
        next:
          - if: slots.wrong
            then: address
          - else: END
      - id: again
        action: action_buy
        next: 0_collect_item
"""


def flows_of(folder: Path, text: str, name: str = "a.yml") -> Flows:
    (folder / name).write_text(text, encoding="utf-8")
    return read_flows(folder)


def test_steps_get_ids_and_where_they_lead(tmp_path: Path) -> None:
    flow = flows_of(tmp_path, FLOWS).by_id["order"]
    assert flow.first == "0_collect_item"
    assert {i: (s.kind, s.name, [b.target for b in s.branches]) for i, s in flow.steps.items()} == {
        "0_collect_item": ("collect", "item", ["1_collect_size", "3_utter_only_tents"]),
        "1_collect_size": ("collect", "size", [END, "again"]),
        "2_noop": ("noop", "", ["address"]),  # the end of a then goes on behind its step
        "3_utter_only_tents": ("action", "utter_only_tents", [END]),
        "address": ("collect", "address", ["5_set_slots"]),
        "5_set_slots": ("set_slots", "", ["address", END]),
        "again": ("action", "action_buy", ["0_collect_item"]),
    }
    assert list(flow.steps) == [
        "0_collect_item", "1_collect_size", "2_noop", "3_utter_only_tents", "address",
        "5_set_slots", "again",
    ]  # in the order of the file
    assert flow.steps["1_collect_size"].utter == "utter_which_size"
    assert flow.steps["5_set_slots"].values == (("done", True), ("note", None))
    assert str(flow.steps["1_collect_size"].place) == f"{tmp_path.name}/a.yml:13:17"
    assert flow.place.line == 2


@pytest.mark.parametrize(
    ("step", "slots", "expected"),
    [
        ("0_collect_item", {"item": "tent"}, "1_collect_size"),
        ("0_collect_item", {"item": "stove"}, "3_utter_only_tents"),
        ("1_collect_size", {"size": 5}, END),
        ("1_collect_size", {"size": 4}, "again"),
        ("5_set_slots", {"wrong": True}, "address"),
        ("5_set_slots", {}, END),
        ("again", {}, "0_collect_item"),  # a loop
    ],
)
def test_branches_follow_the_slots(
    tmp_path: Path, step: str, slots: dict[str, object], expected: str
) -> None:
    assert flows_of(tmp_path, FLOWS).by_id["order"].steps[step].next(slots, {}) == expected


def test_a_flow_says_what_it_is(tmp_path: Path) -> None:
    flows = flows_of(tmp_path, FLOWS)
    flow = flows.by_id["order"]
    assert flow.title("zh") == "下单"
    assert flow.title("en") == "Order it"
    assert flow.intents == ("buy", "order")
    assert flows.by_intent == {"buy": flow, "order": flow}
    assert flow.own_slots == ("item", "size", "done", "note")
    assert not flow.harmless


def test_short_forms(tmp_path: Path) -> None:
    text = "flows: {hi_there: {nlu_trigger: [greet], steps: [{action: utter_hi}]}}"
    flow = flows_of(tmp_path, text).by_id["hi_there"]
    assert (flow.name, flow.description, flow.intents) == ("hi there", "", ("greet",))
    assert flow.title("zh") == "hi there"
    assert flow.steps["0_utter_hi"].branches[0].target == END
    assert flow.harmless


def test_flows_of_several_files_and_suffixes(tmp_path: Path) -> None:
    flow = "{steps: [{action: utter_hi}]}"
    flows_of(tmp_path, f"flows: {{one: {flow}}}", "1.yml")
    flows_of(tmp_path, "", "empty.yml")
    (tmp_path / "notes.txt").write_text("not: [a flow")
    assert set(flows_of(tmp_path, f"flows: {{two: {flow}}}", "2.yaml").by_id) == {"one", "two"}


def test_a_folder_that_is_not_there_has_no_flows(tmp_path: Path) -> None:
    assert read_flows(tmp_path / "none") == Flows({}, {})


def flow(steps: str, more: str = "") -> str:
    indented = "\n".join("      " + line for line in steps.splitlines())
    return f"flows:\n  f:\n{more}    steps:\n{indented}\n"


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("- a\n", "1:1", "a mapping is expected at the top"),
        ("flows: [\n", "2:1", "not valid YAML"),
        ("flows:\n  f: {}\n  f: {}\n", "3:3", "not valid YAML: found duplicate key"),
        ("flow: {}\n", "1:1", "a flow file has no key 'flow'; known are flows, version"),
        ("version: '3.1'\nflows: []\n", "2:1", "'flows' must be a mapping"),
        ("flows:\n  f: nothing\n", "2:3", "'f' must be a mapping"),
        ("flows:\n  7: {steps: [{noop: true}]}\n", "2:3", "a flow's id must be a text"),
        ("flows:\n  f:\n", "2:3", "flow 'f' has no steps"),
        ("flows:\n  f:\n    steps: []\n", "2:3", "flow 'f' has no steps"),
        ("flows:\n  f:\n    steps: go\n", "3:5", "'steps' must be a list"),
        ("flows:\n  f:\n    step: []\n", "3:5", "flow 'f' has no key 'step'"),
        ("flows:\n  f:\n    steps: [go]\n", "3:13", "'steps' must be a list of mappings, not 'go'"),
        (flow("- go: on"), "4:9", "a step is one of collect, action, set_slots, noop, link, call"),
        (flow("- action: a\n  collect: b"), "4:9", "a step is one of"),
        (flow("- action: utter_a\n  utter: utter_b"), "5:9", "a step action: has no key 'utter'"),
        (flow("- collect: a\n  rejection: []"), "5:9", "a step collect: has no key 'rejection'"),
        (flow("- collect: a\n  rejections: [{if: slots.a}]"), "5:22", "'utter' must be a text"),
        (flow("- collect: a\n  rejections: [{utter: b}]"), "5:22", "a condition is missing: if:"),
        (flow("- collect: a\n  ask_before_filling: 1"), "5:9", "ask_before_filling is true or"),
        (flow("- collect: a\n  reset_after_flow_ends: 'no'"), "5:9", "is true or false"),
        (flow("- collect: a\n  silence_timeout: 0"), "5:9", "seconds above 0"),
        (flow("- collect: a\n  force_slot_filling: true"), "5:9", "has no key 'force_slot"),
        (flow("- collect: a\n  metadata: {optionl: true}"), "5:20", "has no key 'optionl'"),
        (flow("- link: g\n  next: END"), "5:9", "nothing comes after link:"),
        (flow("- link: [g]"), "4:9", "'link' must be a text"),
        (flow("- call: g\n  mapping: {}"), "5:9", "a step call: has no key 'mapping'"),
        (flow("- action:"), "4:9", "'action' must be a text"),
        (flow("- collect: {slot: a}"), "4:9", "'collect' must be a text"),
        (flow("- set_slots: {a: b}"), "4:9", "'set_slots' must be a list"),
        (flow("- set_slots: [a]"), "4:21", "'set_slots' must be a list of mappings"),
        (flow("- id: x\n  noop: true\n- id: x\n  noop: true"), "6:9", "step id 'x' is used twice"),
        (
            flow(
                "- noop: true\n  next:\n    - else:\n        - id: x\n          noop: true\n"
                "- id: x\n  noop: true"
            ),
            "9:9",
            "step id 'x' is used twice",
        ),
        (
            flow("- noop: true\n  next: nowhere"),
            "5:9",
            "flow 'f' goes to the step 'nowhere', which does not exist",
        ),
        (flow("- noop: true\n  next: 5"), "5:9", "'next' must be a list"),
        (flow("- noop: true\n  next: {else: END}"), "5:9", "'next' must be a list"),
        (flow("- noop: true\n  next: [END]"), "5:16", "'next' must be a list of mappings"),
        (flow("- noop: true\n  next:\n    - if: slots.a"), "6:13", "a branch is if: with then:"),
        (
            flow("- noop: true\n  next:\n    - if: slots.a\n      then: END"),
            "5:9",
            "the last branch of next: must be else:",
        ),
        (flow("- noop: true\n  next: []"), "5:9", "the last branch of next: must be else:"),
        (flow("- noop: true\n  next:\n    - then: END"), "6:13", "a branch is if: with then:"),
        (
            flow("- noop: true\n  next:\n    - if: slots.a\n      else: END"),
            "6:13",
            "a branch is if: with then:",
        ),
        (
            flow("- noop: true\n  next:\n    - then: END\n      else: END"),
            "6:13",
            "a branch is if: with then:",
        ),
        (
            flow("- noop: true\n  next:\n    - when: slots.a"),
            "6:13",
            "a branch of next has no key 'when'",
        ),
        (
            flow("- noop: true\n  next:\n    - if: slot.a\n      then: END"),
            "6:13",
            "slot.a",
        ),
        (
            flow("- noop: true\n  next:\n    - if: slots.a\n      then: []"),
            "7:13",
            "then: names no step",
        ),
        (flow("- noop: true\n  next:\n    - else: 5"), "6:13", "'else' must be a list"),
        (flow("- noop: true\n  next:\n    - else:\n        - go: on"), "7:17", "a step is one of"),
        (
            flow("- noop: true", "    nlu_trigger: [{intent: a, score: 1}]\n"),
            "3:31",
            "an nlu_trigger has no key 'score'",
        ),
        (flow("- noop: true", "    nlu_trigger: [{}]\n"), "3:19", "'intent' must be a text"),
        (
            flow("- noop: true", "    nlu_trigger: [intent: {name: a, confidence_threshold: 2}]\n"),
            "3:37",
            "a probability between 0 and 1 is expected, not 2",
        ),
        (flow("- noop: true", "    if: slots.a is\n"), "3:5", "slots.a is"),
        (flow("- noop: true", "    always_include_in_prompt: true\n"), "3:5", "has no key"),
        (flow("- noop: true", "    nlu_trigger: [7]\n"), "3:19", "must be a list of mappings"),
        (flow("- noop: true", "    nlu_trigger: {intent: a}\n"), "3:5", "must be a list"),
        (flow("- noop: true", "    persisted_slots: a\n"), "3:5", "must be a list"),
        (flow("- noop: true", "    metadata: {titles: zh}\n"), "3:16", "must be a mapping"),
        (
            "flows:\n  f: {steps: [{noop: true}], nlu_trigger: [a]}\n"
            "  g: {steps: [{noop: true}], nlu_trigger: [a]}\n",
            "3:3",
            "intent 'a' already starts flow 'f'; one intent starts one flow",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, what: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        flows_of(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path / 'a.yml'}:{place}: ")
    assert what in str(caught.value)


def test_the_same_flow_in_two_files(tmp_path: Path) -> None:
    text = "flows:\n  f: {steps: [{noop: true}]}\n"
    flows_of(tmp_path, text)
    with pytest.raises(ConfigError, match=r"b\.yml:2:3: flow 'f' exists already at .*a\.yml:2"):
        flows_of(tmp_path, text, "b.yml")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"flows: {\xff: 1}")
    with pytest.raises(ConfigError, match=r"a\.yml: cannot be read .*save it as UTF-8 text"):
        read_flows(tmp_path)


def test_a_shop_replaces_a_pattern_and_its_trigger(tmp_path: Path) -> None:
    patterns = tmp_path / "patterns.yml"
    patterns.write_text(
        "flows:\n"
        "  pattern_restart: {nlu_trigger: [restart], steps: [{action: a}]}\n"
        "  pattern_chitchat: {nlu_trigger: [chitchat], steps: [{action: b}]}\n"
    )
    folder = tmp_path / "flows"
    folder.mkdir()
    (folder / "own.yml").write_text(
        "flows:\n"
        "  pattern_restart: {nlu_trigger: [start_over], steps: [{action: mine}]}\n"
        "  talk: {nlu_trigger: [chitchat], steps: [{action: talk}]}\n"
    )
    flows = read_flows(folder, patterns)
    assert flows.by_id["pattern_restart"].steps["0_mine"].name == "mine"
    assert {intent: flow.id for intent, flow in flows.by_intent.items()} == {
        "start_over": "pattern_restart",
        "chitchat": "talk",
    }
    assert "pattern_chitchat" in flows.by_id


def test_an_intent_may_have_a_threshold_of_its_own(tmp_path: Path) -> None:
    text = (
        "flows:\n  f:\n    if: slots.a is not null\n"
        "    nlu_trigger: [{intent: {name: buy, confidence_threshold: 0.9}}, {intent: order}]\n"
        "    steps: [{link: g}]\n"
    )
    flow = flows_of(tmp_path, text).by_id["f"]
    assert [(t.intent, t.confidence) for t in flow.triggers] == [("buy", 0.9), ("order", 0.0)]
    assert flow.guard is not None
    assert (flow.guard({"a": 1}, {}), flow.guard({}, {})) == (True, False)
    assert flow.steps["0_link_g"].branches == ()
