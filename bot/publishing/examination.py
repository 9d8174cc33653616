"""Asks the test questions of two versions of the knowledge, and compares."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from threading import Lock
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from bot.dialogue.commands import Answer, Decision, StartFlow, StartPattern
from bot.dialogue.interpret import interpret, needs_search
from bot.dialogue.script import Script
from bot.dialogue.thresholds import NO_EVIDENCE
from bot.evaluation import Graded, Outcome, grade
from bot.intent_models.model import IntentModel
from bot.progress import ProgressCallback, silent
from bot.publishing.questions import entry_questions, without_target
from bot.publishing.values import Comparison
from bot.snapshot import Snapshot
from knowledge.entries import Entry, Problem
from knowledge.formats.questions import Question
from knowledge.index.search import Findings
from nlu.understanding import Understanding

MOST = 3_000
"""Questions asked before a publish; on two cores they take about ten seconds."""

_REMEMBERED = 20_000
_BATCH = 32

_Heard = tuple[Understanding, NDArray[np.float32]]


class Examiner:
    """Decides on questions as a turn does, without a conversation."""

    def __init__(
        self,
        encode: Callable[[list[str]], NDArray[np.float32]],
        script: Script,
    ) -> None:
        """`encode` is the sentence encoder, in batches."""
        self._encode = encode
        self._script = script
        self._flows = script.flows
        self._heard: WeakKeyDictionary[IntentModel, OrderedDict[str, _Heard]]
        self._heard = WeakKeyDictionary()
        self._lock = Lock()
        # An entry's days may pass: what was found yesterday is no measure today.
        self._graded: WeakKeyDictionary[Snapshot, dict[tuple[date, Question], Graded]]
        self._graded = WeakKeyDictionary()

    def decide(
        self, text: str, snapshot: Snapshot, *, language: str = ""
    ) -> tuple[Understanding, Findings, Decision]:
        """Return what the bot makes of a first message, on one version of the knowledge.

        `language` takes the place of the one that the words are in.
        """
        understanding, vector = self._hear([text], snapshot.intent_model)[0]
        if language:
            understanding = replace(understanding, language=language)
        evidence = NO_EVIDENCE
        if needs_search(understanding, self._flows, snapshot.thresholds):
            evidence = snapshot.index.consult(
                text,
                language=understanding.language,
                prior=understanding.prior,
                vector=vector,
            )
        decision = interpret(
            understanding,
            evidence,
            self._script.domain.start(),
            script=self._script,
            thresholds=snapshot.thresholds,
        )
        return understanding, evidence, decision

    def topics(self, decision: Decision) -> frozenset[str]:
        """Return what a decision speaks about: entries and intents; empty if it asks back."""
        found: set[str] = set()
        for command in decision.commands:
            match command:
                case Answer(hit):
                    found |= {hit.entry.id, *filter(None, [hit.entry.intent])}
                case StartFlow(flow) | StartPattern(flow):
                    found |= set(self._flows.by_id[flow].intents)
        return frozenset(found)

    def examine(
        self,
        snapshot: Snapshot,
        questions: Sequence[Question],
        *,
        progress: ProgressCallback = silent,
    ) -> tuple[Graded, ...]:
        """Ask each question; what was asked of this snapshot before is remembered."""
        known, today = self._graded.setdefault(snapshot, {}), snapshot.index.today()
        new = [q for q in questions if (today, q) not in known]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            # Together, since the model is quicker so.
            self._hear([q.question for q in batch], snapshot.intent_model)
            for question in batch:
                decision = self.decide(question.question, snapshot)[2]
                harmless = self._harmless(decision)
                known[today, question] = grade(
                    question, self.topics(decision), harmless=harmless, decision=decision.reason
                )
            progress("test questions", min(start + _BATCH, len(new)), len(new))
        return tuple(known[today, q] for q in questions)

    def carry_over(self, tried: Snapshot, published: Snapshot) -> None:
        """Remember of a published snapshot what was asked of it when it was tried."""
        self._graded[published] = self._graded.get(tried, {})

    def without_target(
        self, questions: Sequence[Question], entries: Sequence[Entry]
    ) -> tuple[Problem, ...]:
        """Return warnings of questions that name no entry and no topic that there is."""
        return tuple(without_target(questions, entries, self._flows))

    def compare(
        self,
        before: Snapshot,
        after: Snapshot,
        own: Sequence[Question],
        *,
        progress: ProgressCallback = silent,
    ) -> Comparison:
        """Ask the questions of the later version of both.

        Args:
            before: what is live.
            after: what may follow it.
            own: the questions in the shop's tests folder.
            progress: told of ("test questions", done, total).
        """
        live = {entry.version for entry in before.content.entries}
        edited_first = sorted(after.content.entries, key=lambda entry: entry.version in live)
        questions = (*own, *entry_questions(edited_first, self._flows))[:MOST]
        earlier = {(q.question, q.language) for q in own}
        earlier |= {(t, e.language) for e in before.content.entries for t in e.tests}
        pairs = list(
            zip(
                self.examine(before, questions, progress=progress),
                self.examine(after, questions, progress=progress),
                strict=True,
            )
        )
        right = Outcome.RIGHT
        new = [
            a for _, a in pairs if (a.question.question, a.question.language) not in earlier
        ]
        return Comparison(
            total=len(questions),
            right_before=sum(b.outcome is right for b, _ in pairs),
            right_after=sum(a.outcome is right for _, a in pairs),
            gained=tuple(a for b, a in pairs if b.outcome is not right and a.outcome is right),
            lost=tuple(a for b, a in pairs if b.outcome is right and a.outcome is not right),
            wrong=tuple(a for _, a in pairs if a.outcome is Outcome.WRONG),
            missed=tuple(a for a in new if a.outcome is not right),
        )

    def _harmless(self, decision: Decision) -> bool:
        started = [c.flow for c in decision.commands if isinstance(c, StartFlow)]
        started += [c.pattern for c in decision.commands if isinstance(c, StartPattern)]
        return bool(started) and all(self._flows.by_id[f].harmless for f in started)

    def _hear(self, texts: list[str], intent_model: IntentModel) -> list[_Heard]:
        """Understand and encode the texts; a model doesn't change: its results are remembered."""
        with self._lock:
            known = self._heard.setdefault(intent_model, OrderedDict())
            found = {t: known[t] for t in texts if t in known}
        new = [t for t in dict.fromkeys(texts) if t not in found]
        if new:
            heard = zip(intent_model.understand(new), self._encode(new), strict=True)
            found.update(zip(new, heard, strict=True))
        with self._lock:
            known.update(found)
            while len(known) > _REMEMBERED:
                known.popitem(last=False)
        return [found[t] for t in texts]
