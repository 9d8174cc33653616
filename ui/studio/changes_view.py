"""What a change does, as safe HTML: which entries, in words, and their texts word by word. Pure."""

from collections.abc import Sequence

from knowledge.editing.fields import EntryFields, fields_of
from knowledge.entries import Entry
from knowledge.versions.changes import Changes, EntryChange, word_diff
from ui.markup import escape
from ui.studio.elements import pill

MOST = 200
"""Entries shown at once: a browser draws no more of them quickly, and nobody reads more."""

_FEW = 5  # changes whose texts are shown at once

_LOOKS = {"added": ("new", "good"), "changed": ("changed", "new"), "removed": ("removed", "bad")}
_TEXTS = (
    ("Question", "question"), ("Answer", "answer"), ("Phrasings", "phrasings"),
    ("Test questions", "tests"), ("Topic", "intent"), ("Tags", "tags"),
    ("Valid from", "valid_from"), ("Valid until", "valid_until"),
)


def render_changes(changes: Changes, actions: Sequence[str] = ()) -> str:
    """All changes; `actions` are buttons for each entry's change, in the same order."""
    if not changes.entries and not changes.products:
        return '<p class="soft">Nothing changes for shoppers.</p>'
    few = len(changes.entries) <= _FEW
    entries = "".join(
        _change(change, actions[n] if n < len(actions) else "", few)
        for n, change in enumerate(changes.entries[:MOST])
    )
    more = len(changes.entries) - MOST
    rest = f'<p class="soft">and {more:,} more entries</p>' if more > 0 else ""
    products = "".join(f"<li>{escape(line)}</li>" for line in changes.products)
    listed = f'<h4>Products</h4><ul class="plain">{products}</ul>' if products else ""
    return f'<ul class="changes">{entries}</ul>{rest}{listed}'


def _change(change: EntryChange, action: str, unfolded: bool) -> str:
    word, look = _LOOKS[change.kind]
    name, language = change.key
    shown = " open" if unfolded and change.kind != "removed" else ""
    title = "The text, word by word" if change.kind == "changed" else "The text"
    words = "".join(f"<li>{escape(w)}</li>" for w in change.words)
    return (
        f'<li><div class="line">{pill(word, look)}<strong>{escape(change.title)}</strong>'
        f"<code>{escape(name)} · {escape(language)}</code>{action}</div>"
        f'<ul class="plain">{words}</ul><details{shown}><summary>{title}</summary>'
        f"{render_texts(_fields(change.before), _fields(change.after))}</details></li>"
    )


def _fields(entry: Entry | None) -> EntryFields | None:
    return None if entry is None else fields_of(entry)


def render_texts(before: EntryFields | None, after: EntryFields | None) -> str:
    """Every field that differs, word by word; a whole entry where there is only one side."""
    rows = "".join(
        f"<dt>{label}</dt><dd>{render_diff(text_of(before, name), text_of(after, name))}</dd>"
        for label, name in _TEXTS
        if text_of(before, name) != text_of(after, name)
    )
    return f'<dl class="diff">{rows}</dl>' if rows else '<p class="soft">The texts are equal.</p>'


def render_sides(
    mine: EntryFields | None, theirs: EntryFields | None, titles: tuple[str, str]
) -> str:
    """Two versions side by side; each side marks the words that only it has."""
    return f'<div class="sides">{_side(titles[0], mine, theirs)}{_side(titles[1], theirs, mine)}' \
           "</div>"


def _side(title: str, shown: EntryFields | None, other: EntryFields | None) -> str:
    if shown is None:
        return f"<section><h4>{escape(title)}</h4><p>The entry is removed.</p></section>"
    rows = []
    for label, name in _TEXTS:
        text, against = text_of(shown, name), text_of(other, name)
        if text or against:
            marked = "".join(
                f"<mark>{escape(p.text)}</mark>" if p.kind == "added" else escape(p.text)
                for p in word_diff(against, text) if p.kind != "removed"
            ) if other is not None else escape(text)
            same = " same" if text == against else ""
            rows.append(f'<dt class="{same}">{label}</dt><dd class="{same}">{marked}</dd>')
    return f'<section><h4>{escape(title)}</h4><dl class="diff">{"".join(rows)}</dl></section>'


def render_diff(before: str, after: str) -> str:
    """One text into another: what went is struck out, what came is underlined."""
    tags = {"removed": ("<del>", "</del>"), "added": ("<ins>", "</ins>"), "same": ("", "")}
    return "".join(
        tags[p.kind][0] + escape(p.text) + tags[p.kind][1] for p in word_diff(before, after)
    )


def text_of(fields: EntryFields | None, name: str) -> str:
    """One field as one text; lists one item a line."""
    value = "" if fields is None else getattr(fields, name)
    return value if isinstance(value, str) else "\n".join(value)
