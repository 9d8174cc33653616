"""What people did about groups of missed questions; groups themselves are made anew each time."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import (
    Column,
    Engine,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from bot.gaps.grouping import Gap, question_key
from bot.storage.columns import UtcDateTime

Status = Literal["open", "drafted", "solved", "still open after publish", "dismissed"]

SAME_GROUP = 0.5
"""A new group is a remembered one where they share at least this much of the smaller one's
questions. Where it has split, the part with most of them is its heir, and the rest are new."""

metadata = MetaData()

_gaps = Table(
    "gaps",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("language", String(16), nullable=False),
    Column("status", String(40), nullable=False),
    Column("before", String(40), nullable=False),  # what undoing a dismissal brings back
    Column("entry", String(200), nullable=False, default=""),
    Column("by", String(160), nullable=False, default=""),
    Column("at", UtcDateTime, nullable=False),
    Column("gap", Text, nullable=False),  # the group as it was then, masked
)


@dataclass(frozen=True)
class GapView:
    """A group and what was done about it: the id of its draft's entry, by whom, and when.

    `newer` counts its messages beyond those that it had then.
    """

    gap: Gap
    status: Status = "open"
    entry: str = ""
    by: str = ""
    at: datetime | None = None
    newer: int = 0


class GapStore:
    """The state of groups on one database; an open group that nobody touched isn't there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    def views(self, gaps: Iterable[Gap]) -> tuple[GapView, ...]:
        """Return the groups with their state, each under the id that it is remembered by.

        A group that was solved and is missed again afterwards is still open.
        """
        known = self.remembered()
        by_question: dict[tuple[str, str], list[GapView]] = {}
        for view in known:
            for digest in _digests(view.gap):
                by_question.setdefault((view.gap.language, digest), []).append(view)
        ids = {view.gap.id for view in known}
        views: list[GapView] = []
        taken: set[str] = set()
        for gap in gaps:
            then = _remembered_as(gap, by_question, taken)
            if then is None:
                views.append(GapView(_under_new_id(gap) if gap.id in ids else gap))
                continue
            taken.add(then.gap.id)
            missed_again = then.status == "solved" and then.at is not None and gap.last_at > then.at
            views.append(
                replace(
                    then,
                    gap=replace(gap, id=then.gap.id),
                    status="still open after publish" if missed_again else then.status,
                    newer=max(0, gap.count - then.gap.count),
                )
            )
        return tuple(views)

    def remembered(self) -> tuple[GapView, ...]:
        """Return the groups that somebody did something about, as they were then; latest first."""
        rows = select(_gaps).order_by(_gaps.c.at.desc(), _gaps.c.id)
        with self._engine.connect() as db:
            return tuple(_view(row) for row in db.execute(rows).mappings())

    def drafted(self, gap: Gap, *, entry: str, by: str) -> None:
        """Remember that the group became a draft of this entry."""
        self._put(gap, status="drafted", before="drafted", entry=entry, by=by)

    def asked_again(self, gap: Gap, *, solved: bool) -> None:
        """Remember how the group fared after publishing; who drafted it stays."""
        status: Status = "solved" if solved else "still open after publish"
        self._put(gap, status=status, before=status)

    def dismiss(self, gap: Gap, *, by: str) -> None:
        """Remember that the group needs no entry."""
        self._put(gap, status="dismissed", by=by)

    def restore(self, gap_id: str) -> None:
        """Undo a dismissal: the group is what it was before; others stay as they are."""
        dismissed = (_gaps.c.id == gap_id) & (_gaps.c.status == "dismissed")
        with self._engine.begin() as db:
            db.execute(update(_gaps).where(dismissed).values(status=_gaps.c.before))

    def _put(self, gap: Gap, **values: str) -> None:
        stored = {"at": datetime.now(UTC), "gap": json.dumps(asdict(gap), default=str), **values}
        with self._engine.begin() as db:
            if not db.execute(update(_gaps).where(_gaps.c.id == gap.id).values(**stored)).rowcount:
                new = {"id": gap.id, "language": gap.language, "before": "open", **stored}
                db.execute(insert(_gaps).values(**new))


def _digests(gap: Gap) -> frozenset[str]:
    keys = (question_key(text) for text, _ in gap.questions)
    return frozenset(hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys)


def _remembered_as(
    gap: Gap, known: Mapping[tuple[str, str], Sequence[GapView]], taken: set[str]
) -> GapView | None:
    """The remembered group with most questions in common, if they are enough."""
    digests = _digests(gap)
    shared: dict[str, int] = {}
    views: dict[str, GapView] = {}
    for digest in digests:
        for view in known.get((gap.language, digest), ()):
            if view.gap.id not in taken:
                views[view.gap.id] = view
                shared[view.gap.id] = shared.get(view.gap.id, 0) + 1
    best = max(shared, key=lambda id: (shared[id], id == gap.id, id), default=None)
    if best is None:
        return None
    smaller = min(len(digests), len(_digests(views[best].gap)))
    return views[best] if shared[best] >= SAME_GROUP * smaller else None


def _under_new_id(gap: Gap) -> Gap:
    """The first question of a split group gave its id away to the larger part."""
    return replace(
        gap,
        id=hashlib.sha256(f"{gap.id}\0{gap.title}".encode("utf-8", "surrogatepass")).hexdigest()[
            :16
        ],
    )


def _view(row: RowMapping) -> GapView:
    return GapView(_gap(json.loads(row["gap"])), row["status"], row["entry"], row["by"], row["at"])


def _gap(stored: Mapping[str, Any]) -> Gap:
    pairs = {
        name: tuple((str(text), int(count)) for text, count in stored[name])
        for name in ("questions", "reasons", "entries")
    }
    times = {name: datetime.fromisoformat(stored[name]) for name in ("first_at", "last_at")}
    return Gap(**{**stored, **pairs, **times})
