"""The form of one entry: nothing that is typed in it is lost."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

import gradio as gr

from bot.publishing.values import EntryView, Key, User
from knowledge.editing.fields import EntryFields
from ui.studio.desk import Desk, given, on, refusal, sending, told
from ui.studio.form_view import Opened, render_conflict, render_heading, render_preview
from ui.words import LANGUAGES

_EVENTS = ("back", "save", "undo", "remove", "history")
_NAMES = ("question", "phrasings", "tests", "answer", "intent", "tags", "valid_from", "valid_until",
          "language", "file", "id")
_LISTS = frozenset({"phrasings", "tests"})


class EntryForm:
    """The form's parts, and what they do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.opened = gr.State(None)
        self.heading = sending(_EVENTS, "form-heading")
        self.conflict = sending(("mine", "theirs", "edit"), "form-conflict")
        with gr.Row(elem_classes="form-body"):
            with gr.Column(scale=3, min_width=300, elem_id="form-fields"):
                self._fields = _make_fields()
            with gr.Column(scale=2, min_width=280, elem_id="form-side"):
                self.preview = sending(("typed", "keep"), "form-preview")
        self.fields = [self._fields[name] for name in _NAMES]
        self.outputs = [self.opened, self.heading, self.conflict, self.preview, *self.fields]
        self._wire()

    def _wire(self) -> None:
        # Gradio's text boxes tell of pressed keys only, not of what is pasted or composed: the
        # page's script listens itself. It keeps the text, and sends `typed` when typing rests.
        quiet: dict[str, Any] = {"queue": False, "show_progress": "hidden",
                                 "api_visibility": "private"}
        self.preview.keep(None, self.fields, None, js="(...v) => window.studio.keep(v)", **quiet)
        gr.on([self._fields[name].input for name in ("intent", "tags", "language", "file")], None,
              None, None, js="() => window.studio.typed()", **quiet)
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
        view = self._desk.workbench.entry(user, key)
        return self._filled(user, _opened(view))

    def open_new(self, user: User) -> tuple[Any, ...]:
        """Empty the form for a new entry."""
        return self._filled(user, Opened(None, _blank(self._desk.language), None))

    def restore(self, data: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Bring back what was typed and not saved before the page was loaded again."""
        user, kept = self._desk.user(request), given(data)
        base = _given_fields(kept.get("base"))
        shown_before = _given_fields(kept.get("fields")) or _blank(self._desk.language)
        key = shown_before.key if kept.get("key") else None
        try:
            view = self._desk.workbench.entry(user, key) if key else None
        except KeyError:
            view = None  # removed meanwhile: saving tells the conflict
        opened = Opened(None, shown_before, None) if key is None else Opened(
            key, shown_before, base, live=view is not None and view.live is not None,
            changed=view is not None and view.changed, others=view.others if view else ())
        filled = self._filled(user, opened, "Brought back", unsaved=True)
        typed = kept.get("typed")
        if not isinstance(typed, list) or len(typed) != len(_NAMES):
            return filled
        mine = _typed(opened, typed)
        return (*filled[:3], self._preview(user, opened, mine),
                *self._values(mine, new=opened.key is None))

    def refresh(self, request: gr.Request, opened: Opened | None, *values: Any) -> tuple[Any, ...]:
        """Bring the form up to date after work on other pages; text that isn't saved stays."""
        user, nothing = self._desk.user(request), (gr.skip(),) * len(self.outputs)
        if opened is None or opened.key is None:
            return nothing
        try:
            now = _opened(self._desk.workbench.entry(user, opened.key))
        except KeyError:
            return nothing  # saving it again makes it anew
        if now.fields == opened.fields:
            heading = render_heading(now, now.fields.question, lead=user.role == "lead")
            return (now, heading, *nothing[2:])
        if _typed(opened, values) == opened.fields:
            return self._filled(user, now)
        return nothing

    def typed(self, request: gr.Request, opened: Opened | None, *values: Any) -> str:
        """Show the entry as typed to shoppers' eyes, with its problems."""
        user, opened = self._desk.user(request), opened or _nothing()
        return self._preview(user, opened, self._complete(_typed(opened, values)))

    def save(self, request: gr.Request, opened: Opened | None, *values: Any) -> tuple[Any, ...]:
        """Keep the entry as typed in the user's draft."""
        user, opened = self._desk.user(request), opened or _nothing()
        mine = self._complete(_typed(opened, values))
        if not mine.question.strip():
            raise refusal("Write the question first.")
        with told():
            conflict = self._desk.workbench.save(
                user, mine, base=opened.base, replacing=opened.key)
            view = self._desk.workbench.entry(user, opened.key or mine.key)
        now = replace(_opened(view), fields=mine, base=opened.base)
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
            self._desk.workbench.remove(user, opened.key, base=opened.base)
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
            self._desk.workbench.settle(user, opened.key or ("", ""), keep="mine")
            view = self._desk.workbench.entry(user, opened.key or ("", ""))
        now = replace(_opened(view), fields=opened.fields)
        said = "Yours replaces theirs when you publish"
        return now, render_heading(now, opened.fields.question, lead=True, saved=said), ""

    def take_theirs(self, request: gr.Request, opened: Opened) -> tuple[Any, ...]:
        """Settle a conflict with what is live."""
        user = self._desk.user(request)
        key = opened.key or ("", "")
        with told():
            self._desk.workbench.settle(user, key, keep="theirs")
        try:
            return self.open(user, key)
        except KeyError:  # they had removed it
            return self.open_new(user)

    def undo(self, user: User, opened: Opened) -> tuple[Any, ...]:
        """Drop the user's change; a new entry is gone then."""
        key = opened.key or ("", "")
        with told():
            self._desk.workbench.undo(user, key)
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
        facets = self._desk.workbench.facets()
        choices = {"intent": facets.intents, "tags": sorted({*facets.tags, *fields.tags}),
                   "language": tuple(sorted({*facets.languages, *LANGUAGES})),
                   "file": facets.faq_files}
        updates = []
        for name in _NAMES:
            value = getattr(fields, name)
            value = "\n".join(value) if name in _LISTS else value
            value = list(value) if isinstance(value, tuple) else value
            now: dict[str, Any] = {"value": value, "interactive": lead and (
                new or name not in ("language", "file", "id"))}
            if name in choices:
                now["choices"] = list(choices[name])
            updates.append(gr.update(**now))
        return updates

    def _complete(self, mine: EntryFields) -> EntryFields:
        """Fill in the id and the file where a new entry leaves them open."""
        if mine.id and mine.file:
            return mine
        with told():
            new = self._desk.workbench.new_fields(mine.question, mine.language)
        return replace(mine, id=mine.id or new.id, file=mine.file or new.file)

    def _preview(self, user: User, opened: Opened, mine: EntryFields) -> str:
        if opened.key is None and not (mine.question.strip() or mine.answer.strip()):
            return render_preview(mine, None)
        with told():
            check = self._desk.workbench.check(user, mine, replacing=opened.key)
        return render_preview(mine, check)


def _make_fields() -> dict[str, Any]:
    return {
        "question": gr.Textbox(label="Question", lines=1, max_lines=3, elem_id="f-question"),
        "answer": gr.Textbox(label="Answer", info="Markdown; beside it you see what it becomes",
                             lines=9, max_lines=30, elem_id="f-answer"),
        "phrasings": gr.Textbox(label="Other ways to ask", info="one a line, as shoppers type",
                                lines=4, max_lines=15, elem_id="f-phrasings"),
        "tests": gr.Textbox(label="Test questions", lines=3, max_lines=15, elem_id="f-tests",
                            info="one a line; asked before every publish, not copied from above"),
        **_make_details(),
    }


def _make_details() -> dict[str, Any]:
    with gr.Row():
        intent = gr.Dropdown([], label="Topic", allow_custom_value=True, min_width=140,
                             elem_id="f-intent")
        tags = gr.Dropdown([], label="Tags", multiselect=True, allow_custom_value=True,
                           min_width=140, elem_id="f-tags")
    with gr.Row():
        since = gr.Textbox(label="Valid from", placeholder="2026-12-01", min_width=120, max_lines=1)
        until = gr.Textbox(label="Valid until", placeholder="2026-12-27", min_width=120,
                           max_lines=1)
    with gr.Row():
        language = gr.Dropdown([], label="Language", min_width=100)
        file = gr.Dropdown([], label="File", allow_custom_value=True, min_width=160)
        id_ = gr.Textbox(label="Id", placeholder="made of the question", min_width=160, max_lines=1)
    return {"intent": intent, "tags": tags, "valid_from": since, "valid_until": until,
            "language": language, "file": file, "id": id_}


def _typed(opened: Opened, values: Sequence[Any]) -> EntryFields:
    """The form's values as fields; what a saved entry can't change is taken from it."""
    told_ = dict(zip(_NAMES, values, strict=True))
    texts = {name: str(value or "") for name, value in told_.items()
             if name != "tags" and name not in _LISTS}
    lists = {name: tuple(line.strip() for line in str(told_[name] or "").splitlines()
                         if line.strip()) for name in _LISTS}
    tags = told_["tags"] if isinstance(told_["tags"], list) else []
    mine = EntryFields(
        id=texts["id"].strip(), language=texts["language"], question=texts["question"].strip(),
        answer=texts["answer"], kind=opened.fields.kind, intent=texts["intent"].strip(),
        phrasings=lists["phrasings"], tests=lists["tests"],
        tags=tuple(dict.fromkeys(str(t).strip() for t in tags if str(t).strip())),
        valid_from=texts["valid_from"].strip(), valid_until=texts["valid_until"].strip(),
        file=texts["file"].strip(),
    )
    if opened.key is None:
        return mine
    return replace(mine, id=opened.fields.id, language=opened.fields.language,
                   file=opened.fields.file)


def _opened(view: EntryView) -> Opened:
    fields = view.mine or view.live or view.base
    if fields is None:
        raise KeyError(view.key)
    return Opened(view.key, fields, view.base, live=view.live is not None, changed=view.changed,
                  removed=view.changed and view.mine is None, others=view.others)


def _blank(language: str) -> EntryFields:
    return EntryFields(id="", language=language, question="", answer="")


def _nothing() -> Opened:
    raise refusal("This page has lost its place. Load it again: what you typed comes back.")


def _given_fields(value: Any) -> EntryFields | None:
    """Fields as the browser kept them; None where they are none."""
    if not isinstance(value, dict):
        return None
    blank = _blank("")
    found: dict[str, Any] = {}
    for name, default in asdict(blank).items():
        one = value.get(name)
        if isinstance(default, tuple):
            found[name] = tuple(str(v) for v in one) if isinstance(one, list) else ()
        else:
            found[name] = str(one or default)
    if found["kind"] not in ("faq", "policy"):
        found["kind"] = "faq"
    return EntryFields(**found)
