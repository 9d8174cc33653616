"""The list of entries as safe HTML. Pure."""

import re

from bot.publishing.values import EntryPage, EntryRow
from ui.markup import escape
from ui.studio.elements import attributes, button, empty, key_data, pager, pill

STATES = {
    "new": ("new in your draft", "new"),
    "changed": ("changed in your draft", "new"),
    "removed": ("removed in your draft", "bad"),
    "scheduled": ("not shown yet", "warn"),
    "expired": ("no longer shown", "warn"),
}


def render_entries(page: EntryPage) -> str:
    """One page of the list. Sends `open` and `turn`."""
    if not page.total:
        return empty("No entry fits", "Use fewer words, or set the filters back to all.")
    head = "".join(f'<th scope="col">{t}</th>' for t in ("Question", "Topic", "Tags", "File"))
    rows = "".join(_row(row) for row in page.rows)
    return (f'<table class="list entries"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>'
            f'</table>{pager(page.page, page.pages, page.total, what="entry")}')


def _row(row: EntryRow) -> str:
    name, language = row.key
    state = pill(*STATES[row.state]) if row.state else ""
    tags = "".join(pill(tag) for tag in row.tags)
    policy = pill("policy") if row.kind == "policy" else ""
    return (
        f'<tr data-do="open"{attributes(key_data(row.key))}>'
        f'<td>{button(row.question or name, "open", key_data(row.key), look="link")}'
        f'<p class="soft cut">{escape(_plain(row.answer_start))}</p></td>'
        f'<td><span class="cut">{escape(row.intent)}</span></td>'
        f'<td>{state}{policy}{tags}</td>'
        f'<td>{pill(language.upper())} <code>{escape(row.file)}:{row.line}</code></td></tr>'
    )


def _plain(markdown: str) -> str:
    """The words without most of the Markdown: enough to recognise an answer."""
    without_links = re.sub(r"\[([^\]]*)\]\([^)]*\)?", r"\1", markdown)
    return re.sub(r"(?m)[*`]|^[#>-]+ +", "", without_links)
