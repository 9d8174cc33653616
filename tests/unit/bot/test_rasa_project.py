"""A project of the real tool, written as its documentation says: read, played, and misspelt."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from made_up_shop import SETTINGS
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from sqlalchemy import Engine
from stand_ins import (
    PATTERNS,
    Desk,
    SaysItsName,
    ScriptedSearcher,
    ScriptedUnderstander,
    desk_of,
    heard,
)

from bot.conversation_tests.format import Case
from bot.conversation_tests.reading import read_cases, read_shared
from bot.conversation_tests.runner import Copy, run_case
from bot.dialogue.domain import SessionConfig
from bot.dialogue.domain_files import read_domain
from bot.dialogue.flow_checks import check_flows
from bot.dialogue.flow_files import read_flows
from bot.dialogue.script import write_script
from bot.dialogue.tracker import Event
from bot.errors import ConfigError
from bot.messages import Shopper
from bot.shop import ShopFiles, read_shop
from nlu.rasa_format import TrainingData, TrainingDataError, read_training_data

PROJECT = Path(__file__).parent / "rasa_project"
TESTS = PROJECT / "tests" / "e2e"
ACTIONS = ("action_send_money", "action_add_contact", "action_list_contacts")


class ChecksFunds(Action):
    """There are a hundred dollars."""

    def name(self) -> str:
        return "action_check_funds"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        return [SlotSet("transfer_has_funds", tracker.get_slot("transfer_amount") <= 100)]


class Taught(ScriptedUnderstander):
    """Understands the examples of the training data, word for word."""

    def __init__(self, data: TrainingData) -> None:
        examples = data.examples
        super().__init__({e.text: heard(intent=e.intent, entities=e.entities) for e in examples})


class Record:
    """The events of a desk's conversations."""

    def __init__(self, desk: Desk) -> None:
        self._store = desk.store

    def events(self, conversation_id: str, shopper: Shopper) -> Sequence[Event]:
        return self._store.read(conversation_id, shopper)

    def append(self, conversation_id: str, shopper: Shopper, events: Sequence[Event]) -> None:
        self._store.append(
            conversation_id, len(self._store.open(conversation_id, shopper)), events
        )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> ShopFiles:
    """The project's files in the places where a shop has them."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "domain", folder / "domain")
    shutil.copytree(PROJECT / "data" / "flows", folder / "flows")
    (folder / "shop.toml").write_text(SETTINGS)
    return read_shop(folder)


@pytest.fixture
def desk(shop: ShopFiles, engine: Engine) -> Desk:
    return desk_of(
        shop,
        engine,
        understander=Taught(read_training_data(PROJECT / "data" / "nlu")),
        searcher=ScriptedSearcher({}),
        more_actions=(ChecksFunds(), *map(SaysItsName, ACTIONS)),
    )


def test_the_domain_is_read() -> None:
    domain = read_domain(PROJECT / "domain")
    assert {name: slot.type for name, slot in domain.slots.items()} == {
        "contact_name": "text",
        "contact_phone": "text",
        "contact_kind": "categorical",
        "contact_another": "bool",
        "transfer_recipient": "text",
        "transfer_amount": "float",
        "transfer_has_funds": "bool",
        "transfer_confirmed": "bool",
    }
    assert domain.slots["contact_kind"].values == ("friend", "family")
    assert (domain.slots["transfer_amount"].minimum, domain.slots["transfer_amount"].maximum) == (
        0.0, 100000.0,
    )  # fmt: skip
    assert domain.session_config == SessionConfig(60.0, True)
    assert "action_check_funds" in domain.actions


def test_the_flows_are_read() -> None:
    flows = read_flows(PROJECT / "data" / "flows", PATTERNS)
    transfer, kind = flows.by_id["transfer_money"], flows.by_id["kind_of_contact"]
    assert [(t.intent, t.confidence) for t in transfer.triggers] == [("send_money", 0.7)]
    assert [step.kind for step in transfer.steps.values()] == [
        "collect", "collect", "action", "action", "set_slots", "collect", "action", "action",
        "action",
    ]  # fmt: skip
    assert transfer.steps["confirm"].ask_before_filling
    assert kind.guard is not None
    assert not kind.guard({}, {})
    assert flows.by_id["pattern_completed"].place.file == "flows/contacts.yml"
    assert flows.by_id["pattern_cancel_flow"].place.file == "patterns.yml"


def test_the_training_data_is_read() -> None:
    data = read_training_data(PROJECT / "data" / "nlu")
    assert len(data.examples) == 14
    assert data.synonyms == {"my sister": "family", "a cousin": "family"}
    assert data.regexes == {"contact_phone": (r"\+\d{6,15}",)}
    [ann, *_] = [e for e in data.examples if e.text == "send money to Ann"]
    assert [(e.name, e.value) for e in ann.entities] == [("transfer_recipient", "Ann")]


def cases() -> list[Case]:
    shared = read_shared(TESTS / "conftest.yml")
    files = sorted(path for path in TESTS.glob("*.yml") if path.name != "conftest.yml")
    return [case for path in files for case in read_cases(path, shared)]


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
async def test_a_conversation_of_the_project(desk: Desk, case: Case) -> None:
    result = await run_case(case, Copy(desk.assistant, Record(desk)))
    assert [f"{m.expectation.spot}: {m.expectation.key}" for m in result.missed] == []
    assert result.passed


HEAD = "flows:\n  send:\n    description: d\n"
STEP = "    steps:\n      - action: utter_money_sent\n"


def steps(*lines: str) -> str:
    return HEAD + "    steps:\n" + "".join(f"      {line}\n" for line in lines)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        # what only a language model could do
        (HEAD + "    always_include_in_prompt: true\n" + STEP, "4:5",
         "flow 'send' has no key 'always_include_in_prompt'; known are description, if,"),
        (HEAD + "    run_pattern_completed: false\n" + STEP, "4:5", "'run_pattern_completed'"),
        (HEAD + "    file_path: x\n" + STEP, "4:5", "'file_path'; known are"),
        (steps("- collect: transfer_amount", "  force_slot_filling: true"), "6:9",
         "a step collect: has no key 'force_slot_filling'; known are ask_before_filling, collect,"),
        (steps("- collect: transfer_amount", "  nlu_trigger: []"), "6:9", "no key 'nlu_trigger'"),
        (steps("- collect: transfer_amount", "  corrections: true"), "6:9", "no key 'corrections'"),
        (steps("- generation_prompt: say something kind"), "5:9",
         "a step is one of collect, action, set_slots, noop, link, call"),
        (steps("- entry_prompt: x"), "5:9", "a step is one of collect"),
        (steps("- intent: send_money"), "5:9", "a step is one of collect"),
        (steps("- call: stock_agent", "  exit_if: [slots.transfer_confirmed]"), "6:9",
         "a step call: has no key 'exit_if'; known are call, description, id, metadata, next"),
        (steps("- call: find_stock", "  mcp_server: trade", "  mapping: {}"), "6:9",
         "a step call: has no key 'mcp_server'"),
        (steps("- action: utter_money_sent", "  mapping: {}"), "6:9", "no key 'mapping'; known"),
        # next
        (steps("- noop: true", "  next:", "  - if: slots.transfer_confirmed", "    then: END"),
         "6:9", "the last branch of next: must be else:"),
        (steps("- noop: true", "  next: there"), "6:9",
         "flow 'send' goes to the step 'there', which does not exist; its steps are 0_noop"),
        (steps("- noop: true", "  next:", "  - if: slots.transfer_confirmed is"), "7:11",
         "a branch is if: with then:, or else:"),
        (steps("- noop: true", "  next:", "  - if: transfer_amount > 1", "    then: END",
               "  - else: END"), "7:11",
         "a slot is written slots.transfer_amount, a text in quotes"),
        (steps("- link: list_contacts", "  next: END"), "6:9", "use call: to return"),
        (steps("- collect: transfer_amount", "  rejections: [{if: slots.transfer_amount < 1}]"),
         "6:22", "'utter' must be a text"),
        # the top of the file
        ("nlu: []\n" + HEAD + STEP, "1:1", "a flow file has no key 'nlu'; known are flows"),
        (HEAD, "2:3", "flow 'send' has no steps; give it steps:"),
        (HEAD + "    nlu_trigger: [{intent: send_money, phrase: x}]\n" + STEP, "4:40",
         "an nlu_trigger has no key 'phrase'; known are intent"),
        (HEAD + "    nlu_trigger: [{intent: {name: a, confidence_threshold: 70}}]\n" + STEP, "4:38",
         "a probability between 0 and 1 is expected, not 70"),
    ],
)  # fmt: skip
def test_what_is_not_supported_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    (tmp_path / "flows.yml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_flows(tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / 'flows.yml'}:{place}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (steps("- collect: amount"), 5, "slot 'amount' is not in domain.yml; add it under slots:"),
        (steps("- set_slots: [{amount: 1}]"), 5, "slot 'amount' is not in domain.yml"),
        (steps("- set_slots: [{transfer_amount: much}]"), 5, "slot 'transfer_amount': "),
        (steps("- noop: true", "  next:", "  - if: slots.amount", "    then: END", "  - else: END"),
         5, "reads slot 'amount', which is not in domain.yml; add it under slots:"),
        (HEAD + "    if: slots.member\n" + STEP, 2, "reads slot 'member', which is not in"),
        (HEAD + "    persisted_slots: [amount]\n" + STEP, 2, "persisted slot 'amount' is not in"),
        (steps("- action: action_fly"), 5, "'action_fly' is neither an action nor a response; add"),
        (steps("- collect: transfer_amount", "  utter: utter_how_much"), 5,
         "'utter_how_much' is neither an action nor a response"),
        (steps("- collect: transfer_has_funds"), 5, "'utter_ask_transfer_has_funds' is neither an"),
        (steps("- call: stock_agent"), 5, "there is no flow 'stock_agent' to call; correct its"),
        (steps("- link: list"), 5, "there is no flow 'list' to link; correct its name"),
        (steps("- link: send"), 5, "a flow cannot link itself; lead back with next: instead"),
        (steps("- call: send"), 5, "a flow cannot call itself; lead back with next: instead"),
        (steps("- call: pattern_cancel_flow"), 5, "a pattern cannot be called; use link: to go"),
        (steps("- noop: true", "  next: END", "- action: utter_money_sent"), 7,
         "no way leads to the step '1_utter_money_sent'; remove it"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_domain_is_named_with_its_line(
    tmp_path: Path, shop: ShopFiles, text: str, line: int, says: str
) -> None:
    (tmp_path / "flows.yml").write_text(text)
    own = frozenset({"action_check_funds", "action_answer", "action_handover"})
    script = write_script(shop.domain, read_flows(tmp_path, PATTERNS), own)
    with pytest.raises(ConfigError) as caught:
        check_flows(script)
    assert str(caught.value).startswith(f"{tmp_path.name}/flows.yml:{line}:")
    assert says in str(caught.value)


def test_all_that_does_not_fit_is_told_at_once(tmp_path: Path, shop: ShopFiles) -> None:
    (tmp_path / "flows.yml").write_text(steps("- collect: a", "- action: b", "- link: c"))
    with pytest.raises(ConfigError) as caught:
        check_flows(write_script(shop.domain, read_flows(tmp_path), frozenset()))
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        f"{tmp_path.name}/flows.yml:{n}:9" for n in (5, 6, 7)
    ]


SLOT = "slots:\n  a:\n    type: text\n"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (SLOT + "    mappings: [{type: from_llm, prompt: x}]\n", "4:33", "no key 'prompt'"),
        (SLOT + "    mappings: [{type: from_ghost}]\n", "4:17", "use one of from_entity,"),
        (SLOT + "    validation: {}\n", "4:5", "write its rejections: under the collect steps"),
        ("slots:\n  a: {type: number}\n", "2:7", "slot type 'number' is not supported; use one of"),
        ("slots:\n  a: {type: categorical}\n", "2:7", "needs values:, a list of what it can be"),
        ("responses:\n  utter_a:\n    - metadata: {rephrase: true}\n", "3:7", "needs a text:"),
        ("responses:\n  utter_a:\n    - text: a\n      quick_replies: []\n", "4:7", "buttons:"),
        ("version: '2.0'\n", "1:1", "is not Rasa 3's format; write the file in that format"),
        ("stories: []\n", "1:1", "a domain has no key 'stories'; known are actions, config,"),
    ],
)
def test_a_domain_that_is_not_supported_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    path = tmp_path / "domain.yml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_domain(path)
    assert str(caught.value).startswith(f"{path}:{place}: ")
    assert says in str(caught.value)


CASE = "test_cases:\n  - test_case: a\n    steps:\n      - user: hello\n"


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        (CASE + "        assertions: [{generative_response_is_relevant: {}}]\n", "5:23",
         "asks a language model to judge the reply, and Shopclerk uses none; check the reply with"),
        (CASE + "        assertions: [{bot_said: x}]\n", "5:23",
         "no assertion is called 'bot_said'; known are"),
        (CASE + "      - bot: a\n        utter: b\n", "5:9", "begin each with its own dash"),
        (CASE + "    fixtures: [ghost]\n", "5:16", "no fixture is called 'ghost'"),
        ("test_cases: []\n", "1:1", "no tests here; add 'test_cases:'"),
    ],
)  # fmt: skip
def test_a_conversation_test_that_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    path = tmp_path / "chat.yml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_cases(path)
    assert str(caught.value).startswith(f"{path}:{place}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("nlu:\n  - intents: a\n    examples: |\n      - b\n", "2:5", "give the item one of them"),
        ("stories: []\n", "1:1", "unknown key 'stories'; use one of: version, nlu"),
        ("nlu:\n  - intent: a\n    examples: |\n      - [b](c\n", "4:9", ""),
    ],
)
def test_training_data_that_cannot_be_read_is_named_with_its_place(
    tmp_path: Path, text: str, place: str, says: str
) -> None:
    path = tmp_path / "nlu.yml"
    path.write_text(text)
    with pytest.raises(TrainingDataError) as caught:
        read_training_data(path)
    [problem] = caught.value.problems
    assert problem.startswith(f"{path}:{place}: ")
    assert says in problem
