"""Which steps of the flows the tests went through, and the lines of those that they did not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.conversation_tests.runner import CaseResult
from bot.dialogue.flows import Flows, Step
from bot.dialogue.tracker import Event

OWN_PATTERNS = "patterns.yml"
"""The file of the bot's own patterns; a shop's flows stand in flows/."""

_ENTERING = ("flow_started", "flow_step", "flow_step_back")


@dataclass(frozen=True)
class FileCoverage:
    """The steps of one file. `missing`: first and last line of neighbours that no test entered."""

    file: str
    total: int
    covered: int
    missing: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Coverage:
    """The shop's files, and the bot's own patterns, which no shop need test."""

    files: tuple[FileCoverage, ...]
    own: FileCoverage | None

    @property
    def share(self) -> float:
        """The share in [0, 1] of the shop's steps that were entered; 1 where there are none."""
        total = sum(f.total for f in self.files)
        return sum(f.covered for f in self.files) / total if total else 1.0


def entered(results: Iterable[CaseResult]) -> frozenset[tuple[str, str]]:
    """The steps that the cases entered, as flow and step."""
    events = (e for result in results for turn in result.turns for e in turn.events)
    return frozenset(_step_of(event) for event in events if event["event"] in _ENTERING)


def _step_of(event: Event) -> tuple[str, str]:
    return str(event["flow_id"]), str(event["step_id"])


def measure(flows: Flows, steps_entered: frozenset[tuple[str, str]]) -> Coverage:
    """Compare the steps that were entered with all that the flows have.

    Steps without a place in a file (those made by the bot) don't count.
    """
    by_file: dict[str, list[tuple[Step, bool]]] = {}
    for flow in flows.by_id.values():
        for step in flow.steps.values():
            if step.place.line:
                was_entered = (flow.id, step.id) in steps_entered
                by_file.setdefault(step.place.file, []).append((step, was_entered))
    files = [_file(name, steps) for name, steps in sorted(by_file.items())]
    own = next((f for f in files if f.file == OWN_PATTERNS), None)
    return Coverage(tuple(f for f in files if f is not own), own)


def _file(name: str, steps: Sequence[tuple[Step, bool]]) -> FileCoverage:
    in_order = sorted((step.place.line, was_entered) for step, was_entered in steps)
    ranges: list[tuple[int, int]] = []
    last_entered = True
    for line, was_entered in in_order:
        if not was_entered:
            first = line if last_entered else ranges.pop()[0]
            ranges.append((first, line))
        last_entered = was_entered
    covered = sum(was_entered for _, was_entered in in_order)
    return FileCoverage(name, len(in_order), covered, tuple(ranges))
