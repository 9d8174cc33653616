"""What stands around an entry's form: its heading, the shopper's view, a conflict. Pure."""

import json
from dataclasses import asdict, dataclass

from bot.publishing.values import Check, Conflict, Key
from knowledge.editing.fields import EntryFields
from ui.markup import escape, render_markdown
from ui.studio.changes_view import render_sides
from ui.studio.elements import button, key_data, notice, pill, problem_list


@dataclass(frozen=True)
class Opened:
    """The entry in the form, as it was when it was opened or last saved.

    `key`: None where it was never saved. `base`: what a change is based on. `live`: whether
    shoppers get some version of it. `others`: who has an unpublished change to it, too.
    """

    key: Key | None
    fields: EntryFields
    base: EntryFields | None
    live: bool = False
    changed: bool = False
    removed: bool = False
    others: tuple[str, ...] = ()


def render_heading(
    opened: Opened, title: str, *, lead: bool, saved: str = "", unsaved: bool = False
) -> str:
    """Title, state and actions. Sends `back`, `save`, `undo`, `remove`, `history`.

    `data-opened` is what the browser keeps beside unsaved text, should the page be loaded again;
    `unsaved`: such text is in the form now.
    """
    kept = json.dumps({"key": opened.key, "fields": asdict(opened.fields),
                       "base": asdict(opened.base) if opened.base else None}, ensure_ascii=False)
    others = "".join(notice(f"{name} has an unpublished change to this, too.", "warn")
                     for name in opened.others)
    said = f'<span class="saved" role="status">{escape(saved)}</span>' if saved else ""
    shown = title or (opened.key[0] if opened.key else "New entry")
    return (
        f'<div class="form-head" data-opened="{escape(kept)}" data-unsaved="{int(unsaved)}">'
        f'{button("← Entries", "back", look="link back")}<div class="line">'
        f'<h2 tabindex="-1">{escape(shown)}</h2>{_state(opened)}<span class="unsaved">'
        f"not saved</span>{said}"
        f"</div>{_actions(opened) if lead else _reader(opened)}{others}</div>"
    )


def _state(opened: Opened) -> str:
    if opened.removed:
        return pill("removed in your draft", "bad")
    if opened.changed:
        return pill("in your draft" if opened.live else "in your draft, not live yet", "new")
    return pill("live", "good") if opened.live else pill("new")


def _actions(opened: Opened) -> str:
    made = [button("Save to draft", "save", look="solid")]
    if opened.changed:
        made.append(button("Undo my change", "undo", confirm=(
            "Drop your unpublished change to this entry? What is live stays as it is.")))
    if opened.key and not opened.removed:
        made.append(button("Remove", "remove", look="danger", confirm=(
            "Remove this entry? Shoppers get it until you publish.")))
    return f'<div class="actions">{"".join(made)}{_history(opened)}' \
           '<span class="soft keys">Ctrl+S saves, Esc goes back</span></div>'


def _reader(opened: Opened) -> str:
    return f'<div class="actions">{_history(opened)}' \
           '<span class="soft">You can look, but only a lead can change entries.</span></div>'


def _history(opened: Opened) -> str:
    return button("History of this entry", "history", key_data(opened.key)) if (
        opened.key and opened.live) else ""


def render_preview(fields: EntryFields, check: Check | None) -> str:
    """The answer as shoppers see it, and what is wrong with the entry, once there is some text."""
    answer = render_markdown(fields.answer) if fields.answer.strip() else (
        '<p class="soft">There is no answer yet.</p>')
    question = escape(fields.question) or '<span class="soft">the question</span>'
    return (
        f'<section class="preview"><h3>As shoppers see it</h3><div class="asked">{question}</div>'
        f'<div class="bubble" lang="{escape(fields.language)}">{answer}</div></section>'
        f'<section aria-live="polite"><h3>Check</h3>{_checked(check)}</section>'
    )


def _checked(check: Check | None) -> str:
    if check is None:
        return '<p class="soft">Write a question and an answer.</p>'
    if not check.problems:
        return '<p class="fine">No problems found.</p>'
    return problem_list(check.problems)


def render_conflict(conflict: Conflict, *, inside_form: bool) -> str:
    """Both texts, and the choice. Sends `mine`, `theirs`, and in the form `edit`."""
    data = key_data(conflict.key)
    name, language = conflict.key
    told = (
        f"Somebody published another version of {name} since you began. Nothing of yours is lost."
        if conflict.theirs is not None or not language else
        f"Somebody removed {name} since you began. Nothing of yours is lost."
    )
    keep = button("Keep mine", "mine", data, look="solid") + button("Take theirs", "theirs", data,
        confirm="Take their version? Your text of this entry is dropped.")
    edit = button("Edit on", "edit", data) if inside_form else button("Open", "open", data)
    sides = render_sides(conflict.mine, conflict.theirs, ("Yours", "Theirs, live now"))
    if not language:  # a whole file, such as the product feed
        edit, sides = "", ""
    return (f'<div class="conflict" role="alert"><h3>Two versions</h3><p>{escape(told)}</p>'
            f'{sides}<div class="actions">{keep}{edit}</div></div>')


