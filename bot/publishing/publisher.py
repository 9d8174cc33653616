"""The one way to shoppers: check, build beside, ask the test questions, commit, swap."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

from bot.live import Live
from bot.progress import ProgressCallback, silent
from bot.publishing.applying import Applied, apply_draft
from bot.publishing.drafts import Draft
from bot.publishing.examination import Examiner
from bot.publishing.making import SnapshotMaker
from bot.publishing.questions import shop_questions
from bot.publishing.values import CannotPublish, DiskState, Rehearsal
from bot.publishing.wording import describe, lost_words, message_for, what_stops
from bot.snapshot import Snapshot
from knowledge.entries import Files, KnowledgeError, Problem
from knowledge.formats.folder import check_files, read_folder
from knowledge.formats.parsed import ParsedFiles
from knowledge.formats.questions import Question
from knowledge.review import review
from knowledge.versions.changes import Changes, compare
from knowledge.versions.store import HeadMoved, Version, VersionError, VersionStore

log = logging.getLogger("shopclerk")

ON_DISK = "files on disk"
"""The author of a version that was edited by hand."""


@dataclass(frozen=True)
class Candidate:
    """Files that may go live, with the snapshot made of them where they could."""

    files: Files
    rehearsal: Rehearsal
    snapshot: Snapshot | None


class Publisher:
    """Rehearses and publishes; at most one of both at a time in this process."""

    def __init__(
        self,
        shop_dir: Path,
        live: Live[Snapshot],
        versions: VersionStore | None,
        maker: SnapshotMaker,
        examiner: Examiner,
        parsed: ParsedFiles,
    ) -> None:
        """`versions` is None where none can be kept: then nothing can be published."""
        self._shop_dir = shop_dir
        self._live = live
        self._versions = versions
        self._maker = maker
        self._examiner = examiner
        self._parsed = parsed
        self._working = RLock()
        self._disk = DiskState("same" if versions else "off")
        self._listeners: list[Callable[[Snapshot], None]] = []

    @property
    def folder(self) -> Path:
        """The knowledge folder."""
        return self._shop_dir / "knowledge"

    @property
    def disk(self) -> DiskState:
        """How the files on disk stood when they were last looked at."""
        return self._disk

    def rehearse_draft(
        self, draft: Draft, *, progress: ProgressCallback = silent
    ) -> Candidate:
        """Try a draft out on what is live."""
        with self._working:
            live = self._live.current
            return self.rehearse(apply_draft(draft, live.files, live.entries), progress=progress)

    def rehearse(self, applied: Applied, *, progress: ProgressCallback = silent) -> Candidate:
        """Find out what publishing these files would do; nothing changes."""
        with self._working:
            live = self._live.current
            checked = check_files(applied.files, self._parsed)
            problems = [*applied.problems, *checked.problems]
            questions, wrong = self._questions()
            problems += wrong
            changes = compare(live.content, checked.content)
            stopped = applied.conflicts or any(not p.warning for p in problems)
            if stopped:
                return Candidate(
                    applied.files,
                    Rehearsal(changes, tuple(problems), applied.conflicts, None),
                    None,
                )
            snapshot = self._maker.following(
                live, applied.files, checked.content, questions, progress=progress
            )
            comparison = self._examiner.compare(live, snapshot, questions, progress=progress)
            return Candidate(
                applied.files, Rehearsal(changes, tuple(problems), (), comparison), snapshot
            )

    def review(self, candidate: Candidate) -> tuple[Problem, ...]:
        """Return warnings that take a look at everything: doubles, rivals, unreachable entries."""
        snapshot = candidate.snapshot or self._live.current
        return review(snapshot.index, self._questions()[0])

    def publish(
        self, candidate: Candidate, *, author: str, message: str, accept_losses: bool = False
    ) -> Version:
        """Commit what was rehearsed and let shoppers have it.

        Raises:
            CannotPublish: errors, conflicts, losses that were not accepted, or somebody else
                published since the rehearsal.
            VersionError: no versions are kept, or the files can't be written.
        """
        versions = self._versions
        if versions is None:
            raise VersionError(self._disk.note)
        with self._working, versions.lock():
            snapshot = candidate.snapshot
            if snapshot is None:
                raise CannotPublish(what_stops(candidate.rehearsal), candidate.rehearsal)
            if candidate.files == self._live.current.files:
                raise CannotPublish("nothing was changed", candidate.rehearsal)
            lost = candidate.rehearsal.losses
            if lost and not accept_losses:
                what = f"{lost_words(len(lost))}; publish it with a deliberate yes"
                raise CannotPublish(what, candidate.rehearsal)
            parent = snapshot.version.id if snapshot.version else None
            try:
                version = versions.commit(
                    candidate.files, author=author, message=message, parent=parent
                )
            except HeadMoved as error:
                self.follow_head()
                what = "somebody else published meanwhile; check again and publish"
                raise CannotPublish(what, candidate.rehearsal) from error
            except VersionError:
                self.follow_head()  # committed, and only the folder could not be written
                raise
            self._go_live(replace(snapshot, version=version))
            return version

    def follow_head(self) -> None:
        """Take over what another process published."""
        versions = self._versions
        if versions is None:
            return
        with self._working, versions.lock():
            head = versions.head()
            live = self._live.current
            if head is None or (live.version is not None and head.id == live.version.id):
                return
            files = versions.files(head.id)
            checked = check_files(files, self._parsed)
            if any(not p.warning for p in checked.problems):
                log.error("version %s has errors and stays out of use", head.id[:12])
                return
            snapshot = self._maker.following(live, files, checked.content, self._questions()[0])
            self._go_live(replace(snapshot, version=head))

    def take_disk(self, *, progress: ProgressCallback = silent) -> DiskState:
        """Publish what was changed by hand or by git, where that is safe.

        Broken files, and changes that would lose test questions, wait: what is live stays.
        """
        if self._versions is None:
            return self._disk
        with self._working, self._versions.lock():
            self.follow_head()
            try:
                files = read_folder(self.folder)
            except KnowledgeError as error:
                broken = Rehearsal(Changes((), ()), error.problems, (), None)
                return self._note(DiskState("problems", broken))
            if files == self._live.current.files:
                return self._note(DiskState("same"))
            candidate = self.rehearse(Applied(files, (), ()), progress=progress)
            if candidate.snapshot is None:
                return self._note(DiskState("problems", candidate.rehearsal))
            if candidate.rehearsal.losses:
                return self._note(DiskState("losses", candidate.rehearsal))
            message = message_for(candidate.rehearsal.changes)
            self.publish(candidate, author=ON_DISK, message=message)
            return self._note(DiskState("same"))

    def publish_disk(self, *, author: str, message: str, accept_losses: bool) -> Version:
        """Publish the files on disk with a person's yes.

        Raises:
            CannotPublish: as for `publish`, and where nothing was changed.
        """
        with self._working:
            candidate = self.rehearse_disk()
            version = self.publish(
                candidate,
                author=author,
                message=message or message_for(candidate.rehearsal.changes),
                accept_losses=accept_losses,
            )
            self._note(DiskState("same"))
            return version

    def rehearse_disk(self, *, progress: ProgressCallback = silent) -> Candidate:
        """Try out the files on disk.

        Raises:
            KnowledgeError: the folder or a file of it can't be read.
        """
        self.follow_head()
        return self.rehearse(Applied(read_folder(self.folder), (), ()), progress=progress)

    def on_publish(self, told: Callable[[Snapshot], None]) -> None:
        """Tell this callable of every snapshot that goes live."""
        self._listeners.append(told)

    def switch_off(self, why: str) -> None:
        """Say why no versions are kept."""
        self._disk = DiskState("off", note=why)

    def _go_live(self, snapshot: Snapshot) -> None:
        self._live.swap(snapshot)
        for told in self._listeners:
            told(snapshot)

    def _questions(self) -> tuple[Sequence[Question], Sequence[Problem]]:
        try:
            return shop_questions(self._shop_dir), ()
        except KnowledgeError as error:
            return (), tuple(replace(p, file=f"../tests/{p.file}") for p in error.problems)

    def _note(self, state: DiskState) -> DiskState:
        if state.status in ("problems", "losses") and state != self._disk:
            log.warning("%s", describe(state))
        self._disk = state
        return state


