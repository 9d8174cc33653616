"""What a person and a build server are told: failures, coverage, JUnit."""

from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console
from scripted_bot import ScriptedBot, action, bot, case_of, cases_of, flow, slot, started

from bot.conversation_tests.coverage import Coverage, FileCoverage, entered, measure
from bot.conversation_tests.junit import write_junit
from bot.conversation_tests.report import coverage_table, failure, message, tally
from bot.conversation_tests.runner import CaseResult, run_case, run_cases
from bot.dialogue.flows import Flow, Flows, Place, Step

SCRIPT = {
    "hello": [bot("Hi.", "utter_greet")],
    "where is it": [
        started("track", "ask"),
        slot("order_number", 4417),
        action("action_look_up"),
        bot("Order 4417 has been **sent**.", "utter_sent"),
        bot("Anything else?", "", ("Yes", "/affirm"), ("No", "/deny")),
    ],
}


async def _failed(folder: Path, expectation: str) -> CaseResult:
    case = case_of(
        folder, f"- user: hello\n- utter: utter_greet\n- user: where is it\n{expectation}"
    )
    result = await run_case(case, ScriptedBot(SCRIPT).copy)
    assert not result.passed
    return result


async def test_a_failure_reads_as_the_conversation_with_its_failing_turn_marked(
    tmp_path: Path,
) -> None:
    result = await _failed(tmp_path, "- utter: utter_ask_email")
    lines = failure(result).plain.splitlines()
    assert lines == [
        f"FAILED {tmp_path / 'chat.yml'}:3 it",
        "     5  user  hello",
        "        bot   [utter_greet] Hi.",
        ">    7  user  where is it",
        "        bot   [utter_sent] Order 4417 has been **sent**.",
        "        bot   [own words] Anything else? (buttons: Yes | No)",
        "E    8  utter: utter_ask_email",
        "E       got   [utter_sent] Order 4417 has been **sent**.",
        "E             [own words] Anything else? (buttons: Yes | No)",
        "        events of this turn:",
        "          flow_started track ask",
        "          slot order_number = 4417",
        "          action action_look_up",
    ]
    assert message(result) == "line 8: missed utter: utter_ask_email"


async def test_a_wrong_text_is_shown_against_the_likest_reply(tmp_path: Path) -> None:
    result = await _failed(tmp_path, "- bot: Order 4417 has been lost.")
    told = failure(result)
    assert "E       - Order 4417 has been lost.\n" in told.plain
    assert "E       + Order 4417 has been **sent**.\n" in told.plain
    marked = [told.plain[s.start : s.end] for s in told.spans if "reverse" in str(s.style)]
    assert all(m not in "".join(marked) for m in ("Order", "4417", "has been"))
    assert marked


@pytest.mark.parametrize(
    ("expectation", "told"),
    [
        ('- slot_was_set: {order_number: "4417"}', "slot order_number = 4417 (a number and a text"),
        ("- slot_was_set: {order_number: 9}", "got   slot order_number = 4417"),
        ("- slot_was_set: email", "slot email was not set"),
        ("- slot_was_not_set: order_number", "got   slot order_number = 4417"),
        ("  assertions: [{flow_started: back}]", "got   track"),
        ("  assertions: [{flow_completed: {flow_id: track}}]", "got   nothing"),
        ("  assertions: [{action_executed: action_x}]", "got   action_look_up"),
        ("  assertions: [{pattern_clarification_contains: [a]}]", "got   nothing"),
        ("  assertions: [{bot_did_not_utter: {text_matches: else}}]", "got   [own words] Anything"),
        (
            "  assertions: [{bot_uttered: {text_matches: lost}}]",
            "bot_uttered: text like /lost/\nE       got   [utter_sent]",
        ),
        (
            "  assertion_order_enabled: true\n"
            "  assertions: [{action_executed: action_look_up}, {flow_started: track}]",
            "flow_started: track\nE       it happened, but before what stands above it",
        ),
    ],
)
async def test_what_was_got_is_told_for_each_kind(
    tmp_path: Path, expectation: str, told: str
) -> None:
    assert told in failure(await _failed(tmp_path, expectation)).plain


async def test_a_slot_of_an_earlier_turn_is_named(tmp_path: Path) -> None:
    case = case_of(tmp_path, "- user: where is it\n- user: hello\n- slot_was_set: order_number")
    told = failure(await run_case(case, ScriptedBot(SCRIPT).copy)).plain
    assert "slot order_number was not set in this turn; it is 4417 from an earlier one" in told


async def test_an_error_of_the_bot_shows_its_trace(tmp_path: Path) -> None:
    (result,) = await run_cases([case_of(tmp_path, "- user: x")], ScriptedBot({}).open)
    assert "KeyError: 'x'" in failure(result).plain
    assert message(result) == "KeyError: 'x'"


def _flow(id: str, file: str, *lines: int) -> Flow:
    steps = {f"s{n}": Step(f"s{n}", "noop", (), place=Place(file, n)) for n in lines}
    return Flow(id, id, "", (), {}, f"s{lines[0]}", steps, frozenset())


FLOWS = Flows(
    {
        "track": _flow("track", "flows/orders.yml", 3, 5, 8, 9),
        "back": _flow("back", "flows/orders.yml", 20, 24),
        "stop": _flow("stop", "patterns.yml", 4, 6),
        "made": Flow("made", "", "", (), {}, "x", {"x": Step("x", "noop", ())}, frozenset()),
    }
)


async def test_coverage_counts_the_steps_that_a_turn_entered(tmp_path: Path) -> None:
    script = {
        "a": [started("track", "s3"), flow("flow_step", "track", "s8"), flow("x", "track", "s5")],
        "b": [started("back", "s20"), flow("flow_step_back", "back", "s24")],
    }
    cases = cases_of(
        tmp_path,
        """
        test_cases:
          - {test_case: a, steps: [{user: a}]}
          - {test_case: b, steps: [{user: b}, {utter: utter_nothing}]}
        """,
    )
    results = await run_cases(cases, ScriptedBot(script).open)
    coverage = measure(FLOWS, entered(results))
    assert coverage == Coverage(
        (FileCoverage("flows/orders.yml", 6, 4, ((5, 5), (9, 9))),),
        FileCoverage("patterns.yml", 2, 0, ((4, 6),)),
    )
    assert coverage.share == 4 / 6


def test_neighbours_that_were_missed_are_one_range() -> None:
    coverage = measure(FLOWS, frozenset({("track", "s3"), ("back", "s24")}))
    assert coverage.files[0].missing == ((5, 20),)
    console = Console(width=100, file=StringIO())
    with console.capture() as shown:
        console.print(coverage_table(coverage))
    rows = [row.split() for row in shown.get().replace("│", " ").splitlines()]
    assert ["flows/orders.yml", "2/6", "33%", "5-20"] in rows
    assert ["the", "bot's", "own", "patterns.yml", "0/2", "0%", "4-6"] in rows


def test_a_shop_without_flows_is_covered() -> None:
    assert measure(Flows(), frozenset()).share == 1.0


async def test_junit_has_a_suite_for_each_file(tmp_path: Path) -> None:
    steps = "steps: [{user: hello}, {utter: utter_greet}]"
    good = cases_of(tmp_path, f"test_cases: [{{test_case: good, {steps}}}]", "a.yml")
    bad = cases_of(
        tmp_path,
        f"""
        test_cases:
          - {{test_case: "bell \\x07 & <tag>", steps: [{{user: hello}}, {{bot: Bye.}}]}}
          - {{test_case: broken, steps: [{{user: unheard}}]}}
          - {{test_case: not begun, {steps}}}
        """,
        "b.yml",
    )
    done = await run_cases([*good, *bad[:2]], ScriptedBot(SCRIPT).open)
    file = tmp_path / "out" / "junit.xml"
    write_junit(file, done, [*good, *bad])
    suites = ElementTree.parse(file).getroot().findall("testsuite")
    counts = [[s.get(k) for k in ("tests", "failures", "errors", "skipped")] for s in suites]
    assert counts == [["1", "0", "0", "0"], ["3", "1", "1", "1"]]
    assert suites[0].get("name") == str(tmp_path / "a.yml")
    failed, broken, skipped = suites[1].findall("testcase")
    assert failed.get("name") == "bell \ufffd & <tag>"
    found = failed.find("failure")
    assert found is not None
    assert "missed bot: Bye." in str(found.get("message"))
    assert "E    3  bot: Bye." in str(found.text)
    assert broken.find("error") is not None
    assert skipped.find("skipped") is not None


async def test_the_tally_counts_what_was_not_begun(tmp_path: Path) -> None:
    failed = await _failed(tmp_path, "- bot: Bye.")
    assert tally([failed], planned=3).plain == "conversations: 0 passed, 1 failed, 2 not begun"
