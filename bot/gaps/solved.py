"""Whether the questions of a group are answered now."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.gaps.grouping import Gap
from bot.privacy import without_labels

ENOUGH = 0.8
"""The share of the group's messages that must reach an answer. Not all of them: a group holds a
few questions that belong elsewhere (one pair in ten, see grouping), and these stay open."""


@dataclass(frozen=True)
class Solved:
    """How many messages a group stands for, and how many of them reach an answer now."""

    asked: int
    answered: int
    unanswered: tuple[str, ...] = ()

    @property
    def solved(self) -> bool:
        """Whether enough are answered."""
        return self.answered >= ENOUGH * self.asked


def ask_again(gap: Gap, decide: Callable[[str, str], str | None]) -> Solved:
    """Ask every question of the group; each counts as often as it was asked.

    Args:
        gap: The group; its questions are asked without what is masked.
        decide: Text and language to the id of the entry that the bot answers with, or None.
    """
    open_questions = {
        text: count
        for text, count in gap.questions
        if decide(without_labels(text), gap.language) is None
    }
    asked = sum(count for _, count in gap.questions)
    return Solved(asked, asked - sum(open_questions.values()), tuple(open_questions))
