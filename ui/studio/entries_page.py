"""The page with all entries: search, filters, pages."""

from collections.abc import Sequence
from typing import Any, get_args

import gradio as gr

from bot.publishing.values import EntrySearch
from ui.studio.desk import Desk, given_page, on, sending
from ui.studio.entries_view import render_entries

_STATES = (("Any state", ""), ("Changed in my draft", "changed"), ("Not shown yet", "scheduled"),
           ("No longer shown", "expired"))
_KINDS = (("FAQ and policies", ""), ("FAQ", "faq"), ("Policies", "policy"))


class EntriesPage:
    """The list; the form beside it is `EntryForm`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        with gr.Row(elem_classes="bar"):
            self.text = gr.Textbox(
                label="Search in entries", show_label=False,
                placeholder="Search in questions, answers and ids",
                elem_id="search", scale=3, max_lines=1,
                html_attributes=gr.InputHTMLAttributes(spellcheck=False, enterkeyhint="search"))
            self.new = gr.Button("New entry", variant="primary", elem_id="new-entry", scale=0)
        with gr.Row(elem_classes="bar filters"):
            self.language = _filter("Language", [("All languages", "")])
            self.kind = _filter("Kind", _KINDS)
            self.tag = _filter("Tag", [("All tags", "")])
            self.file = _filter("File", [("All files", "")])
            self.state = _filter("State", _STATES)
        self.list = sending(("open", "turn", "search", "restore"), "entries")
        self.filters = [self.text, self.language, self.kind, self.tag, self.file, self.state]
        # The page's script sends `search` when typing rests; the filters send at once.
        on(self.list.search, self.show, self.filters, [self.list], latest=True)
        for chosen in self.filters[1:]:
            on(chosen.input, self.show, self.filters, [self.list], latest=True)
        on(self.list.turn, self.turn, self.filters, [self.list])

    @property
    def loaded(self) -> list[Any]:
        """What `load` sets."""
        return [self.new, self.language, self.tag, self.file, self.list]

    def load(self, request: gr.Request, *filters: str) -> tuple[Any, ...]:
        """Fill the filters and the list."""
        user = self._desk.user(request)
        facets = self._desk.workbench.editing.facets()
        return (
            gr.update(visible=user.role == "lead"),
            gr.update(choices=_choices("All languages", facets.languages)),
            gr.update(choices=_choices("All tags", facets.tags)),
            gr.update(choices=_choices("All files", facets.files)),
            self.show(request, *filters),
        )

    def show(self, request: gr.Request, *filters: str) -> str:
        """The first page."""
        return self._page(request, filters, 1)

    def turn(self, data: gr.EventData, request: gr.Request, *filters: str) -> str:
        """Another page."""
        return self._page(request, filters, given_page(data))

    def _page(self, request: gr.Request, filters: Sequence[str], page: int) -> str:
        user = self._desk.user(request)
        text, language, kind, tag, file, state = (f or "" for f in filters)
        known = state if state in get_args(EntrySearch.__annotations__["state"]) else ""
        search = EntrySearch(text, language, kind, tag, file, known, page=page)  # type: ignore[arg-type]
        return render_entries(self._desk.workbench.editing.entries(user, search))


def _filter(label: str, choices: Sequence[tuple[str, str]]) -> Any:  # Gradio adds its events
    return gr.Dropdown(list(choices), value="", label=label, min_width=130)


def _choices(everything: str, values: Sequence[str]) -> list[tuple[str, str]]:
    return [(everything, ""), *((value, value) for value in values)]
