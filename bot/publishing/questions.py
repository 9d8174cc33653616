"""The test questions of a shop: those in its tests folder, and those that entries carry."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bot.dialogue.flows import Flows
from bot.intent_models.comparison import IntentTest, intent_tests
from knowledge.entries import Entry, KnowledgeError, Problem
from knowledge.formats.questions import Question, load_questions
from nlu.rasa_format import read_training_data

FILE = "tests/questions.yml"
INTENTS = "tests/intents"


def shop_questions(shop_dir: Path) -> tuple[Question, ...]:
    """Read tests/questions.yml, where there is one.

    Raises:
        KnowledgeError: with every problem in the file.
    """
    path = shop_dir / FILE
    if not path.is_file():
        return ()
    try:
        found = load_questions(path)
    except KnowledgeError as error:
        raise KnowledgeError(tuple(replace(p, file=FILE) for p in error.problems)) from error
    return tuple(replace(q, source=replace(q.source, file=FILE)) for q in found)


def shop_intent_tests(shop_dir: Path, entries: Iterable[Entry]) -> tuple[IntentTest, ...]:
    """Return what tells whether intents are understood: all test questions, and tests/intents.

    Raises:
        KnowledgeError: with every problem in tests/questions.yml.
        TrainingDataError: with every problem in tests/intents.
    """
    folder = shop_dir / INTENTS
    examples = read_training_data(folder).examples if folder.is_dir() else ()
    placed = [replace(e, file=f"{INTENTS}/{e.file}") for e in examples]
    return intent_tests(shop_questions(shop_dir), entries, placed)


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


def without_target(
    questions: Iterable[Question], entries: Sequence[Entry], flows: Flows
) -> Iterator[Problem]:
    """Yield a warning for each question that nothing in this version can answer rightly."""
    known = {e.id for e in entries} | {e.intent for e in entries if e.intent} | set(flows.by_intent)
    for question in questions:
        if question.acceptable and known.isdisjoint(question.acceptable):
            wanted = ", ".join(sorted(question.acceptable))
            near = difflib.get_close_matches(wanted, known, n=1)
            remedy = f"did you mean '{near[0]}'?" if near else "name one that there is"
            what = f"there is no entry or topic '{wanted}' for this test question; {remedy}"
            yield Problem(question.source.file, question.source.line, 1, what, warning=True)
