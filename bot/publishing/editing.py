"""What a lead sees of the knowledge, and the draft in which changes are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.live import Live
from bot.publishing import browsing
from bot.publishing.applying import conflict_of, conflicts_of, file_digest
from bot.publishing.browsing import Facets
from bot.publishing.drafts import Draft, DraftStore, EntryEdit, FileEdit
from bot.publishing.feeds import feed_path, read_feed
from bot.publishing.values import (
    Check,
    Conflict,
    DraftChange,
    DraftView,
    EntryPage,
    EntrySearch,
    EntryView,
    FeedReport,
    Key,
    ProductPage,
    User,
    require_lead,
)
from bot.snapshot import Snapshot
from knowledge.editing.documents import ImportedDocument, document_to_markdown
from knowledge.editing.fields import EntryFields, default_file, fields_of, suggest_id
from knowledge.editing.writing import EditError, put_entry
from knowledge.entries import Content, KnowledgeError, Problem
from knowledge.formats.folder import check_files
from knowledge.formats.parsed import ParsedFiles


@dataclass(frozen=True)
class Counts:
    """How much a shop knows."""

    intents: int
    entries: int
    products: int


class Editing:
    """Finds entries and products, and keeps each user's draft.

    A call that changes something raises NotAllowed for a viewer.
    """

    def __init__(
        self,
        live: Live[Snapshot],
        drafts: DraftStore,
        parsed: ParsedFiles,
        *,
        intents: Sequence[str],
        today: Callable[[], date] = date.today,
    ) -> None:
        self._live = live
        self._drafts = drafts
        self._parsed = parsed
        self._intents = intents
        self._today = today

    def entries(self, user: User, search: EntrySearch) -> EntryPage:
        """Return one page of entries as they would be with the user's draft."""
        entries = self._live.current.content.entries
        return browsing.find_entries(entries, self._drafts.load(user.name), search, self._today())

    def content(self) -> Content:
        """Return all that is live."""
        return self._live.current.content

    def counts(self) -> Counts:
        """Return how much there is."""
        live = self._live.current
        content = live.content
        return Counts(len(live.intent_model.intents), len(content.entries), len(content.products))

    def facets(self) -> Facets:
        """Return what the filters offer."""
        live = self._live.current
        intents = {*self._intents, *live.intent_model.intents}
        return browsing.facets(live.content.entries, sorted(intents))

    def entry(self, user: User, key: Key) -> EntryView:
        """Return one entry for the form.

        Raises:
            KeyError: neither live nor in the user's draft.
        """
        live = self._live_fields(key)
        edit = self._drafts.load(user.name).edit(key)
        if live is None and edit is None:
            raise KeyError(key)
        drafts = self._drafts.others(user.name)
        return EntryView(
            key=key,
            mine=edit.mine if edit else live,
            live=live,
            base=edit.base if edit else live,
            changed=edit is not None,
            others=tuple(name for name, draft in drafts.items() if draft.edit(key) is not None),
        )

    def check(self, user: User, mine: EntryFields, *, replacing: Key | None) -> Check:
        """Say what is wrong with an entry as typed, among everything else that is live."""
        live = self._live.current.files
        try:
            files = put_entry(live, mine, replacing=replacing, parsed=self._parsed)
        except EditError as error:
            return Check((Problem(mine.file or mine.id, 1, 1, str(error)),))
        changed = {path for path, data in files.items() if data != live.get(path)}
        found = check_files(files, self._parsed).problems
        return Check(tuple(p for p in found if p.file in changed))

    def draft(self, user: User) -> DraftView:
        """Return the user's unpublished changes."""
        draft = self._drafts.load(user.name)
        live = self._live.current
        changes = [_change(edit) for edit in draft.entries]
        changes += [DraftChange((f.path, ""), "file", f.path) for f in draft.files]
        return DraftView(tuple(changes), conflicts_of(draft, live.files, live.entries))

    def products(self, text: str, *, page: int = 1, page_size: int = 50) -> ProductPage:
        """Return one page of the products that are live."""
        products = self._live.current.content.products
        return browsing.find_products(products, text, page=page, page_size=page_size)

    def save(
        self,
        user: User,
        mine: EntryFields,
        *,
        base: EntryFields | None,
        replacing: Key | None = None,
    ) -> Conflict | None:
        """Keep a change in the draft; it is kept in case of a conflict, too.

        Raises:
            EditError: a new entry has the id of one that waits in the draft.
        """
        edit = EntryEdit(replacing or mine.key, base, mine)

        def kept(draft: Draft) -> Draft:
            if replacing is None and draft.edit(edit.key) is not None:
                what = f"'{mine.id}' is in your draft already; give this entry another id"
                raise EditError(what)
            return draft.with_entry(edit)

        self._change(user, kept)
        return conflict_of(edit, self._live_fields(edit.key))

    def remove(self, user: User, key: Key, *, base: EntryFields | None) -> None:
        """Note in the draft that an entry is to go; one that was never live just goes."""
        if base is None:
            self.undo(user, key)
        else:
            self._change(user, lambda draft: draft.with_entry(EntryEdit(key, base, None)))

    def settle(self, user: User, key: Key, *, keep: Literal["mine", "theirs"]) -> None:
        """Settle a conflict: mine replaces what was published, or is given up."""
        if keep == "theirs":
            self.undo(user, key)
            return
        live = self._live_fields(key)
        now = file_digest(self._live.current.files.get(key[0]))

        def based_on_live(draft: Draft) -> Draft:
            return Draft(
                tuple(replace(e, base=live) if e.key == key else e for e in draft.entries),
                tuple(replace(f, base=now) if (f.path, "") == key else f for f in draft.files),
            )

        self._change(user, based_on_live)

    def undo(self, user: User, key: Key) -> None:
        """Give up one change of the draft."""
        self._change(user, lambda draft: draft.without(key))

    def discard(self, user: User) -> None:
        """Give up the whole draft."""
        self._change(user, lambda draft: Draft())

    def ids(self, user: User) -> frozenset[str]:
        """Return the ids that are taken, by what is live or by the user's draft."""
        drafted = self._drafts.load(user.name).entries
        live = self._live.current.content.entries
        return frozenset({entry.id for entry in live} | {edit.key[0] for edit in drafted})

    def new_fields(self, user: User, question: str, language: str) -> EntryFields:
        """Return a new entry with an id and a file suggested."""
        return EntryFields(
            id=suggest_id(question, self.ids(user)),
            language=language,
            question=question,
            answer="",
            file=default_file(language),
        )

    def check_feed(self, name: str, data: bytes) -> FeedReport:
        """Report on a product feed row by row; nothing is kept."""
        return read_feed(name, data, self._live.current)[0]

    def use_feed(self, user: User, name: str, data: bytes) -> FeedReport:
        """Put a product feed into the draft.

        Raises:
            KnowledgeError: it has errors.
        """
        require_lead(user)
        report, text = read_feed(name, data, self._live.current)
        if text is None:
            raise KnowledgeError(report.problems)
        self._add_file(user, feed_path(name), text)
        return report

    def import_document(
        self, user: User, name: str, data: bytes, language: str
    ) -> ImportedDocument:
        """Put a document into the draft as a file to review.

        Raises:
            EditError: it can't be read; the message names the remedy.
        """
        require_lead(user)
        document = document_to_markdown(name, data, language=language)
        if document.file in self._live.current.files:
            note = f"It replaces {document.file}, which shoppers get now."
            document = replace(document, notes=(*document.notes, note))
        self._add_file(user, document.file, document.text)
        return document

    def _add_file(self, user: User, path: str, text: str) -> None:
        base = file_digest(self._live.current.files.get(path))
        self._change(user, lambda draft: draft.with_file(FileEdit(path, base, text)))

    def _live_fields(self, key: Key) -> EntryFields | None:
        entry = self._live.current.entries.get(key)
        return None if entry is None else fields_of(entry)

    def _change(self, user: User, change: Callable[[Draft], Draft]) -> None:
        require_lead(user)
        self._drafts.update(user.name, change)


def _change(edit: EntryEdit) -> DraftChange:
    told = edit.mine or edit.base
    title = told.question if told else edit.key[0]
    if edit.mine is None:
        return DraftChange(edit.key, "removed", title)
    return DraftChange(edit.key, "added" if edit.base is None else "changed", title)
