"""Small pieces of HTML that every page of the studio uses. Pure; every text is escaped."""

from collections.abc import Iterable, Mapping

from bot.publishing.values import Key
from knowledge.entries import Problem
from ui.markup import escape


def button(
    label: str,
    do: str,
    data: Mapping[str, str] | None = None,
    *,
    look: str = "quiet",
    confirm: str = "",
) -> str:
    """A button whose press the page's script sends as the event `do`, with `data`.

    Args:
        label: What is on it.
        do: The event's name.
        data: What the event carries; every value comes back as text.
        look: "quiet", "solid", "danger" or "link".
        confirm: A sentence to agree to first.
    """
    asked = f' data-confirm="{escape(confirm)}"' if confirm else ""
    return (f'<button type="button" class="{look}" data-do="{escape(do)}"{asked}'
            f"{attributes(data or {})}>{escape(label)}</button>")


def attributes(data: Mapping[str, str]) -> str:
    """`data-…` attributes."""
    return "".join(f' data-{escape(name)}="{escape(value)}"' for name, value in data.items())


def key_data(key: Key) -> dict[str, str]:
    """What names an entry in an event."""
    return {"id": key[0], "language": key[1]}


def pill(text: str, look: str = "") -> str:
    """A short mark: look "good", "bad", "warn", "new" or none."""
    return f'<span class="pill {look}">{escape(text)}</span>'


def notice(text: str, look: str = "", inside: str = "") -> str:
    """A sentence in a box; `inside` is HTML after it."""
    role = "alert" if look == "bad" else "status"
    return f'<div class="notice {look}" role="{role}"><p>{escape(text)}</p>{inside}</div>'


def empty(title: str, text: str = "") -> str:
    """What a page shows that has nothing to show."""
    return f'<div class="empty"><h3>{escape(title)}</h3><p>{escape(text)}</p></div>'


def pager(page: int, pages: int, total: int, *, what: str) -> str:
    """Where in a list one is, and the way to the neighbours. Sends `turn`."""
    counted = count(total, what)
    if pages <= 1:
        return f'<nav class="pager" aria-label="Pages"><span>{counted}</span></nav>'
    return (
        f'<nav class="pager" aria-label="Pages"><span>{counted}, '
        f"page {page} of {pages:,}</span>"
        + _step("First", 1, page > 1) + _step("Previous", page - 1, page > 1)
        + _step("Next", page + 1, page < pages) + _step("Last", pages, page < pages) + "</nav>"
    )


def _step(label: str, page: int, possible: bool) -> str:
    made = button(label, "turn", {"page": str(page)})
    return made if possible else made.replace("<button", "<button disabled", 1)


def count(number: int, what: str) -> str:
    """A number with its noun: `1 entry`, `2,000 entries`, `3 test questions`."""
    if number == 1:
        return f"1 {what}"
    plural = what[:-1] + "ies" if what.endswith("y") else what + "s"
    return f"{number:,} {plural}"


def problem_list(problems: Iterable[Problem]) -> str:
    """Problems with their place, errors first; nothing where there are none."""
    items = "".join(
        f'<li class="{"warn" if p.warning else "bad"}">'
        f'<b>{"Warning" if p.warning else "Error"}</b> {escape(p.what)} '
        f"<code>{escape(f'{p.file}:{p.line}:{p.column}')}</code></li>"
        for p in sorted(problems, key=lambda p: p.warning)
    )
    return f'<ul class="problems">{items}</ul>' if items else ""


def upload_box(title: str, what: str, kinds: Iterable[str], *, max_mb: float) -> str:
    """A place to drop or choose a file. Sends `uploaded` with `path` and `name`."""
    return (
        f'<label class="upload" data-max-mb="{max_mb:g}"><input type="file" class="unseen" '
        f'accept="{escape(",".join(kinds))}"><strong>{escape(title)}</strong>'
        f'<span class="soft">{escape(what)}, at most {max_mb:g} MB. Choose a file or drop it '
        'here.</span><span class="saved" role="status"></span></label>'
    )
