"""Files of conversation tests: what is read of them, and what is refused with its place."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from scripted_bot import case_of, cases_of

from bot.conversation_tests.format import (
    BotDidNotUtter,
    BotUttered,
    ClarificationContains,
    FlowEnded,
    FlowStarted,
    SlotsNotSet,
    SlotsSet,
    SlotValue,
    Stub,
    WantedButton,
)
from bot.conversation_tests.reading import read_cases, read_shared
from bot.errors import ConfigError


def test_steps_expect_of_the_user_step_above_them(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        """
        - user: where is my order?
        - utter: utter_ask_order_number
        - slot_was_not_set: order_number
        - user: "4417"
        - slot_was_set:
            - order_number: "4417"
            - language
        - bot: It is on its way.
        """,
    )
    first, second = case.steps
    assert [e.key for e in first.expectations] == ["utter", "slot_was_not_set"]
    assert second.text == "4417"
    assert second.expectations[0].check == SlotsSet(
        (SlotValue("order_number", "4417", given=True), SlotValue("language"))
    )
    assert str(second.expectations[1].spot).endswith("chat.yml:12:9")
    assert all(e.step for e in (*first.expectations, *second.expectations))


@pytest.mark.parametrize(
    ("written", "check"),
    [
        ("flow_started: track", FlowStarted(("track",))),
        (
            "flow_started: {operator: any, flow_ids: [a, b]}",
            FlowStarted(("a", "b"), "any"),
        ),
        ("flow_completed: {flow_id: a}", FlowEnded("flow_completed", "a")),
        (
            "flow_cancelled: {flow_id: a, flow_step_id: ask}",
            FlowEnded("flow_cancelled", "a", "ask"),
        ),
        ("pattern_clarification_contains: [a, b]", ClarificationContains(("a", "b"))),
        (
            "pattern_clarification_contains: {operator: ANY, flow_ids: [a]}",
            ClarificationContains(("a",), "any"),
        ),
        (
            "slot_was_set: [{name: n, value: 3}, {name: m}]",
            SlotsSet((SlotValue("n", 3, given=True), SlotValue("m"))),
        ),
        (
            "slot_was_not_set: [{name: n, value: null}]",
            SlotsNotSet((SlotValue("n", None, given=True),)),
        ),
    ],
)
def test_assertions_are_read(tmp_path: Path, written: str, check: object) -> None:
    case = case_of(tmp_path, f"- user: hello\n  assertions:\n    - {written}")
    assert [e.check for e in case.steps[0].expectations] == [check]


def test_a_reply_is_asserted_by_response_text_and_buttons(tmp_path: Path) -> None:
    case = case_of(
        tmp_path,
        """
        - user: hello
          assertion_order_enabled: true
          assertions:
            - bot_uttered:
                utter_name: utter_greet
                text_matches: "^Hi"
                buttons: [{title: "Yes", payload: /affirm}, {title: "No"}]
            - bot_did_not_utter: {text_matches: sorry}
        """,
    )
    said, not_said = [e.check for e in case.steps[0].expectations]
    assert isinstance(said, BotUttered)
    assert said.reply.response == "utter_greet"
    assert said.reply.pattern is not None
    assert said.reply.pattern.search("Hi there")
    assert said.reply.buttons == (WantedButton("Yes", "/affirm"), WantedButton("No"))
    assert isinstance(not_said, BotDidNotUtter)
    assert case.steps[0].ordered


def test_fixtures_metadata_and_stubs_are_the_cases_that_name_them(tmp_path: Path) -> None:
    first, second = cases_of(
        tmp_path,
        """
        fixtures:
          - premium:
              membership: premium
          - known: [{email: a@b.example}, {visits: 3}]
        metadata:
          - ada: {customer_id: 7, language: zh}
          - phone: {channel: whatsapp, device: phone}
        stub_custom_actions:
          action_stock:
            responses: [{text: Plenty.}]
          second::action_stock:
            events: [{event: slot, name: stock, value: 0}]
        test_cases:
          - test_case: first
            fixtures: [premium, known]
            metadata: ada
            steps:
              - user: hello
                metadata: phone
          - test_case: second
            steps: [{user: hello}]
        """,
    )
    assert first.slots == {"membership": "premium", "email": "a@b.example", "visits": 3}
    assert first.steps[0].metadata == {
        "customer_id": 7,
        "language": "zh",
        "channel": "whatsapp",
        "device": "phone",
    }
    assert first.stubs == {"action_stock": Stub((), ({"text": "Plenty."},))}
    assert second.stubs["action_stock"].events == ({"event": "slot", "name": "stock", "value": 0},)
    assert (second.slots, second.steps[0].metadata) == ({}, {})


REFUSED = [
    ("- utter: utter_x", "chat.yml:5:9: a case begins with what the shopper says"),
    ("- user: hi\n- bot: 3", "chat.yml:6:9: 'bot' must be a text (put it in quotes)"),
    ("- user: 4417", "must be a text (put it in quotes)"),
    ("- user: hi\n- says: hi", "no step is called 'says'; known are user, bot, utter"),
    ("- user: hi\n- flow_started: x", "belongs under 'assertions:' of a step 'user'"),
    ("- user: hi\n  bot: hello", "a step is one of user, bot, not all"),
    ("- user: hi\n  intent: greet", "a step 'user' has no key 'intent'"),
    ("- user: hi\n  metadata: nobody", "no metadata is called 'nobody'"),
    ("- user: hi\n- slot_was_set: []", "needs slots"),
    ("- user: hi\n- slot_was_set: {d: 2025-06-15}", "is read as a date; put it in quotes"),
    ("- user: hi\n  assertion_order_enabled: perhaps", "must be true or false"),
]
REFUSED_ASSERTIONS = [
    ("generative_response_is_relevant: {threshold: 0.9}", "asks a language model to judge"),
    ("flow_begun: x", "no assertion is called 'flow_begun'; known are flow_started"),
    ("{action_executed: a, flow_started: b}", "one key, not action_executed, flow_started"),
    ("flow_completed: track", "'flow_completed' needs 'flow_id:'"),
    ("flow_completed: {flow_id: a, step: b}", "has no key 'step'"),
    ("flow_started: {operator: some, flow_ids: [a]}", "is all or any, not 'some'"),
    ("slot_was_set: [order_number]", "must be a list of mappings"),
    ("slot_was_set: [{value: 3}]", "which slot? add 'name:'"),
    ("bot_uttered: hello", "needs one of utter_name, text_matches, buttons"),
    ("bot_uttered: {text: hello}", "has no key 'text'"),
    ("bot_uttered: {text_matches: '(('}", "not a regular expression"),
    ("bot_uttered: {buttons: [{payload: /x}]}", "a button needs 'title:'"),
]


@pytest.mark.parametrize(
    ("steps", "problem"),
    [*REFUSED, *((f"- user: hi\n  assertions:\n    - {a}", p) for a, p in REFUSED_ASSERTIONS)],
)
def test_what_is_not_the_format_is_refused_with_its_place(
    tmp_path: Path, steps: str, problem: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        case_of(tmp_path, steps)
    assert problem in str(caught.value)
    assert f"{tmp_path / 'chat.yml'}:" in str(caught.value)


@pytest.mark.parametrize(
    ("top", "problem"),
    [
        ("nothing: here", "3:"),
        ("metadata: [{ada: {customer_id: seven}}]", "'customer_id' must be the number"),
        ("metadata: [{ada: {burst: 1}}]", "'burst' must be true or false"),
        ("metadata: [{ada: {customer_id: true}}]", "'customer_id' must be the number"),
        ("fixtures: [premium]", "is one name with a colon after it"),
        ("fixtures: [{premium: 3}]", "needs lines 'key: value' below it"),
        ("fixtures: [{a: {x: 1}}, {a: {x: 2}}]", "'fixtures' has 'a' twice"),
        ("stub_custom_actions: {nobody::action_x: {}}", "no test case here is called 'nobody'"),
        ("stub_custom_actions: {action_x: {reply: 3}}", "a stub has no key 'reply'"),
        ("stub_custom_actions: {action_x: {events: [{name: x}]}}", "what kind of event?"),
        ("stub_custom_actions: {action_x: {responses: [{txt: x}]}}", "no key 'txt'"),
    ],
)
def test_wrong_tops_are_refused(tmp_path: Path, top: str, problem: str) -> None:
    if top == "nothing: here":
        problem = "has no key 'nothing'; known are fixtures, metadata"
    with pytest.raises(ConfigError) as caught:
        case_of(tmp_path, "- user: hi", more=top)
    assert problem in str(caught.value)


def test_all_problems_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        cases_of(
            tmp_path,
            """
            test_cases:
              - test_case: a
                fixtures: [vip]
                steps: [{user: hi}]
              - test_case: b
                steps:
                  - user: hi
                    assertions:
                      - flow_begun: x
                      - action_executed: 3
                  - says: hi
            """,
        )
    places = [line.split(": ")[0].rsplit(":", 2)[1] for line in str(caught.value).splitlines()]
    assert places == ["4", "10", "11", "12"]


def test_a_name_used_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the name 'a' is already used at line 3"):
        cases_of(
            tmp_path,
            """
            test_cases:
              - {test_case: a, steps: [{user: hi}]}
              - {test_case: a, steps: [{user: hi}]}
            """,
        )


def test_an_empty_file_has_no_tests(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no tests here; add 'test_cases:'"):
        cases_of(tmp_path, "")


def test_conftest_lends_fixtures_which_the_file_may_replace(tmp_path: Path) -> None:
    conftest = tmp_path / "conftest.yml"
    conftest.write_text("fixtures: [{vip: {tier: gold}}, {old: {years: 9}}]\n", encoding="utf-8")
    file = tmp_path / "a.yml"
    file.write_text(
        dedent(
            """
            fixtures: [{vip: {tier: silver}}]
            test_cases:
              - {test_case: a, fixtures: [vip, old], steps: [{user: hi}]}
            """
        ),
        encoding="utf-8",
    )
    (case,) = read_cases(file, read_shared(conftest))
    assert case.slots == {"tier": "silver", "years": 9}


def test_conftest_with_a_judge_is_refused(tmp_path: Path) -> None:
    conftest = tmp_path / "conftest.yml"
    conftest.write_text("llm_judge: {llm: {model: x}}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"conftest.yml:1:1: there is no language model"):
        read_shared(conftest)


def test_the_examples_of_the_documentation_are_read(tmp_path: Path) -> None:
    page = (Path(__file__).parents[4] / "docs" / "testing.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    read = [cases_of(tmp_path, block, f"{i}.yml") for i, block in enumerate(blocks)]
    assert [len(cases) for cases in read] == [2, 1]
    assert all(step.burst for step in read[1][0].steps)
