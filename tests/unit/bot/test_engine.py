from dataclasses import replace
from pathlib import Path

import pytest

from bot.dialogue.beginning import begin
from bot.dialogue.commands import Command, CorrectSlots, SetSlot, StartFlow, StartPattern
from bot.dialogue.domain_files import read_domain
from bot.dialogue.engine import Ask, Effect, Listen, RunAction, advance, wake
from bot.dialogue.flow_files import read_flows
from bot.dialogue.script import Script, write_script
from bot.dialogue.tracker import Event, Frame, State, action_event, flow_event, replay, slot_event

DOMAIN = """\
slots:
  item: {type: text, mappings: [{type: from_text}]}
  size: {type: float, mappings: [{type: from_entity, entity: number}]}
  address: {type: text, mappings: [{type: from_entity, entity: address}]}
  gift: {type: bool, mappings: [{type: from_intent, intent: affirm, value: true}]}
  note: {type: text, mappings: [{type: from_text}]}
  sold: {type: bool, mappings: [{type: controlled}]}
  sold_out: {type: bool, mappings: [{type: controlled}]}
  stars: {type: float, mappings: [{type: from_entity, entity: number}]}
  name: {type: text, mappings: [{type: from_text}]}
  phone: {type: text, mappings: [{type: from_text}]}
  requested_slot: {type: text, mappings: [{type: controlled}]}
forms:
  contact_form: {required_slots: [name, phone]}
"""

FLOWS = """\
flows:
  buy:
    name: Buy something
    persisted_slots: [address]
    steps:
      - id: check
        action: action_check
        next:
          - if: slots.sold_out
            then: END
          - else: item
      - id: item
        collect: item
      - id: size
        collect: size
        rejections:
          - if: slots.size > 50
            utter: utter_too_big
      - id: address
        collect: address
        utter: utter_where_to
      - id: pay
        action: action_pay
        metadata: {once: true}
      - id: gift
        collect: gift
        ask_before_filling: true
        metadata: {optional: true}
      - id: sold
        set_slots: [{sold: true}]
      - id: bought
        action: utter_bought
  card:
    steps: [{id: words, collect: note}, {id: to, collect: address}]
  hello:
    steps: [{id: say, action: utter_hello}]
  rate:
    name: Rate us
    steps:
      - {id: stars, collect: stars}
      - {id: noted, action: utter_noted}
  complain:
    steps:
      - {id: what, collect: note}
      - {id: rating, call: rate}
      - {id: filed, action: action_file}
  over_to_rate:
    steps:
      - {id: start, action: utter_hello}
      - {id: go, link: rate}
  contact:
    steps:
      - {id: form, action: contact_form}
      - {id: saved, action: action_save}
  silent:
    steps: [{id: see, set_slots: [{sold: true}]}, {id: end, noop: true}]
  circle:
    steps:
      - {id: a, set_slots: [{sold: true}], next: b}
      - {id: b, noop: true, next: a}
"""

ACTIONS = frozenset(
    {"action_check", "action_pay", "action_file", "action_save", "action_answer", "action_handover"}
)


def script_of(tmp_path: Path, actions: frozenset[str] = ACTIONS) -> Script:
    import bot.dialogue

    (tmp_path / "domain.yml").write_text(DOMAIN)
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "flows.yml").write_text(FLOWS)
    patterns = Path(bot.dialogue.__file__).parent / "patterns.yml"
    return write_script(
        read_domain(tmp_path / "domain.yml"), read_flows(tmp_path / "flows", patterns), actions
    )


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Script:
    return script_of(tmp_path_factory.mktemp("shop"))


class Talk:
    """A conversation with the engine alone: every action does nothing."""

    def __init__(self, script: Script, state: State | None = None) -> None:
        self.script = script
        self.state = state or State()
        self.events: list[Event] = []

    def _add(self, events: tuple[Event, ...]) -> None:
        self.events += events
        self.state = replay(events, self.state)

    def say(self, *commands: Command, **done: dict[str, object]) -> list[str]:
        """What the bot does and says, in order. `done` gives an action's slots."""
        self._add(({"event": "user", "text": "words"},))
        self._add(wake(self.state, self.script))
        self._add(begin(self.state, commands, self.script))
        did = []
        while True:
            events, effect = advance(self.state, self.script)
            self._add(events)
            match effect:
                case RunAction(name, in_flow):
                    did.append(name)
                    self._add(tuple(slot_event(n, v) for n, v in done.get(name, {}).items()))
                    self._add((action_event(name, in_flow=in_flow),))
                case Ask(name):
                    return [*did, f"{name}?"]
                case Listen():
                    return did

    @property
    def stack(self) -> list[tuple[str, str]]:
        return [(f.flow, f.step) for f in self.state.stack]

    def filled(self) -> dict[str, object]:
        return {n: v for n, v in self.state.slots.items() if v is not None}


@pytest.fixture
def talk(script: Script) -> Talk:
    return Talk(script)


def at(*frames: Frame, **slots: object) -> State:
    return State(slots=slots, stack=frames)


CHECK = Frame("buy", "check")
CHECKED = Frame("buy", "check", done=True, ran=("check",))


@pytest.mark.parametrize(
    ("state", "effect", "stack"),
    [
        (at(), Listen(), []),
        (at(CHECK), RunAction("action_check"), [("buy", "check")]),
        (at(CHECKED), Ask("utter_ask_item"), [("buy", "item")]),
        (at(CHECKED, sold_out=True), Listen(), []),
        (at(Frame("buy", "size"), size=2), Ask("utter_where_to"), [("buy", "address")]),
        # several slots at once: nothing is asked twice
        (
            at(CHECKED, item="tent", size=3, address="here"),
            RunAction("action_pay"),
            [("buy", "pay")],
        ),
        # the flow below goes on where it waited
        (
            at(Frame("buy", "item"), Frame("hello", "say", done=True)),
            Ask("utter_ask_item"),
            [("buy", "item")],
        ),
        (at(Frame("silent", "see")), Listen(), []),
        # what is gone from disk is given up, and what is below goes on
        (at(Frame("gone", "x")), Listen(), []),
        (at(Frame("buy", "gone")), Listen(), []),
        (
            at(Frame("buy", "item"), Frame("gone", "x")),
            Ask("utter_ask_item"),
            [("buy", "item")],
        ),
    ],
)
def test_advance(
    script: Script, state: State, effect: Effect, stack: list[tuple[str, str]]
) -> None:
    events, found = advance(state, script)
    assert found == effect
    assert [(f.flow, f.step) for f in replay(events, state).stack] == stack


def test_a_flow_in_circles_is_an_error_and_not_a_standstill(script: Script) -> None:
    with pytest.raises(RuntimeError, match="goes in circles"):
        advance(at(Frame("circle", "a")), script)


def test_a_task_from_its_first_question_to_its_end(talk: Talk) -> None:
    assert talk.say(StartFlow("buy")) == ["action_check", "utter_ask_item?"]
    assert talk.say(SetSlot("item", "tent")) == ["utter_ask_size?"]
    assert talk.say(SetSlot("size", 3)) == ["utter_where_to?"]
    assert talk.say(SetSlot("address", "here")) == ["action_pay", "utter_ask_gift?"]
    assert talk.say(SetSlot("gift", True)) == ["utter_bought"]
    assert talk.stack == []
    assert talk.filled() == {"address": "here"}  # the only slot that is kept
    assert talk.state.last_flow == "buy"


def test_what_is_said_with_the_task_is_not_asked(talk: Talk) -> None:
    slots = [SetSlot("item", "tent"), SetSlot("size", 3)]
    assert talk.say(StartFlow("buy"), *slots) == ["action_check", "utter_where_to?"]


def test_a_value_that_is_refused_is_asked_for_again(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    assert talk.say(SetSlot("size", 60)) == ["utter_too_big", "utter_ask_size?"]
    assert talk.say(SetSlot("size", 61)) == ["utter_too_big", "utter_ask_size?"]
    assert talk.say(SetSlot("size", 5)) == ["utter_where_to?"]


def test_a_slot_to_ask_before_filling_is_asked_though_it_was_told(talk: Talk) -> None:
    told = [SetSlot(n, v) for n, v in (("item", "tent"), ("size", 3), ("address", "here"))]
    talk.say(StartFlow("buy"), *told, SetSlot("gift", True))
    assert talk.stack == [("buy", "gift")]
    assert talk.filled()["item"] == "tent"
    assert "gift" not in talk.filled()


def test_an_action_checks_what_was_answered(tmp_path: Path) -> None:
    talk = Talk(script_of(tmp_path, ACTIONS | {"validate_item"}))
    talk.say(StartFlow("buy"))
    refused = talk.say(SetSlot("item", "unicorn"), validate_item={"item": None})
    assert refused == ["validate_item", "utter_ask_item?"]
    mended = talk.say(SetSlot("item", "Tent"), validate_item={"item": "tent"})
    assert mended == ["validate_item", "utter_ask_size?"]
    assert talk.filled()["item"] == "tent"


def test_a_question_of_its_own_action(tmp_path: Path) -> None:
    talk = Talk(script_of(tmp_path, ACTIONS | {"action_ask_item"}))
    assert talk.say(StartFlow("buy")) == ["action_check", "action_ask_item?"]


# --- the ways of leaving a flow


def test_cancel(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    assert talk.say(StartPattern("pattern_cancel_flow")) == ["utter_flow_cancelled"]
    assert (talk.stack, talk.filled()) == ([], {})
    assert talk.say(StartPattern("pattern_cancel_flow")) == ["utter_nothing_to_cancel"]


def test_cancel_of_an_interrupting_task_comes_back_to_the_one_below(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    talk.say(StartFlow("rate"))
    assert talk.say(StartPattern("pattern_cancel_flow")) == [
        "utter_flow_cancelled", "utter_continue_interrupted", "utter_ask_size?",
    ]


def test_cancel_drops_what_the_task_called_too(talk: Talk) -> None:
    talk.say(StartFlow("complain"), SetSlot("note", "late"))
    assert talk.stack == [("complain", "rating"), ("rate", "stars")]
    assert talk.say(StartPattern("pattern_cancel_flow")) == ["utter_flow_cancelled"]
    assert (talk.stack, talk.filled()) == ([], {})


def test_cancel_of_a_patterns_own_question_leaves_the_task(talk: Talk) -> None:
    talk.say(StartFlow("buy"))
    talk.say(StartPattern("pattern_human_handoff"))
    assert talk.stack[-1] == ("pattern_human_handoff", "ask")
    assert talk.say(StartPattern("pattern_cancel_flow")) == [
        "utter_flow_cancelled", "utter_ask_item?",
    ]


def test_a_question_and_back(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    for _ in range(12):  # however many
        assert talk.say(StartPattern("pattern_search")) == ["action_answer", "utter_ask_size?"]
    assert talk.filled() == {"item": "tent"}
    assert talk.say(SetSlot("size", 3)) == ["utter_where_to?"]


def test_another_task_and_back_to_the_question(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    assert talk.say(StartFlow("rate")) == ["utter_ask_stars?"]
    assert talk.say(SetSlot("stars", 5)) == [
        "utter_noted", "utter_continue_interrupted", "utter_ask_size?",
    ]
    assert talk.filled() == {"item": "tent"}


def test_small_talk_between_is_not_worth_a_word(talk: Talk) -> None:
    talk.say(StartFlow("buy"))
    assert talk.say(StartFlow("hello")) == ["utter_hello", "utter_ask_item?"]


def test_the_interrupting_task_takes_nothing_from_the_one_below(talk: Talk) -> None:
    """Both collect `note`: what is said to one is not what was said to the other."""
    talk.say(StartFlow("complain"), SetSlot("note", "late"))
    talk.say(StartFlow("card"), SetSlot("note", "other"))
    talk.say(StartPattern("pattern_cancel_flow"))
    assert talk.filled() == {"note": "late"}
    assert talk.stack == [("complain", "rating"), ("rate", "stars")]


def test_what_is_mended_below_during_another_task_stays_mended(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    talk.say(StartFlow("rate"))
    talk.say(SetSlot("item", "stove"))
    talk.say(SetSlot("stars", 5))
    assert talk.filled() == {"item": "stove"}


def test_another_value_that_comes_with_a_task_taken_up_again_is_a_correction(talk: Talk) -> None:
    told = [SetSlot(n, v) for n, v in (("item", "tent"), ("size", 3), ("address", "here"))]
    talk.say(StartFlow("buy"), *told)
    assert talk.stack == [("buy", "gift")]
    talk.say(StartFlow("rate"))
    too_late = talk.say(StartFlow("buy"), SetSlot("item", "stove"))
    assert too_late == ["utter_too_late_to_correct", "utter_ask_gift?"]
    assert talk.filled()["item"] == "tent"


def test_a_task_under_way_below_is_taken_up_and_not_begun_again(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    talk.say(StartFlow("rate"))
    assert talk.say(StartFlow("buy")) == ["utter_ask_size?"]
    assert [flow for flow, _ in talk.stack] == ["rate", "buy"]
    assert talk.filled() == {"item": "tent"}


def test_the_same_task_again_goes_on_with_its_question(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    assert talk.say(StartFlow("buy")) == ["utter_ask_size?"]
    assert talk.stack == [("buy", "size")]


@pytest.mark.parametrize(
    ("corrected", "says", "step"),
    [
        ({"item": "stove"}, ["utter_corrected", "utter_where_to?"], "address"),
        ({"size": 4}, ["utter_corrected", "utter_where_to?"], "address"),
        ({"size": 99}, ["utter_corrected", "utter_too_big", "utter_ask_size?"], "size"),
    ],
)
def test_a_correction_goes_back_only_as_far_as_it_must(
    talk: Talk, corrected: dict[str, object], says: list[str], step: str
) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"), SetSlot("size", 3))
    assert talk.say(CorrectSlots(tuple(corrected.items()))) == says
    assert talk.stack == [("buy", step)]
    if step == "address":
        assert talk.filled() == {"item": "tent", "size": 3, **corrected}


def test_a_correction_of_what_was_told_ahead_changes_only_the_slot(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("size", 3))
    assert talk.say(CorrectSlots((("size", 4),))) == ["utter_corrected", "utter_ask_item?"]
    assert talk.filled() == {"size": 4}


def test_what_was_done_once_is_not_done_again_by_a_correction(talk: Talk) -> None:
    told = [SetSlot(n, v) for n, v in (("item", "tent"), ("size", 3), ("address", "here"))]
    assert talk.say(StartFlow("buy"), *told)[-2:] == ["action_pay", "utter_ask_gift?"]
    too_late = talk.say(CorrectSlots((("item", "stove"),)))
    assert too_late == ["utter_too_late_to_correct", "utter_ask_gift?"]
    assert talk.filled()["item"] == "tent"


def test_a_correction_of_what_a_called_flow_asked(talk: Talk) -> None:
    talk.say(StartFlow("complain"))
    assert talk.say(SetSlot("note", "late")) == ["utter_ask_stars?"]
    assert talk.say(CorrectSlots((("note", "broken"),))) == ["utter_corrected", "utter_ask_stars?"]
    assert talk.filled() == {"note": "broken"}
    assert talk.stack == [("complain", "rating"), ("rate", "stars")]


def test_skip(talk: Talk) -> None:
    assert talk.say(StartPattern("pattern_skip_question")) == ["utter_nothing_to_skip"]
    told = [SetSlot(n, v) for n, v in (("item", "tent"), ("size", 3))]
    talk.say(StartFlow("buy"), *told)
    assert talk.say(StartPattern("pattern_skip_question")) == [
        "utter_cannot_skip", "utter_where_to?",
    ]
    talk.say(SetSlot("address", "here"))
    assert talk.say(StartPattern("pattern_skip_question")) == ["utter_bought"]


def test_a_question_that_was_skipped_is_not_asked_again_after_a_correction(
    tmp_path: Path,
) -> None:
    script = script_of(tmp_path)
    buy = script.flows.by_id["buy"]
    item = replace(buy.steps["item"], optional=True)
    flow = replace(buy, steps={**buy.steps, "item": item})
    flows = replace(script.flows, by_id={**script.flows.by_id, "buy": flow})
    talk = Talk(replace(script, flows=flows))
    talk.say(StartFlow("buy"), SetSlot("sold_out", None))
    assert talk.say(StartPattern("pattern_skip_question")) == ["utter_ask_size?"]
    assert talk.say(SetSlot("size", 3)) == ["utter_where_to?"]
    assert talk.say(CorrectSlots((("size", 4),))) == ["utter_corrected", "utter_where_to?"]


def test_restart(talk: Talk) -> None:
    talk.say(StartFlow("buy"), SetSlot("item", "tent"))
    assert talk.say(StartPattern("pattern_restart")) == ["utter_restarted"]
    assert (talk.stack, talk.filled()) == ([], {})


def test_after_a_clarification_the_flow_waits_with_its_own_question(talk: Talk) -> None:
    talk.say(StartFlow("buy"))
    assert talk.say(StartPattern("pattern_clarification")) == ["utter_clarify"]
    assert talk.stack[-1] == ("pattern_clarification", "1_action_listen")
    assert talk.say(SetSlot("item", "tent")) == ["utter_ask_size?"]
    assert talk.stack == [("buy", "size")]


def test_a_pattern_that_is_named_again_takes_its_own_place(talk: Talk) -> None:
    for _ in range(3):
        talk.say(StartPattern("pattern_human_handoff"))
    assert [flow for flow, _ in talk.stack] == ["pattern_human_handoff"]


# --- call, link, forms


def test_call_comes_back(talk: Talk) -> None:
    talk.say(StartFlow("complain"))
    assert talk.say(SetSlot("note", "late")) == ["utter_ask_stars?"]
    assert talk.say(SetSlot("stars", 2)) == ["utter_noted", "action_file"]
    assert (talk.stack, talk.filled()) == ([], {})


def test_link_takes_the_flows_place(talk: Talk) -> None:
    assert talk.say(StartFlow("over_to_rate")) == ["utter_hello", "utter_ask_stars?"]
    assert talk.stack == [("rate", "stars")]
    assert flow_event("flow_completed", "over_to_rate", "go") in talk.events
    assert talk.say(SetSlot("stars", 2)) == ["utter_noted"]


def test_a_form_without_an_action_asks_for_its_required_slots(talk: Talk) -> None:
    assert talk.say(StartFlow("contact")) == ["utter_ask_name?"]
    assert talk.state.slots["requested_slot"] == "name"
    assert talk.say(SetSlot("name", "Ada")) == ["utter_ask_phone?"]
    assert talk.say(SetSlot("phone", "1")) == ["action_save"]
    assert talk.filled() == {"name": "Ada", "phone": "1"}  # as in Rasa, a form's slots stay


def test_a_forms_action_decides_what_comes_next(tmp_path: Path) -> None:
    talk = Talk(script_of(tmp_path, ACTIONS | {"validate_contact_form"}))
    check = "validate_contact_form"
    first = talk.say(StartFlow("contact"), **{check: {"requested_slot": "name"}})
    assert first == [check, "utter_ask_name?"]
    refused = talk.say(SetSlot("name", "x"), **{check: {"name": None, "requested_slot": "name"}})
    assert refused == [check, "utter_ask_name?"]
    other = talk.say(SetSlot("name", "Ada"), **{check: {"requested_slot": "item"}})
    assert other == [check, "utter_ask_item?"]
    assert talk.say(SetSlot("item", "tent"), **{check: {"requested_slot": None}}) == [
        check, "action_save",
    ]


def test_a_silent_pattern_leaves_no_trace(talk: Talk) -> None:
    talk.say(StartPattern("pattern_burst", {"messages": 2}))
    assert not [e for e in talk.events if e["event"] == "flow_started"]
