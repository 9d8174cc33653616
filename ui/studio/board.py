"""All pages of the studio on one board, and the ways between them."""

from typing import Any

import gradio as gr

from ui.markup import escape
from ui.studio.ask_page import AskBox
from ui.studio.desk import Desk, after, given, given_key, on, shown, told
from ui.studio.entries_page import EntriesPage
from ui.studio.form import EntryForm
from ui.studio.form_view import Opened
from ui.studio.gaps_page import GapsPage
from ui.studio.history_page import HistoryPage
from ui.studio.import_page import ImportPage
from ui.studio.products_page import ProductsPage
from ui.studio.publish_page import PublishPage
from ui.words import LANGUAGES


class Board:
    """The pages as tabs; a link on one opens another."""

    def __init__(self, desk: Desk, shop: str, *, max_mb: float) -> None:
        self._desk = desk
        self._shop = shop
        self.top = shown(_top(shop, "", ""), elem_id="top")
        with gr.Tabs(selected="entries", elem_id="pages", overflow_behavior="wrap") as self.tabs:
            self._build_entries()
            with gr.Tab("Ask", id="ask"):
                self.ask = AskBox(desk, "asked")
            with gr.Tab("Draft & publish", id="publish") as self.publish_tab:
                self.publish = PublishPage(desk)
            with gr.Tab("History", id="history") as self.history_tab:
                self.history = HistoryPage(desk)
            with gr.Tab("Gaps", id="gaps") as self.gaps_tab:
                self.gaps = GapsPage(desk)
            with gr.Tab("Products", id="products") as self.products_tab:
                self.products = ProductsPage(desk, max_mb=max_mb)
            with gr.Tab("Import", id="import") as self.import_tab:
                self.imports = ImportPage(desk, max_mb=max_mb)
        self._columns = [self.tabs, self.list_column, self.form_column]
        self._wire_form()
        self._wire_tabs()
        self._wire_links()

    def begin(self, blocks: gr.Blocks) -> None:
        """Fill the board when the page is opened."""
        on(blocks.load, self.load, self.entries.filters,
           [self.top, self.publish_tab, *self.entries.loaded])

    def _build_entries(self) -> None:
        with gr.Tab("Entries", id="entries") as self.entries_tab:
            with gr.Column(elem_id="list-column") as self.list_column:
                self.entries = EntriesPage(self._desk)
            with gr.Column(visible=False, elem_id="form-column") as self.form_column:
                self.form = EntryForm(self._desk)
                with gr.Accordion("Ask the bot", open=False, elem_id="form-ask"):
                    self.form_ask = AskBox(self._desk, "form-asked")

    def _wire_form(self) -> None:
        form, entries = self.form, self.entries
        filled = [*self._columns, *form.outputs]
        for box in (entries.list, self.ask.result, self.form_ask.result, self.publish.draft,
                    self.publish.result, self.gaps.list):
            on(box.open, self.open, [], filled)
        on(entries.new.click, self.open_new, [], filled)
        on(entries.list.restore, self.restore, [], filled)
        self._undone = on(form.heading.undo, self.undo, [form.opened], form.outputs)
        on(form.heading.back, self.back, entries.filters,
           [*self._columns, entries.list, form.opened])
        on(form.heading.history, self.history_of, [], [self.tabs, *self.history.outputs])

    def _wire_tabs(self) -> None:
        form, entries = self.form, self.entries
        on(self.entries_tab.select, form.refresh, [form.opened, *form.fields], form.outputs)
        on(self.entries_tab.select, entries.show, entries.filters, [entries.list])
        on(self.publish_tab.select, self.publish.load, [], self.publish.outputs)
        # A link that opens a tab selects it, too: what it chose to show there must stay.
        on(self.history_tab.select, self.history.newest, [self.history.key], self.history.outputs)
        on(self.gaps_tab.select, self.gaps.show, [self.gaps.status], [self.gaps.list])
        on(self.products_tab.select, self.products.load, [self.products.text],
           self.products.outputs)
        on(self.import_tab.select, self.imports.load, [],
           [self.imports.language, self.imports.upload])

    def _wire_links(self) -> None:
        form, publish = self.form, self.publish
        made = on(self.gaps.list.make, self.make_of_gap, [], [*self._columns, *form.outputs])
        on(self.gaps.list.ask, self.ask_of_gap, [],
           [self.tabs, self.ask.question, self.ask.language, self.ask.result])
        for box in (self.publish.result, self.publish.disk, self.history.version):
            on(box.history, self.newest_versions, [], [self.tabs, *self.history.outputs])
        for box in (self.products.report, self.imports.report):
            on(box.draft, self.to_draft, [], [self.tabs, *publish.outputs])
        for event in (made, self._undone, form.saved, form.removed, form.taken, publish.published,
                      *publish.changed, self.products.used, self.imports.taken, self.imports.split):
            after(event, publish.badge, [self.publish_tab])
        after(publish.published, publish.refresh, [publish.draft, publish.actions, publish.disk])

    def load(self, request: gr.Request, *filters: str) -> tuple[Any, ...]:
        """What is seen first: who one is, and the entries."""
        user = self._desk.user(request)
        return (_top(self._shop, user.name, user.role), self.publish.badge(request),
                *self.entries.load(request, *filters))

    def open(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Open an entry in the form, from wherever it was named."""
        user = self._desk.user(request)
        with told():
            return (*_form_shown(), *self.form.open(user, given_key(data)))

    def open_new(self, request: gr.Request) -> tuple[Any, ...]:
        """Open an empty form."""
        return (*_form_shown(), *self.form.open_new(self._desk.user(request)))

    def restore(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Open the form with what was typed before the page was loaded again."""
        return (*_form_shown(), *self.form.restore(data, request))

    def undo(self, request: gr.Request, opened: Opened) -> tuple[Any, ...]:
        """Drop the user's change to the entry in the form."""
        return self.form.undo(self._desk.user(request), opened)

    def back(self, request: gr.Request, *filters: str) -> tuple[Any, ...]:
        """Show the list again."""
        return (gr.update(selected="entries"), gr.update(visible=True), gr.update(visible=False),
                self.entries.show(request, *filters), None)

    def make_of_gap(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Make a draft entry of a gap, and open it."""
        user = self._desk.user(request)
        with told():
            return (*_form_shown(), *self.form.open(user, self.gaps.make(user, data)))

    def ask_of_gap(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Ask a shopper's question of a gap again, and show what comes of it."""
        question, language = (str(given(data).get(n) or "") for n in ("question", "language"))
        language = language if language in LANGUAGES else ""
        return (gr.update(selected="ask"), question, language,
                self.ask.ask(question, language, "live", request))

    def history_of(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Show the versions of the entry in the form."""
        return gr.update(selected="history"), *self.history.of(request, given_key(data))

    def newest_versions(self, request: gr.Request) -> tuple[Any, ...]:
        """Show the history from its newest version."""
        return gr.update(selected="history"), *self.history.load(request)

    def to_draft(self, request: gr.Request) -> tuple[Any, ...]:
        """Show the draft."""
        return gr.update(selected="publish"), *self.publish.load(request)


def _form_shown() -> tuple[Any, Any, Any]:
    return gr.update(selected="entries"), gr.update(visible=False), gr.update(visible=True)


def _top(shop: str, name: str, role: str) -> str:
    who = (f'<span class="who">{escape(name)} <span class="soft">{escape(role)}</span></span>'
           '<form method="post" action="sign-out"><button class="quiet">Sign out</button></form>'
           ) if name else ""
    return (f'<header class="top"><span class="mark" aria-hidden="true">{escape(shop[:1])}</span>'
            f'<h1>{escape(shop)} <span class="soft">Studio</span></h1>{who}</header>'
            '<div id="banner" role="alert" hidden></div>')
