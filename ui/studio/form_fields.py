"""The fields of the form, and their values as an entry's fields."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import gradio as gr

from bot.publishing.values import EntryView
from knowledge.editing.fields import EntryFields
from ui.studio.form_view import Opened

NAMES = ("question", "phrasings", "tests", "answer", "intent", "tags", "valid_from", "valid_until",
          "language", "file", "id")
CHOSEN = ("intent", "tags", "language", "file")
"""Chosen from a list; the page's script knows them in this order."""

LISTS = frozenset({"phrasings", "tests"})


def make_fields() -> dict[str, Any]:
    """Gradio's components by the names of the fields, in the order of the page."""
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


def typed_fields(opened: Opened, values: Sequence[Any]) -> EntryFields:
    """The form's values as fields; what a saved entry can't change is taken from it."""
    sent = dict(zip(NAMES, values, strict=True))
    texts = {name: str(value or "") for name, value in sent.items()
             if name != "tags" and name not in LISTS}
    lists = {name: tuple(line.strip() for line in str(sent[name] or "").splitlines()
                         if line.strip()) for name in LISTS}
    tags = sent["tags"] if isinstance(sent["tags"], list) else []
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


def opened_of(view: EntryView) -> Opened:
    """An entry as the form opens it."""
    fields = view.mine or view.live or view.base
    if fields is None:
        raise KeyError(view.key)
    return Opened(view.key, fields, view.base, live=view.live is not None, changed=view.changed,
                  removed=view.changed and view.mine is None, others=view.others)


def blank(language: str) -> EntryFields:
    """An entry without a text."""
    return EntryFields(id="", language=language, question="", answer="")


def given_fields(value: Any) -> EntryFields | None:
    """Fields as the browser kept them; None where they are none."""
    if not isinstance(value, dict):
        return None
    found: dict[str, Any] = {}
    for name, default in asdict(blank("")).items():
        one = value.get(name)
        if isinstance(default, tuple):
            found[name] = tuple(str(v) for v in one) if isinstance(one, list) else ()
        else:
            found[name] = str(one or default)
    if found["kind"] not in ("faq", "policy"):
        found["kind"] = "faq"
    return EntryFields(**found)
