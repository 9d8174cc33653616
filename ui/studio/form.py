"""The form of one entry: nothing that is typed in it is lost."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import gradio as gr

from bot.publishing.values import Key, User
from knowledge.editing.fields import EntryFields
from ui.studio.desk import Desk, given, on, refusal, sending, told
from ui.studio.form_fields import (
    CHOSEN,
    LISTS,
    NAMES,
    blank,
    given_fields,
    make_fields,
    opened_of,
    typed_fields,
)
from ui.studio.form_view import Opened, render_conflict, render_heading, render_preview
from ui.words import LANGUAGES

_EVENTS = ("back", "save", "undo", "remove", "history")


class EntryForm:
    """The form's parts, and what they do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.opened = gr.State(None)
        self.heading = sending(_EVENTS, "form-heading")
        self.conflict = sending(("mine", "theirs", "edit"), "form-conflict")
        with gr.Row(elem_classes="form-body"):
            with gr.Column(scale=3, min_width=300, elem_id="form-fields"):
                self._fields = make_fields()
            with gr.Column(scale=2, min_width=280, elem_id="form-side"):
                self.preview = sending(("typed", "keep"), "form-preview")
        self.fields = [self._fields[name] for name in NAMES]
        self.outputs = [self.opened, self.heading, self.conflict, self.preview, *self.fields]
        self._wire()

    def _wire(self) -> None:
        # Gradio's text boxes tell of pressed keys only, not of what is pasted or composed: the
        # page's script listens itself. It keeps the text, and sends `typed` when typing rests.
        quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden",
                                 "api_visibility": "private"}
        self.preview.keep(None, self.fields, None, js="(...v) => window.studio.keep(v)", **quiet)
        chosen = [self._fields[name] for name in CHOSEN]
        gr.on([field.input for field in chosen], None, chosen, None,
              js="(...v) => window.studio.chosen(v)", **quiet)
        typed = [self.opened, *self.fields]
        on(self.preview.typed, self.typed, typed, [self.preview], latest=True)
        after = [self.opened, self.heading, self.conflict, self.preview]
        fixed = [self._fields[name] for name in ("language", "file", "id")]
        # Saving sets no text: what is typed while it runs must stay.
        self.saved = on(self.heading.save, self.save, typed, [*after, *fixed])
        self.removed = on(self.heading.remove, self.remove, [self.opened], after)
        self.kept = on(self.conflict.mine, self.keep_mine, [self.opened], after[:3])
        self.taken = on(self.conflict.theirs, self.take_theirs, [self.opened], self.outputs)
        on(self.conflict.edit, lambda: "", [], [self.conflict])

    def open(self, user: User, key: Key) -> tuple[Any, ...]:
        """Fill the form with an entry."""
        view = self._desk.workbench.editing.entry(user, key)
        return self._filled(user, opened_of(view))

    def open_new(self, user: User) -> tuple[Any, ...]:
        """Empty the form for a new entry."""
        return self._filled(user, Opened(None, blank(self._desk.language), None))

    def restore(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Bring back what was typed and not saved before the page was loaded again."""
        user, kept = self._desk.user(request), given(data)
        base = given_fields(kept.get("base"))
        shown_before = given_fields(kept.get("fields")) or blank(self._desk.language)
        key = shown_before.key if kept.get("key") else None
        try:
            view = self._desk.workbench.editing.entry(user, key) if key else None
        except KeyError:
            view = None  # removed meanwhile: saving tells the conflict
        opened = Opened(None, shown_before, None) if key is None else Opened(
            key, shown_before, base, live=view is not None and view.live is not None,
            changed=view is not None and view.changed, others=view.others if view else ())
        filled = self._filled(user, opened, "Brought back", unsaved=True)
        typed = kept.get("typed")
        if not isinstance(typed, list) or len(typed) != len(NAMES):
            return filled
        mine = typed_fields(opened, typed)
        return (*filled[:3], self._preview(user, opened, mine),
                *self._values(mine, new=opened.key is None))

    def refresh(self, request: gr.Request, opened: Opened | None, *values: Any) -> tuple[Any, ...]:
        """Bring the form up to date after work on other pages; text that isn't saved stays."""
        user, nothing = self._desk.user(request), (gr.skip(),) * len(self.outputs)
        if opened is None or opened.key is None:
            return nothing
        try:
            now = opened_of(self._desk.workbench.editing.entry(user, opened.key))
        except KeyError:
            return nothing  # saving it again makes it anew
        if now.fields == opened.fields:
            heading = render_heading(now, now.fields.question, lead=user.role == "lead")
            return (now, heading, *nothing[2:])
        if typed_fields(opened, values) == opened.fields:
            return self._filled(user, now)
        return nothing

    def typed(self, request: gr.Request, opened: Opened | None, *values: Any) -> str:
        """Show the entry as typed to shoppers' eyes, with its problems."""
        user, opened = self._desk.user(request), opened or _nothing()
        return self._preview(user, opened, self._complete(user, typed_fields(opened, values)))

    def save(self, request: gr.Request, opened: Opened | None, *values: Any) -> tuple[Any, ...]:
        """Keep the entry as typed in the user's draft."""
        user, opened = self._desk.user(request), opened or _nothing()
        mine = self._complete(user, typed_fields(opened, values))
        if not mine.question.strip():
            raise refusal("Write the question first.")
        with told():
            conflict = self._desk.workbench.editing.save(
                user, mine, base=opened.base, replacing=opened.key)
            view = self._desk.workbench.editing.entry(user, opened.key or mine.key)
        now = replace(opened_of(view), fields=mine, base=opened.base)
        said = f"Saved in your draft at {datetime.now():%H:%M:%S}"
        return (
            now, render_heading(now, mine.question, lead=True, saved=said),
            render_conflict(conflict, inside_form=True) if conflict else "",
            self._preview(user, now, mine),
            *(gr.update(value=getattr(mine, n), interactive=False)
              for n in ("language", "file", "id")),
        )

    def remove(self, request: gr.Request, opened: Opened) -> tuple[Any, ...]:
        """Note in the draft that the entry is to go."""
        user = self._desk.user(request)
        if opened.key is None:
            raise refusal("This entry was never saved.")
        with told():
            self._desk.workbench.editing.remove(user, opened.key, base=opened.base)
        if opened.base is None:  # it stood in the draft only
            now = Opened(None, opened.fields, None)
            said = "Removed from your draft"
        else:
            now = replace(opened, changed=True, removed=True)
            said = "Removed in your draft; publish to make it so"
        heading = render_heading(now, opened.fields.question, lead=True, saved=said)
        return now, heading, "", self._preview(user, now, opened.fields)

    def keep_mine(self, request: gr.Request, opened: Opened) -> tuple[Any, ...]:
        """Settle a conflict with the text of the draft; the form stays as it is."""
        user = self._desk.user(request)
        with told():
            self._desk.workbench.editing.settle(user, opened.key or ("", ""), keep="mine")
            view = self._desk.workbench.editing.entry(user, opened.key or ("", ""))
        now = replace(opened_of(view), fields=opened.fields)
        said = "Yours replaces theirs when you publish"
        return now, render_heading(now, opened.fields.question, lead=True, saved=said), ""

    def take_theirs(self, request: gr.Request, opened: Opened) -> tuple[Any, ...]:
        """Settle a conflict with what is live."""
        user = self._desk.user(request)
        key = opened.key or ("", "")
        with told():
            self._desk.workbench.editing.settle(user, key, keep="theirs")
        try:
            return self.open(user, key)
        except KeyError:  # they had removed it
            return self.open_new(user)

    def undo(self, user: User, opened: Opened) -> tuple[Any, ...]:
        """Drop the user's change; a new entry is gone then."""
        key = opened.key or ("", "")
        with told():
            self._desk.workbench.editing.undo(user, key)
        try:
            return self.open(user, key)
        except KeyError:
            return self.open_new(user)

    def _filled(
        self, user: User, opened: Opened, saved: str = "", *, unsaved: bool = False
    ) -> tuple[Any, ...]:
        fields = opened.fields
        heading = render_heading(
            opened, fields.question, lead=user.role == "lead", saved=saved, unsaved=unsaved)
        return (opened, heading, "", self._preview(user, opened, fields),
                *self._values(fields, new=opened.key is None, lead=user.role == "lead"))

    def _values(self, fields: EntryFields, *, new: bool, lead: bool = True) -> list[Any]:
        facets = self._desk.workbench.editing.facets()
        choices = {"intent": facets.intents, "tags": sorted({*facets.tags, *fields.tags}),
                   "language": tuple(sorted({*facets.languages, *LANGUAGES})),
                   "file": facets.faq_files}
        updates = []
        for name in NAMES:
            value = getattr(fields, name)
            value = "\n".join(value) if name in LISTS else value
            value = list(value) if isinstance(value, tuple) else value
            now: dict[str, Any] = {"value": value, "interactive": lead and (
                new or name not in ("language", "file", "id"))}
            if name in choices:
                now["choices"] = list(choices[name])
            updates.append(gr.update(**now))
        return updates

    def _complete(self, user: User, mine: EntryFields) -> EntryFields:
        """Fill in the id and the file where a new entry leaves them open."""
        if mine.id and mine.file:
            return mine
        with told():
            new = self._desk.workbench.editing.new_fields(user, mine.question, mine.language)
        return replace(mine, id=mine.id or new.id, file=mine.file or new.file)

    def _preview(self, user: User, opened: Opened, mine: EntryFields) -> str:
        if opened.key is None and not (mine.question.strip() or mine.answer.strip()):
            return render_preview(mine, None)
        with told():
            check = self._desk.workbench.editing.check(
                user, mine, replacing=opened.key if opened.live else None)
        return render_preview(mine, check)


def _nothing() -> Opened:
    raise refusal("This page has lost its place. Load it again: what you typed comes back.")
