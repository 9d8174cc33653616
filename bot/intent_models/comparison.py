"""Two intent models on the same test questions: is the later one worse?"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.intent_models.model import IntentModel
from knowledge.entries import Entry
from knowledge.formats.questions import Question
from nlu.language import normalise
from nlu.metrics import sign_test
from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example
from nlu.understanding import Understanding

FEWEST = 20
"""With fewer questions no model is refused: they speak for too few of a shop's intents."""

CHANCE = 0.1
"""A model is refused where chance alone would give losses like these less often than this."""

_BATCH = 32


@dataclass(frozen=True)
class IntentTest:
    """A text that no model should be trained on; empty `acceptable`: it is out of scope."""

    text: str
    acceptable: frozenset[str]
    place: str


@dataclass(frozen=True)
class Loss:
    """A test that the live model had right; `said` is the new one's intent."""

    test: IntentTest
    said: str


@dataclass(frozen=True)
class Verdict:
    """How a model did beside the live one. `right_live` is None where there was none to ask.

    `one_sided` are intents that only one of both knows, and `trained_on` counts the questions
    that one of both was trained on: neither is compared.
    """

    asked: int
    right: int
    right_live: int | None = None
    losses: tuple[Loss, ...] = ()
    gains: int = 0
    one_sided: tuple[str, ...] = ()
    trained_on: int = 0

    @property
    def chance(self) -> float:
        """The probability of so many losses among the changes if both were equally good."""
        return sign_test(len(self.losses), self.gains)

    @property
    def worse(self) -> bool:
        """Whether it loses more than chance explains, on enough questions."""
        return self.asked >= FEWEST and self.chance < CHANCE

    def __str__(self) -> str:
        """Say it in a sentence."""
        told = f"{self.right} of {self.asked} test questions are understood rightly"
        if self.right_live is None:
            return told
        told += f", by the live model {self.right_live}: {len(self.losses)} newly wrong, "
        told += f"{self.gains} newly right"
        if self.asked < FEWEST:
            return f"{told}; too few questions to refuse it ({FEWEST} are needed)"
        return told + (f"; by chance alone 1 in {1 / self.chance:.0f}" if self.worse else "")


def text_digest(text: str) -> str:
    """Return what tells a text from others, whatever its capitals and spaces."""
    return hashlib.sha256(normalise(text).casefold().encode()).hexdigest()[:12]


def intent_tests(
    questions: Iterable[Question], entries: Iterable[Entry], examples: Iterable[Example] = ()
) -> tuple[IntentTest, ...]:
    """Return what tells whether a shop's intents are understood.

    Args:
        questions: tests/questions.yml; one that names an entry wants the entry's intent.
        entries: the knowledge; their own test questions want their intent.
        examples: tests/intents, in the format of the training data.
    """
    entries = tuple(entries)
    return tuple(
        {
            test.text: test
            for test in (
                *_of_entries(entries),
                *_of_questions(questions, {e.id: e.intent for e in entries}),
                *(IntentTest(e.text, _inside({e.intent}), f"{e.file}:{e.line}") for e in examples),
            )
        }.values()
    )


def _of_entries(entries: Iterable[Entry]) -> Iterator[IntentTest]:
    for entry in entries:
        if entry.intent:
            place = f"{entry.source.file}:{entry.source.line}"
            for text in entry.tests:
                yield IntentTest(text, _inside({entry.intent}), place)


def _of_questions(
    questions: Iterable[Question], intents: dict[str, str | None]
) -> Iterator[IntentTest]:
    for question in questions:
        wanted = {intents.get(name, name) for name in question.acceptable}
        if wanted == {None}:
            continue  # its entry has no intent: what the model should say of it is not known
        named = _inside({name for name in wanted if name})
        place = f"{question.source.file}:{question.source.line}"
        yield IntentTest(question.question, named, place)


def _inside(intents: set[str]) -> frozenset[str]:
    return frozenset(intents - {OUT_OF_SCOPE})


def compare(
    live: IntentModel | None,
    candidate: IntentModel,
    tests: Sequence[IntentTest],
    *,
    trained_on: frozenset[str] = frozenset(),
) -> Verdict:
    """Ask both the same questions, those that both could have right.

    Args:
        live: the model in use; None where there is none.
        candidate: the one that may follow it.
        tests: the questions.
        trained_on: digests of the texts that one of both was trained on.
    """
    unseen = [t for t in tests if text_digest(t.text) not in trained_on]
    both = set(candidate.intents) & set(live.intents if live else candidate.intents)
    fair = [t for t in unseen if not t.acceptable or t.acceptable & both]
    heard = _ask(candidate, fair)
    right = [is_right(t, u) for t, u in zip(fair, heard, strict=True)]
    seen = len(tests) - len(unseen)
    if live is None:
        return Verdict(len(fair), sum(right), trained_on=seen)
    before = [is_right(t, u) for t, u in zip(fair, _ask(live, fair), strict=True)]
    rows = list(zip(fair, heard, before, right, strict=True))
    return Verdict(
        asked=len(fair),
        right=sum(right),
        right_live=sum(before),
        losses=tuple(Loss(t, _said(u)) for t, u, was, now in rows if was and not now),
        gains=sum(now and not was for _, _, was, now in rows),
        one_sided=tuple(sorted(set(candidate.intents) ^ set(live.intents))),
        trained_on=seen,
    )


def is_right(test: IntentTest, understanding: Understanding) -> bool:
    """Whether a text was understood rightly; a rejected one is right only if it is outside."""
    said = _said(understanding)
    return said in test.acceptable if test.acceptable else said == OUT_OF_SCOPE


def _said(understanding: Understanding) -> str:
    return OUT_OF_SCOPE if understanding.out_of_scope else understanding.top.name


def _ask(model: IntentModel, tests: Sequence[IntentTest]) -> list[Understanding]:
    heard: list[Understanding] = []
    for start in range(0, len(tests), _BATCH):
        heard += model.understand([t.text for t in tests[start : start + _BATCH]])
    return heard
