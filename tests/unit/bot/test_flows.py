from pathlib import Path

import pytest

from bot.dialogue.flows import END, Flows, read_flows
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
      - id: again
        action: action_buy
        next: order.0
"""


def flows_of(folder: Path, text: str, name: str = "a.yml") -> Flows:
    (folder / name).write_text(text, encoding="utf-8")
    return read_flows(folder)


def test_steps_get_ids_and_where_they_lead(tmp_path: Path) -> None:
    flow = flows_of(tmp_path, FLOWS).by_id["order"]
    assert flow.first == "order.0"
    assert {i: (s.kind, s.name, [b.target for b in s.branches]) for i, s in flow.steps.items()} == {
        "order.0": ("collect", "item", ["order.0.0.0", "order.0.1.0"]),
        "order.0.0.0": ("collect", "size", [END, "again"]),
        "order.0.0.1": ("noop", "", ["address"]),  # the end of a then goes on behind its step
        "order.0.1.0": ("action", "utter_only_tents", [END]),
        "address": ("collect", "address", ["order.2"]),
        "order.2": ("set_slots", "", ["address"]),
        "again": ("action", "action_buy", ["order.0"]),
    }
    assert flow.steps["order.0"].utter == "utter_ask_item"
    assert flow.steps["order.0.0.0"].utter == "utter_which_size"
    assert flow.steps["order.2"].values == (("done", True), ("note", None))


@pytest.mark.parametrize(
    ("step", "slots", "expected"),
    [
        ("order.0", {"item": "tent"}, "order.0.0.0"),
        ("order.0", {"item": "stove"}, "order.0.1.0"),
        ("order.0.0.0", {"size": 5}, END),
        ("order.0.0.0", {"size": 4}, "again"),
        ("order.2", {"wrong": True}, "address"),
        ("order.2", {}, END),  # no branch fits
        ("again", {}, "order.0"),  # a loop
    ],
)
def test_branches_follow_the_slots(
    tmp_path: Path, step: str, slots: dict[str, object], expected: str
) -> None:
    assert flows_of(tmp_path, FLOWS).by_id["order"].steps[step].next(slots) == expected


def test_all_names_that_something_must_stand_behind(tmp_path: Path) -> None:
    assert flows_of(tmp_path, FLOWS).named == {
        "utter_ask_item",
        "utter_which_size",
        "utter_only_tents",
        "utter_ask_address",
        "action_buy",
    }


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
    assert flow.steps["hi_there.0"].branches[0].target == END
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
        (flow("- go: on"), "4:9", "a step is one of collect, action, set_slots, noop"),
        (flow("- action: a\n  collect: b"), "4:9", "a step is one of"),
        (flow("- action: utter_a\n  utter: utter_b"), "5:9", "a step has no key 'utter'"),
        (flow("- collect: a\n  rejections: []"), "5:9", "a step has no key 'rejections'"),
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
            "3:5",
            "flow 'f' goes to the step 'nowhere', which does not exist",
        ),
        (flow("- noop: true\n  next: 5"), "5:9", "'next' must be a list"),
        (flow("- noop: true\n  next: {else: END}"), "5:9", "'next' must be a list"),
        (flow("- noop: true\n  next: [END]"), "5:16", "'next' must be a list of mappings"),
        (flow("- noop: true\n  next:\n    - if: slots.a"), "6:13", "a branch is if: with then:"),
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
            "cannot read 'slot.a' in the condition",
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
    with pytest.raises(ConfigError, match=r"b\.yml:2:3: flow 'f' exists already"):
        flows_of(tmp_path, text, "b.yml")


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_bytes(b"flows: {\xff: 1}")
    with pytest.raises(ConfigError, match=r"a\.yml: cannot be read .*save it as UTF-8 text"):
        read_flows(tmp_path)
