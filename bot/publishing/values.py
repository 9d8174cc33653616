"""What the workbench shows and takes: plain values for the studio and the command."""

from dataclasses import dataclass
from typing import Literal

from bot.evaluation import Graded
from knowledge.editing.fields import EntryFields
from knowledge.entries import Problem
from knowledge.versions.changes import Changes

Key = tuple[str, str]
"""An entry's id and language."""

Lost = frozenset[tuple[str, str]]
"""Test questions with their languages."""


@dataclass(frozen=True)
class User:
    """Somebody who is signed in to the studio; viewers see everything and change nothing."""

    name: str
    role: Literal["lead", "viewer"]


@dataclass(frozen=True)
class EntrySearch:
    """What to list: words in question, phrasings, answer or id; empty fields allow anything.

    `state`: "changed" is in the user's draft, "scheduled" not shown yet, "expired" no longer.
    """

    text: str = ""
    language: str = ""
    kind: str = ""
    tag: str = ""
    file: str = ""
    state: Literal["", "changed", "scheduled", "expired"] = ""
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True)
class EntryRow:
    """One line of the list."""

    key: Key
    question: str
    answer_start: str
    kind: str
    intent: str
    tags: tuple[str, ...]
    file: str
    line: int
    state: Literal["", "new", "changed", "removed", "scheduled", "expired"]


@dataclass(frozen=True)
class EntryPage:
    """One page of the list; `total` counts all that were found."""

    rows: tuple[EntryRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class EntryView:
    """One entry for the form.

    `mine`: the user's draft of it (None: removed in the draft) where `changed`, else what is live.
    `live`: what shoppers get now (None: not live yet). `base`: what a change to it is based on:
    give it back when saving. `others`: users with an unpublished change to the same entry.
    """

    key: Key
    mine: EntryFields | None
    live: EntryFields | None
    base: EntryFields | None
    changed: bool
    others: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Somebody published another text since this change was begun; `theirs` None: removed it.

    For a whole file `key` is (path, "") and the texts are None.
    """

    key: Key
    base: EntryFields | None
    mine: EntryFields | None
    theirs: EntryFields | None


@dataclass(frozen=True)
class DraftChange:
    """One change in a draft, for lists."""

    key: Key
    kind: Literal["added", "changed", "removed", "file"]
    title: str


@dataclass(frozen=True)
class DraftView:
    """A user's unpublished changes, and the conflicts that must be settled first."""

    changes: tuple[DraftChange, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True)
class Check:
    """What is wrong with one entry as typed: errors keep it from being published."""

    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Those that are no mere warnings."""
        return tuple(p for p in self.problems if not p.warning)


@dataclass(frozen=True)
class Comparison:
    """Test questions before and after a change.

    `lost`: answered rightly before, not after. `gained`: the other way round. `wrong`: answered
    wrongly after it. `missed`: new questions that aren't answered rightly.
    """

    total: int
    right_before: int
    right_after: int
    gained: tuple[Graded, ...]
    lost: tuple[Graded, ...]
    wrong: tuple[Graded, ...]
    missed: tuple[Graded, ...]


@dataclass(frozen=True)
class Rehearsal:
    """What publishing would do. `comparison` is None where errors or conflicts stop it before."""

    changes: Changes
    problems: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]
    comparison: Comparison | None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Problems that keep it from being published."""
        return tuple(p for p in self.problems if not p.warning)

    @property
    def publishable(self) -> bool:
        """Whether it may go live, if need be with a deliberate yes to `losses`."""
        return self.comparison is not None

    @property
    def losses(self) -> tuple[Graded, ...]:
        """The test questions that would be lost."""
        return self.comparison.lost if self.comparison else ()

    @property
    def lost(self) -> Lost:
        """What a yes to these losses accepts."""
        return frozenset((g.question.question, g.question.language) for g in self.losses)


@dataclass(frozen=True)
class AskedHit:
    """One entry that was found: `score` raw, `probability` calibrated."""

    key: Key
    question: str
    matched: str
    score: float
    probability: float
    dense: float
    lexical: float
    file: str
    line: int


@dataclass(frozen=True)
class Asked:
    """A question put to the bot: what it found, what it would say, and why.

    `outcome`: it answers, starts a flow (`flow`), or asks back / offers a person. `reason` is the
    decision's. `threshold`: the probability from which the best hit alone is an answer.
    """

    question: str
    language: str
    intent: str
    intent_probability: float
    out_of_scope: bool
    hits: tuple[AskedHit, ...]
    threshold: float
    outcome: Literal["answers", "starts a flow", "asks back"]
    reason: str
    answer: str
    answered_by: Key | None
    flow: str


@dataclass(frozen=True)
class DiskState:
    """How the files on disk stand to what is live.

    "same"; "changed": on their way; "problems": broken, the old version stays live; "losses":
    they would lose test questions and wait for a deliberate yes; "off": no versions are kept
    here, `note` says why.
    """

    status: Literal["same", "changed", "problems", "losses", "off"]
    rehearsal: Rehearsal | None = None
    note: str = ""


@dataclass(frozen=True)
class ProductRow:
    """One product of the table."""

    id: str
    title: str
    price: str
    sale_price: str
    availability: str
    product_type: str
    brand: str
    file: str
    line: int


@dataclass(frozen=True)
class ProductPage:
    """One page of products."""

    rows: tuple[ProductRow, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class FeedReport:
    """An uploaded product feed, row by row; nothing is kept before `use_feed`.

    `rows`: products that could be read. `problems` name file:line:column. `changes`: in words,
    against what is live.
    """

    file: str
    rows: int
    problems: tuple[Problem, ...]
    changes: tuple[str, ...]


class NotAllowed(Exception):
    """A viewer tried to change something."""


def require_lead(user: User) -> None:
    """Let leads pass.

    Raises:
        NotAllowed: the user only looks on.
    """
    if user.role != "lead":
        raise NotAllowed(f"{user.name} may look, not change; ask for the role lead")


class CannotPublish(Exception):
    """Errors, conflicts or unaccepted losses; `rehearsal` tells which."""

    def __init__(self, message: str, rehearsal: Rehearsal) -> None:
        super().__init__(message)
        self.rehearsal = rehearsal


class NothingChanged(CannotPublish):
    """These files are live already."""
