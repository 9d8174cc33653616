"""Ask the bot a list of questions and count what it got right, wrong, or asked back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import uuid4

from bot.dialogue.flows import Flows
from bot.messages import Turn, UserMessage
from bot.progress import ProgressCallback, silent
from knowledge.formats.questions import Question


class Bot(Protocol):
    """Anything that takes a turn."""

    async def handle(self, message: UserMessage) -> Turn:
        """Answer one message."""
        ...


class Outcome(StrEnum):
    """RIGHT: an acceptable topic. WRONG: another one. ASKED: asks back or offers a person."""

    RIGHT = "right"
    WRONG = "wrong"
    ASKED = "asked"


@dataclass(frozen=True)
class Graded:
    """One question, what the bot made of it, and how that counts."""

    question: Question
    outcome: Outcome
    topics: frozenset[str]
    decision: str


@dataclass(frozen=True)
class Tally:
    """Counts for a set of questions."""

    right: int
    wrong: int
    asked: int

    @property
    def total(self) -> int:
        """All questions."""
        return self.right + self.wrong + self.asked

    def share(self, outcome: Outcome) -> float:
        """The share in [0, 1] of one outcome; 0 without questions."""
        counts = {Outcome.RIGHT: self.right, Outcome.WRONG: self.wrong, Outcome.ASKED: self.asked}
        return counts[outcome] / self.total if self.total else 0.0


def tally(graded: Sequence[Graded]) -> Tally:
    """Count outcomes."""
    found = [g.outcome for g in graded]
    return Tally(*(found.count(o) for o in (Outcome.RIGHT, Outcome.WRONG, Outcome.ASKED)))


async def evaluate(
    assistant: Bot,
    questions: Sequence[Question],
    *,
    flows: Flows,
    entry_intents: Mapping[str, str],
    progress: ProgressCallback = silent,
) -> tuple[Graded, ...]:
    """Ask each question in a new anonymous conversation.

    Args:
        assistant: the bot.
        questions: what to ask; a question without acceptable topics must not be answered.
        flows: the shop's flows, to know which intents a flow stands for.
        entry_intents: the intent of each knowledge entry, by its id.
        progress: called after each question.
    """
    graded = []
    for done, question in enumerate(questions, 1):
        turn = await assistant.handle(
            UserMessage(
                f"test-{uuid4().hex}", question.question, language=question.language, channel="test"
            )
        )
        graded.append(grade_turn(question, turn, flows, entry_intents))
        progress("asking", done, len(questions))
    return tuple(graded)


def grade_turn(
    question: Question, turn: Turn, flows: Flows, entry_intents: Mapping[str, str]
) -> Graded:
    """Grade by the flow that a turn started and the entries that it cited."""
    cited = {c.id for c in turn.trace.sources}
    topics = {entry_intents[i] for i in cited if i in entry_intents} | cited
    flow = flows.by_id.get(turn.trace.flow or "")
    if flow is not None:
        topics |= set(flow.intents)
    harmless = not cited and flow is not None and flow.harmless
    return grade(question, frozenset(topics), harmless=harmless, decision=turn.trace.decision)


def grade(
    question: Question, topics: frozenset[str], *, harmless: bool, decision: str
) -> Graded:
    """Compare what the bot did with what is acceptable.

    Args:
        question: what was asked.
        topics: the intents of the flow that the bot started, and the entries that it cited with
            their intents.
        harmless: small talk or a handover, which answer nothing: asking back where they were not
            wanted.
        decision: the bot's reason.
    """
    if topics & question.acceptable:
        outcome = Outcome.RIGHT
    elif not topics or harmless:
        outcome = Outcome.ASKED if question.acceptable else Outcome.RIGHT
    else:
        outcome = Outcome.WRONG
    return Graded(question, outcome, topics, decision)
