"""The test questions of a shop: those in its tests folder, and those that entries carry."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.dialogue.flows import Flows
from knowledge.entries import Entry
from knowledge.formats.questions import Question, load_questions


def shop_questions(shop_dir: Path) -> tuple[Question, ...]:
    """Read tests/questions.yml, where there is one.

    Raises:
        KnowledgeError: with every problem in the file.
    """
    path = shop_dir / "tests" / "questions.yml"
    return load_questions(path) if path.is_file() else ()


def entry_questions(entries: Iterable[Entry], flows: Flows) -> Iterator[Question]:
    """Yield the questions that entries carry: each must reach its own entry.

    Where a flow serves the entry's intent, starting that flow is right, too.
    """
    for entry in entries:
        acceptable = {entry.id}
        if entry.intent is not None and entry.intent in flows.by_intent:
            acceptable.add(entry.intent)
        for text in entry.tests:
            yield Question(text, entry.language, frozenset(acceptable), entry.source)
