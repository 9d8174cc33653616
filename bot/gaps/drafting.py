"""A group of missed questions into a new entry that only lacks its answer."""

from collections.abc import Container, Iterable

from bot.gaps.grouping import Gap, question_key
from bot.privacy import without_labels
from knowledge.editing.fields import EntryFields, suggest_id

MOST_EACH = 8
"""Phrasings and tests taken over: more of the same teach and prove little."""

_LONGEST = 200  # a whole story told is no phrasing; the demo's longest question has 160 characters


def draft_entry(gap: Gap, *, taken_ids: Container[str], file: str) -> EntryFields:
    """Return an entry that asks what the group asks; its answer is left to the lead.

    The title is the question. Of the others every second one, from the most frequent, becomes a
    phrasing and the rest test questions: asking a phrasing again would prove nothing. A single
    other question is a test.
    """
    question = without_labels(gap.title)
    others = _distinct(
        (without_labels(text) for text, _ in gap.questions), without=question_key(question)
    )
    phrasings, tests = (others[::2], others[1::2]) if len(others) > 1 else ((), others)
    return EntryFields(
        id=suggest_id(question, taken_ids),
        language=gap.language,
        question=question,
        answer="",
        phrasings=phrasings[:MOST_EACH],
        tests=tests[:MOST_EACH],
        file=file,
    )


def _distinct(texts: Iterable[str], *, without: str) -> tuple[str, ...]:
    found = {without: ""}
    for text in texts:
        if len(text) <= _LONGEST:
            found.setdefault(question_key(text), text)
    return tuple(text for text in found.values() if text)
