"""The one way to shoppers: check, build beside, ask the test questions, commit, swap."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock

from bot.intent_models.model import IntentModel
from bot.live import Live
from bot.progress import ProgressCallback, silent
from bot.publishing.applying import Applied
from bot.publishing.examination import Examiner
from bot.publishing.making import SnapshotMaker
from bot.publishing.questions import shop_questions
from bot.publishing.values import CannotPublish, DiskState, Lost, NothingChanged, Rehearsal
from bot.publishing.wording import describe, losses_stop, message_for, what_stops
from bot.snapshot import Snapshot
from knowledge.entries import Files, KnowledgeError, Problem
from knowledge.formats.folder import check_files, read_folder
from knowledge.formats.parsed import ParsedFiles
from knowledge.formats.questions import Question
from knowledge.review import review
from knowledge.versions.changes import Changes, compare
from knowledge.versions.store import ChangedOnDisk, HeadMoved, Version, VersionError, VersionStore

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
        *,
        newer_intents: Callable[[str], IntentModel | None] = lambda _: None,
    ) -> None:
        """Take the parts.

        Args:
            shop_dir: the shop's folder.
            live: what shoppers get.
            versions: None where none can be kept: then nothing can be published.
            maker: makes the next snapshot.
            examiner: asks the test questions.
            parsed: remembers what files say.
            newer_intents: gives the intent model that went live in another process, by the name
                of the one in use; None where that is still the one.
        """
        self._shop_dir = shop_dir
        self._live = live
        self._versions = versions
        self._maker = maker
        self._examiner = examiner
        self._parsed = parsed
        self._newer_intents = newer_intents
        self._own: Sequence[Question] = shop_questions(shop_dir)
        self._unusable = ""  # a version of another process that can't go live
        self._working = RLock()  # always taken before the versions' own lock
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

    @property
    def behind(self) -> bool:
        """Whether `take_disk` has something to do that no changed file tells of."""
        head, live = self._versions.head() if self._versions else None, self._live.current.version
        moved = head is not None and head.id not in (live.id if live else "", self._unusable)
        return moved or self._disk.status == "changed"

    def rehearse(
        self, change: Callable[[Snapshot], Applied], *, progress: ProgressCallback = silent
    ) -> Candidate:
        """Find out what publishing a change would do; nothing changes.

        `change` gets what is live, which nobody in this process replaces meanwhile.
        """
        with self._working:
            live = self._live.current
            applied = change(live)
            checked = check_files(applied.files, self._parsed)
            questions, wrong = self._questions()
            problems = [*applied.problems, *checked.problems, *wrong]
            problems += self._examiner.without_target(questions, checked.content.entries)
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
        self, candidate: Candidate, *, author: str, message: str = "", accepted: Lost = frozenset()
    ) -> Version:
        """Commit what was rehearsed and let shoppers have it.

        Args:
            candidate: what was rehearsed.
            author: who publishes.
            message: why; made from the changes where it is empty.
            accepted: test questions that may be lost.

        Raises:
            CannotPublish: errors, conflicts, other losses than those accepted, or somebody else
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
            if snapshot.intent_model is not self._live.current.intent_model:
                what = "another intent model went live meanwhile; check again and publish"
                raise CannotPublish(what, candidate.rehearsal)
            if snapshot.version and candidate.files == self._live.current.files:
                raise NothingChanged("nothing was changed", candidate.rehearsal)
            if candidate.rehearsal.lost - accepted:
                what = losses_stop(candidate.rehearsal, accepted)
                raise CannotPublish(what, candidate.rehearsal)
            parent = snapshot.version.id if snapshot.version else None
            message = message or message_for(candidate.rehearsal.changes)
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
            published = replace(snapshot, version=version)
            self._examiner.carry_over(snapshot, published)
            self._go_live(published)
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
            if head.id == self._unusable:
                return
            files = versions.files(head.id)
            checked = check_files(files, self._parsed)
            if checked.errors:
                log.error("version %s has errors and stays out of use", head.id[:12])
                self._unusable = head.id
                return
            snapshot = self._maker.following(live, files, checked.content, self._questions()[0])
            self._go_live(replace(snapshot, version=head))

    def follow_intents(self) -> None:
        """Take the intent model into use that went live in another process.

        It goes live together with thresholds that are fitted with it; a turn that began keeps
        the model and the thresholds that it began with.
        """
        with self._working:
            live = self._live.current
            model = self._newer_intents(live.intent_model.name)
            if model is not None:
                self._go_live(self._maker.understood_by(model, live, self._questions()[0]))
                log.info("intent model %s is in use now", model.name[:12])

    def take_disk(self, *, progress: ProgressCallback = silent) -> DiskState:
        """Publish what was changed by hand or by git, where that is safe.

        Broken files, and changes that would lose test questions, wait: what is live stays. Files
        that are saved again meanwhile are "changed": for the next call.
        """
        if self._versions is None:
            return self._disk
        with self._working:
            try:
                return self._note(self._take_disk(progress))
            except KnowledgeError as error:
                broken = Rehearsal(Changes((), ()), error.problems, (), None)
                return self._note(DiskState("problems", broken))
            except (ChangedOnDisk, CannotPublish):  # saved again, or somebody else was quicker
                return self._note(DiskState("changed"))
            except VersionError as error:
                note = f"the changed knowledge files can't be published: {error}"
                return self._note(DiskState("problems", note=note))

    def _take_disk(self, progress: ProgressCallback) -> DiskState:
        self.follow_head()
        files = read_folder(self.folder)
        if files == self._live.current.files:
            return DiskState("same")
        candidate = self.rehearse(lambda _: Applied(files, (), ()), progress=progress)
        if candidate.snapshot is None:
            return DiskState("problems", candidate.rehearsal)
        if candidate.rehearsal.losses:
            return DiskState("losses", candidate.rehearsal)
        products = len(self._live.current.content.products)
        if products and not candidate.snapshot.content.products:  # no test question would tell
            what = f"all {products} products are gone; put the feed back, or publish without it "
            what += "with `shopclerk knowledge publish`"
            raise KnowledgeError((Problem("products.csv", 1, 1, what),))
        self._publish_disk(candidate, author=ON_DISK)
        return DiskState("same")

    def publish_disk(self, *, author: str, message: str, accepted: Lost = frozenset()) -> Version:
        """Publish the files on disk with a person's yes.

        Raises:
            CannotPublish, VersionError: as for `publish`.
            KnowledgeError: the folder or a file of it can't be read.
        """
        with self._working:
            version = self._publish_disk(
                self.rehearse_disk(), author=author, message=message, accepted=accepted
            )
            self._note(DiskState("same"))
            return version

    def _publish_disk(
        self, candidate: Candidate, *, author: str, message: str = "", accepted: Lost = frozenset()
    ) -> Version:
        """Publish what was rehearsed of the files on disk, where they are still the same."""
        now = read_folder(self.folder)
        if now != candidate.files:
            both = now.keys() | candidate.files.keys()
            raise ChangedOnDisk(sorted(p for p in both if now.get(p) != candidate.files.get(p)))
        return self.publish(candidate, author=author, message=message, accepted=accepted)

    def rehearse_disk(self, *, progress: ProgressCallback = silent) -> Candidate:
        """Try out the files on disk.

        Raises:
            KnowledgeError: the folder or a file of it can't be read.
        """
        with self._working:
            self.follow_head()
            files = read_folder(self.folder)
            return self.rehearse(lambda _: Applied(files, (), ()), progress=progress)

    def on_publish(self, told: Callable[[Snapshot], None]) -> None:
        """Tell this callable of every snapshot that goes live."""
        self._listeners.append(told)

    def switch_off(self, why: str) -> None:
        """Say why no versions are kept."""
        self._disk = DiskState("off", note=why)

    def _go_live(self, snapshot: Snapshot) -> None:
        self._live.swap(snapshot)
        for told in self._listeners:
            try:
                told(snapshot)
            except Exception:  # it is live already, whatever they make of it
                log.exception("after a publish")

    def _questions(self) -> tuple[Sequence[Question], Sequence[Problem]]:
        """The shop's test questions, as they last could be read, and what is wrong with them."""
        try:
            self._own = shop_questions(self._shop_dir)
        except KnowledgeError as error:
            return self._own, error.problems
        return self._own, ()

    def _note(self, state: DiskState) -> DiskState:
        if state.status in ("problems", "losses") and state != self._disk:
            log.warning("%s", describe(state))
        self._disk = state
        return state
