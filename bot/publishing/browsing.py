"""Lists of entries and products, searched and cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from bot.publishing.drafts import Draft
from bot.publishing.values import EntryPage, EntryRow, EntrySearch, ProductPage, ProductRow
from bot.wording import money
from knowledge.editing.fields import EntryFields
from knowledge.entries import Entry, Product

T = TypeVar("T")
State = Literal["", "new", "changed", "removed", "scheduled", "expired"]

_ANSWER_START = 120


@dataclass(frozen=True)
class Facets:
    """What the filters and the form offer to choose from."""

    languages: tuple[str, ...]
    tags: tuple[str, ...]
    files: tuple[str, ...]
    intents: tuple[str, ...]
    faq_files: tuple[str, ...]


def find_entries(
    entries: Sequence[Entry], draft: Draft, search: EntrySearch, today: date
) -> EntryPage:
    """Return one page of the entries, new ones of the draft first, then in the order of files."""
    edits = {edit.key: edit for edit in draft.entries}
    live = {entry.key for entry in entries}
    words = search.text.casefold().split()
    rows = [
        _drafted(e.key, e.mine)
        for e in draft.entries
        if e.key not in live and e.mine is not None and _holds(e.mine, words)
    ]
    for entry in entries:
        edit = edits.get(entry.key)
        if edit is None or edit.mine is None:
            if _holds(entry, words):
                rows.append(_row(entry, "removed" if edit else state_on(entry, today)))
        elif _holds(edit.mine, words):
            rows.append(_drafted(entry.key, edit.mine, live=entry))
    return EntryPage(*_page([r for r in rows if _fits(r, search)], search.page, search.page_size))


def facets(entries: Sequence[Entry], intents: Sequence[str]) -> Facets:
    """Return what there is to choose from."""
    files = sorted({entry.source.file for entry in entries})
    return Facets(
        tuple(sorted({entry.language for entry in entries})),
        tuple(sorted({tag for entry in entries for tag in entry.tags})),
        tuple(files),
        tuple(sorted({*intents, *(entry.intent for entry in entries if entry.intent)})),
        tuple(file for file in files if file.startswith("faq/")),
    )


def find_products(
    products: Sequence[Product], text: str, *, page: int, page_size: int
) -> ProductPage:
    """Return one page of the products that hold all the words."""
    words = text.casefold().split()
    found = [p for p in products if all(word in _product_text(p) for word in words)]
    cut, total, page, pages = _page(found, page, page_size)
    return ProductPage(tuple(map(_product, cut)), total, page, pages)


def state_on(entry: Entry, today: date) -> State:
    """Return whether an entry is shown on a day, or why not."""
    if entry.valid_from is not None and today < entry.valid_from:
        return "scheduled"
    return "expired" if entry.valid_until is not None and today > entry.valid_until else ""


def _row(entry: Entry, state: State) -> EntryRow:
    return EntryRow(
        entry.key,
        entry.question,
        entry.answer[:_ANSWER_START],
        entry.kind,
        entry.intent or "",
        tuple(sorted(entry.tags)),
        entry.source.file,
        entry.source.line,
        state,
    )


def _drafted(key: tuple[str, str], mine: EntryFields, live: Entry | None = None) -> EntryRow:
    return EntryRow(
        key,
        mine.question,
        mine.answer[:_ANSWER_START],
        mine.kind,
        mine.intent,
        mine.tags,
        mine.file,
        live.source.line if live else 0,
        "changed" if live else "new",
    )


def _fits(row: EntryRow, search: EntrySearch) -> bool:
    state = "changed" if row.state in ("new", "removed") else row.state
    exact = (
        (search.language, row.key[1]),
        (search.kind, row.kind),
        (search.file, row.file),
        (search.state, state),
    )
    if any(wanted and wanted != found for wanted, found in exact):
        return False
    return not search.tag or search.tag in row.tags


def _product(product: Product) -> ProductRow:
    sale = product.sale_price
    return ProductRow(
        product.id,
        product.title,
        money(product.price, product.currency),
        "" if sale is None else money(sale, product.currency),
        product.availability,
        product.product_type,
        product.brand,
        product.source.file,
        product.source.line,
    )


def _product_text(product: Product) -> str:
    parts = (product.id, product.title, *product.titles.values(), product.brand)
    return " ".join((*parts, product.product_type)).casefold()


def _holds(entry: Entry | EntryFields, words: Sequence[str]) -> bool:
    """Whether all words stand somewhere in the entry."""
    if not words:
        return True
    parts = (entry.id, entry.question, *entry.phrasings, *entry.tests, entry.answer)
    text = "\n".join(parts).casefold()
    return all(word in text for word in words)


def _page(rows: Sequence[T], page: int, page_size: int) -> tuple[tuple[T, ...], int, int, int]:
    """Return the rows of one page, how many there are in all, the page and how many pages."""
    pages = max(1, -(-len(rows) // page_size))
    page = min(max(page, 1), pages)
    return tuple(rows[(page - 1) * page_size : page * page_size]), len(rows), page, pages
