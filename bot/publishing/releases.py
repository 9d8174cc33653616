"""From a draft or a changed file to a version, and back again."""

from dataclasses import replace

from bot.live import Live
from bot.progress import ProgressCallback, silent
from bot.publishing import asking
from bot.publishing.applying import Applied, apply_draft
from bot.publishing.drafts import Draft, DraftStore
from bot.publishing.examination import Examiner
from bot.publishing.publisher import Candidate, Publisher
from bot.publishing.values import (
    Asked,
    CannotPublish,
    DiskState,
    Key,
    Lost,
    Rehearsal,
    User,
    require_lead,
)
from bot.publishing.versions import content_of, entry_history
from bot.snapshot import Snapshot
from knowledge.editing.fields import fields_of
from knowledge.editing.writing import EditError, put_entry, remove_entry
from knowledge.entries import Content, Entry, Problem
from knowledge.formats.parsed import ParsedFiles
from knowledge.versions.changes import Changes, compare
from knowledge.versions.store import Version, VersionError, VersionStore, export_zip

_DISK = ("the files on disk",)


class Releases:
    """Rehearses, publishes, tells the history, goes back.

    Without a version store (`disk().note` says why there is none) the history is empty and
    publishing raises VersionError. A call that changes something raises NotAllowed for a viewer.

    `accept_losses` accepts the test questions that this user was last shown as lost by the same
    change, by a rehearsal or a refusal, and no others.
    """

    def __init__(
        self,
        live: Live[Snapshot],
        publisher: Publisher,
        versions: VersionStore | None,
        drafts: DraftStore,
        examiner: Examiner,
        parsed: ParsedFiles,
    ) -> None:
        self._live = live
        self._publisher = publisher
        self._versions = versions
        self._drafts = drafts
        self._examiner = examiner
        self._parsed = parsed
        self._shown: dict[object, Lost] = {}

    # ---- before going live

    def rehearse(self, user: User, progress: ProgressCallback = silent) -> Rehearsal:
        """Find out what publishing the draft would do, with all warnings."""
        candidate = self._rehearse(self._drafts.load(user.name), progress)
        self._shown[user.name] = candidate.rehearsal.lost
        return self._reviewed(candidate)

    def rehearse_disk(self, progress: ProgressCallback = silent) -> Rehearsal:
        """Find out what publishing the files on disk would do, with all warnings."""
        candidate = self._publisher.rehearse_disk(progress=progress)
        self._shown[_DISK] = candidate.rehearsal.lost
        return self._reviewed(candidate)

    def ask(
        self, user: User, question: str, language: str = "", *, of_draft: bool = False
    ) -> Asked:
        """Ask what is live, or what would be with the user's draft.

        Raises:
            CannotPublish: the draft has errors or conflicts, so it can't answer.
        """
        snapshot = self._live.current
        if of_draft:
            candidate = self._rehearse(self._drafts.load(user.name))
            if candidate.snapshot is None:
                what = "your draft has errors or conflicts; mend them first"
                raise CannotPublish(what, candidate.rehearsal)
            snapshot = candidate.snapshot
        return asking.ask(question, snapshot, self._examiner, language=language)

    # ---- going live

    def publish(
        self,
        user: User,
        message: str,
        *,
        accept_losses: bool = False,
        progress: ProgressCallback = silent,
    ) -> Version:
        """Let shoppers have the draft.

        Raises:
            CannotPublish: errors, conflicts, losses without a yes, or nothing to publish.
            VersionError: the files or the repository can't be written.
        """
        require_lead(user)
        draft = self._drafts.load(user.name)
        candidate = self._rehearse(draft, progress)
        if draft.empty:
            raise CannotPublish("your draft is empty", candidate.rehearsal)
        accepted = self._accepted(user.name, accept_losses)
        self._shown[user.name] = candidate.rehearsal.lost
        version = self._publisher.publish(
            candidate, author=user.name, message=message, accepted=accepted
        )
        self._drafts.update(user.name, lambda now: now.since(draft))
        return version

    def publish_disk(self, user: User, message: str, *, accept_losses: bool = False) -> Version:
        """Let shoppers have the files on disk.

        Raises:
            CannotPublish, VersionError: as for `publish`.
        """
        require_lead(user)
        waiting = self.disk().rehearsal
        shown = self._shown.get(_DISK, frozenset()) | (waiting.lost if waiting else frozenset())
        return self._publisher.publish_disk(
            author=user.name, message=message, accepted=shown if accept_losses else frozenset()
        )

    def rehearse_roll_back(self, user: User, version: str, key: Key | None = None) -> Rehearsal:
        """Find out what going back would do."""
        rehearsal = self._earlier(version, key).rehearsal
        self._shown[user.name, version, key] = rehearsal.lost
        return rehearsal

    def roll_back(
        self, user: User, version: str, key: Key | None = None, *, accept_losses: bool = False
    ) -> Version:
        """Publish an earlier version again: all of it, or one entry.

        Raises:
            CannotPublish, VersionError: as for `publish`.
        """
        require_lead(user)
        found = self._store().find(version)
        what = f"entry {key[0]} ({key[1]})" if key else "everything"
        candidate = self._earlier(version, key)
        accepted = self._accepted((user.name, version, key), accept_losses)
        self._shown[user.name, version, key] = candidate.rehearsal.lost
        return self._publisher.publish(
            candidate,
            author=user.name,
            message=f"Roll back {what} to {found.id[:8]} of {found.at:%Y-%m-%d %H:%M} UTC",
            accepted=accepted,
        )

    # ---- versions

    def head(self) -> Version | None:
        """Return the version that is live."""
        return self._live.current.version

    def disk(self) -> DiskState:
        """Return how the files on disk stand to what is live."""
        return self._publisher.disk

    def versions(
        self, *, limit: int = 50, before: str | None = None, key: Key | None = None
    ) -> tuple[Version, ...]:
        """Return versions, newest first, older than `before`; with a key, those of that entry."""
        if self._versions is None:
            return ()
        if key is None:
            return self._versions.log(limit=limit, before=before)
        return entry_history(
            self._versions, key, limit=limit, before=before, parsed=self._parsed
        )

    def changes_of(self, version: str) -> Changes:
        """Return what a version changed.

        Raises:
            VersionError: there is no such version.
        """
        found = self._store().find(version)
        return compare(self._content(found.parent), self._content(found.id))

    def export(self, version: str | None = None) -> bytes:
        """Return the files of a version, or of what is live, as a zip."""
        if version is None:
            return export_zip(self._live.current.files)
        return export_zip(self._store().files(self._store().find(version).id))

    # ---- inside

    def _rehearse(self, draft: Draft, progress: ProgressCallback = silent) -> Candidate:
        return self._publisher.rehearse(
            lambda live: apply_draft(draft, live.files, live.entries), progress=progress
        )

    def _accepted(self, what: object, accept_losses: bool) -> Lost:
        return self._shown.get(what, frozenset()) if accept_losses else frozenset()

    def _reviewed(self, candidate: Candidate) -> Rehearsal:
        if candidate.snapshot is None:
            return candidate.rehearsal
        problems = (*candidate.rehearsal.problems, *self._publisher.review(candidate))
        return replace(candidate.rehearsal, problems=problems)

    def _earlier(self, version: str, key: Key | None) -> Candidate:
        """Rehearse an earlier version, or what is live with one entry of that version."""
        found = self._store().find(version)
        if key is None:
            files = self._store().files(found.id)
            return self._publisher.rehearse(lambda _: Applied(files, (), ()))
        then = self._entry(found.id, key)
        return self._publisher.rehearse(lambda live: _with_entry(live, key, then))

    def _entry(self, version: str, key: Key) -> Entry | None:
        return next((e for e in self._content(version).entries if e.key == key), None)

    def _content(self, version: str | None) -> Content:
        return content_of(self._store(), version, self._parsed)

    def _store(self) -> VersionStore:
        if self._versions is None:
            raise VersionError(self.disk().note)
        return self._versions


def _with_entry(live: Snapshot, key: Key, entry: Entry | None) -> Applied:
    """What is live with one entry as it once was; None: without it."""
    now = live.entries.get(key)
    try:
        if entry is not None:
            replacing = None if now is None else key
            return Applied(put_entry(live.files, fields_of(entry), replacing=replacing), (), ())
        return Applied(live.files if now is None else remove_entry(live.files, key), (), ())
    except EditError as error:
        return Applied(live.files, (), (Problem(key[0], 1, 1, str(error)),))
