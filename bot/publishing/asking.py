"""A question put to the bot by a lead: what it finds, what it would say, and why."""

from typing import Literal

from bot.dialogue.commands import Answer, Decision, StartFlow
from bot.publishing.examination import Examiner
from bot.publishing.values import Asked, AskedHit
from bot.snapshot import Snapshot
from knowledge.entries import Entry, Hit
from knowledge.formats.links import resolve_links

_HITS = 8

Outcome = Literal["answers", "starts a flow", "asks back"]


def ask(question: str, snapshot: Snapshot, examiner: Examiner, *, language: str = "") -> Asked:
    """Ask one version of the knowledge, as the first message of a conversation."""
    understanding, _, decision = examiner.decide(question, snapshot, language=language)
    spoken = understanding.language
    hits = snapshot.index.search(
        question, language=spoken, prior=understanding.prior, limit=_HITS
    )
    entry = answered_by(decision)
    flow = next((c.flow for c in decision.commands if isinstance(c, StartFlow)), "")
    outcome: Outcome = "answers" if entry else "starts a flow" if flow else "asks back"
    return Asked(
        question=question,
        language=spoken,
        intent=understanding.top.name,
        intent_probability=understanding.top.probability,
        out_of_scope=understanding.out_of_scope,
        hits=tuple(map(_hit, hits)),
        threshold=snapshot.thresholds.answer(spoken),
        outcome=outcome,
        reason=decision.reason,
        answer=resolve_links(entry.answer, snapshot.links) if entry else "",
        answered_by=entry.key if entry else None,
        flow=flow,
    )


def answered_by(decision: Decision) -> Entry | None:
    """Return the entry that a decision answers with."""
    return next((c.hit.entry for c in decision.commands if isinstance(c, Answer)), None)


def _hit(hit: Hit) -> AskedHit:
    entry = hit.entry
    return AskedHit(
        entry.key,
        entry.question,
        hit.matched,
        hit.score,
        hit.probability,
        hit.dense,
        hit.lexical,
        entry.source.file,
        entry.source.line,
    )
