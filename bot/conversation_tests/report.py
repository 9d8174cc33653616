"""What the terminal shows: each failure as a conversation with its diff, then the figures."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from rich.table import Table
from rich.text import Text

from bot.conversation_tests.coverage import Coverage, FileCoverage
from bot.conversation_tests.format import BotUttered
from bot.conversation_tests.judging import Missed
from bot.conversation_tests.runner import CaseResult, Played
from bot.conversation_tests.wording import got, reply, told, written

_MARGIN = 8
_EVENTS_SHOWN = 40


def failure(result: CaseResult) -> Text:
    """Tell a failed case: the conversation, the turn that went wrong marked, expected and got."""
    case = result.case
    text = Text()
    text.append(f"FAILED {case.spot.path}:{case.spot.line} {case.name}\n", style="bold red")
    for name, value in case.slots.items():
        text.append(f"{'':<{_MARGIN}}slot {name} = {value!r} from the start\n", style="dim")
    before: list[Played] = []
    for turn in result.turns:
        wrong = bool(result.missed) and turn is result.turns[-1]
        _append_turn(text, turn, wrong=wrong)
        if wrong:
            for miss in result.missed:
                _append_missed(text, miss, turn, before)
            _append_events(text, turn)
        before.append(turn)
    if result.error:
        text.append(result.error, style="red")
    return text


def message(result: CaseResult) -> str:
    """The failure in one line."""
    if result.error:
        return result.error.strip().splitlines()[-1]
    first = result.missed[0].expectation
    return f"line {first.spot.line}: missed {written(first)}"


def tally(results: Sequence[CaseResult], planned: int) -> Text:
    """How many passed, failed and were not begun."""
    failed = sum(not r.passed for r in results)
    text = Text(f"conversations: {len(results) - failed} passed")
    if failed:
        text.append(f", {failed} failed", style="bold red")
    if len(results) < planned:
        text.append(f", {planned - len(results)} not begun")
    return text


def coverage_table(coverage: Coverage) -> Table:
    """The steps of each file that the tests entered, and the lines of those that they didn't."""
    table = Table("flows", "steps", "covered", "missing lines")
    for file in coverage.files:
        table.add_row(*_row(file))
    total, covered = (sum(getattr(f, k) for f in coverage.files) for k in ("total", "covered"))
    table.add_section()
    table.add_row("the shop", f"{covered}/{total}", f"{coverage.share:.0%}", "", style="bold")
    if coverage.own is not None:
        name, *rest = _row(coverage.own)
        table.add_row(f"the bot's own {name}", *rest, style="dim")
    return table


def _row(file: FileCoverage) -> tuple[str, str, str, str]:
    share = file.covered / file.total
    lines = ", ".join(f"{a}-{b}" if b > a else str(a) for a, b in file.missing)
    return file.file, f"{file.covered}/{file.total}", f"{share:.0%}", lines


def _append_turn(text: Text, turn: Played, *, wrong: bool) -> None:
    for step in turn.steps:
        mark = ">" if wrong else " "
        text.append(f"{mark} {step.spot.line:>4}  ", style="bold red" if wrong else "dim")
        text.append(f"user  {step.text}\n", style="bold")
    for event in turn.events:
        if event["event"] == "bot":
            text.append(f"{'':<{_MARGIN}}bot   {_indented(reply(event))}\n")


def _append_missed(text: Text, miss: Missed, turn: Played, before: Sequence[Played]) -> None:
    expectation = miss.expectation
    text.append(f"E {expectation.spot.line:>4}  ", style="bold red")
    text.append(f"{_indented(written(expectation))}\n", style="red")
    if miss.out_of_order:
        _append_line(text, "it happened, but before what stands above it")
        return
    check = expectation.check
    replies = [str(e.get("text") or "") for e in turn.events if e["event"] == "bot"]
    if isinstance(check, BotUttered) and check.reply.text is not None and replies:
        _append_diff(text, check.reply.text, replies)
        return
    earlier = [event for played in before for event in played.events]
    for i, line in enumerate(got(check, turn.events, earlier)):
        _append_line(text, f"{'got' if i == 0 else '   '}   {_indented(line)}")


def _append_diff(text: Text, wanted: str, replies: Sequence[str]) -> None:
    """The wanted text over the reply that is most like it, what differs marked."""
    matches = [SequenceMatcher(None, wanted, r, autojunk=False) for r in replies]
    best = max(matches, key=lambda m: m.ratio())
    said = replies[matches.index(best)]
    old, new = Text(wanted), Text(said)
    for tag, a, b, c, d in best.get_opcodes():
        if tag != "equal":
            old.stylize("reverse", a, b)
            new.stylize("reverse", c, d)
    for sign, line, style in (("-", old, "green"), ("+", new, "red")):
        text.append(f"E{'':<{_MARGIN - 1}}{sign} ", style="bold red")
        line.stylize(style)
        text.append_text(Text(f"\nE{'':<{_MARGIN + 1}}").join(line.split("\n")))
        text.append("\n")


def _append_events(text: Text, turn: Played) -> None:
    lines = [line for line in map(told, turn.events) if line]
    text.append(f"{'':<{_MARGIN}}events of this turn:\n", style="dim")
    for line in lines[:_EVENTS_SHOWN]:
        text.append(f"{'':<{_MARGIN + 2}}{line}\n", style="dim")
    if len(lines) > _EVENTS_SHOWN:
        text.append(f"{'':<{_MARGIN + 2}}and {len(lines) - _EVENTS_SHOWN} more\n", style="dim")


def _append_line(text: Text, line: str) -> None:
    text.append(f"E{'':<{_MARGIN - 1}}", style="bold red")
    text.append(f"{line}\n", style="red")


def _indented(lines: str) -> str:
    """Several lines, the later ones under the first."""
    return lines.strip().replace("\n", f"\n{'':<{_MARGIN + 6}}")
