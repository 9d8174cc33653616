"""What the bot could not answer, as leads work it off."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from bot.gaps.collect import collect
from bot.gaps.drafting import draft_entry
from bot.gaps.grouping import Gap, group
from bot.gaps.solved import ask_again
from bot.gaps.store import GapStore, GapView
from bot.live import Live
from bot.publishing.asking import answered_by
from bot.publishing.editing import Editing
from bot.publishing.examination import Examiner
from bot.publishing.values import User, require_lead
from bot.snapshot import Snapshot
from bot.storage.conversations import ConversationStore
from knowledge.editing.fields import EntryFields, default_file

DAYS = 60
"""How far back messages are looked at."""

UNSURE_MARGIN = 0.1
"""An answer whose probability is less than this above the threshold counts as unsure."""

_BACKGROUND = 5_000


class GapDesk:
    """Groups missed questions, turns groups into drafts, asks them again after a publish."""

    def __init__(
        self,
        conversations: ConversationStore,
        gaps: GapStore,
        live: Live[Snapshot],
        editing: Editing,
        examiner: Examiner,
        encode: Callable[[Sequence[str]], NDArray[np.float32]],
    ) -> None:
        self._conversations = conversations
        self._gaps = gaps
        self._live = live
        self._editing = editing
        self._examiner = examiner
        self._encode = encode

    def views(self, *, days: int = DAYS) -> tuple[GapView, ...]:
        """Return the groups of the last days, the largest first, and what was done about them."""
        answers = self._live.current.thresholds.answers
        missed = collect(
            self._conversations,
            since=datetime.now(UTC) - timedelta(days=days),
            unsure_below=max(answers.values(), default=1.0) + UNSURE_MARGIN,
        )
        asked = [q for e in self._live.current.content.entries for q in (e.question, *e.phrasings)]
        return self._gaps.views(group(missed, self._encode, background=asked[:_BACKGROUND]))

    def draft(self, user: User, gap_id: str) -> EntryFields:
        """Put a new entry for a group into the user's draft; its answer is still to be written.

        Raises:
            KeyError: there is no such group any more.
        """
        require_lead(user)
        gap = self._gap(gap_id)
        file = default_file(gap.language)
        fields = draft_entry(gap, taken_ids=self._editing.ids(user), file=file)
        self._editing.save(user, fields, base=None)
        self._gaps.drafted(gap, entry=fields.id, by=user.name)
        return fields

    def dismiss(self, user: User, gap_id: str) -> None:
        """Note that a group needs no entry."""
        require_lead(user)
        self._gaps.dismiss(self._gap(gap_id), by=user.name)

    def reopen(self, user: User, gap_id: str) -> None:
        """Undo a dismissal."""
        require_lead(user)
        self._gaps.restore(gap_id)

    def check_drafted(self, snapshot: Snapshot) -> None:
        """Ask the groups again whose entries are live now, and remember how they fared."""
        ids = {entry.id for entry in snapshot.content.entries}

        def decide(text: str, language: str) -> str | None:
            decision = self._examiner.decide(text, snapshot, language=language)[2]
            entry = answered_by(decision)
            return None if entry is None else entry.id

        for view in self._gaps.remembered():
            if view.status in ("drafted", "still open after publish") and view.entry in ids:
                self._gaps.asked_again(view.gap, solved=ask_again(view.gap, decide).solved)

    def _gap(self, gap_id: str) -> Gap:
        for view in (*self.views(), *self._gaps.remembered()):
            if view.gap.id == gap_id:
                return view.gap
        raise KeyError(gap_id)
