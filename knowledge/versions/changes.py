"""What changed between two versions, in words that a support lead understands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Literal

from knowledge.entries import Content, Entry
from knowledge.versions.product_changes import compare_products
from knowledge.versions.word_diff import Piece, word_diff

__all__ = ["Changes", "EntryChange", "Piece", "compare", "word_diff"]

_Key = tuple[str, str]
# All that Entry.version covers; comparing it takes a twentieth of the time of the digest.
_substance = attrgetter(*(field.name for field in fields(Entry) if field.name != "source"))


@dataclass(frozen=True)
class EntryChange:
    """One entry that differs; `words` say how, a sentence each."""

    key: _Key
    kind: Literal["added", "removed", "changed"]
    title: str
    before: Entry | None
    after: Entry | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """All that differs; `products` are lines to show as they are."""

    entries: tuple[EntryChange, ...]
    products: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.entries or self.products)


def compare(before: Content, after: Content) -> Changes:
    """Say what changed: entries in the order of `after`, then the removed ones; then products."""
    old = {entry.key: entry for entry in before.entries}
    new = {entry.key: entry for entry in after.entries}
    removed = [entry for key, entry in old.items() if key not in new]
    added = [entry for key, entry in new.items() if key not in old]
    renamed = {_text(entry): entry for entry in removed}
    names = {_text(entry): entry for entry in added}
    changes: list[EntryChange] = []
    for key, entry in new.items():
        earlier = old.get(key)
        if earlier is None:
            words = [f"added to {entry.source.file}"]
            if twin := renamed.get(_text(entry)):
                words.append(f"renamed from {twin.id}")
            changes.append(EntryChange(key, "added", entry.question, None, entry, tuple(words)))
        elif words := _differences(earlier, entry):
            change = EntryChange(key, "changed", entry.question, earlier, entry, tuple(words))
            changes.append(change)
    for entry in removed:
        words = [f"removed from {entry.source.file}"]
        if twin := names.get(_text(entry)):
            words.append(f"renamed to {twin.id}")
        changes.append(EntryChange(entry.key, "removed", entry.question, entry, None, tuple(words)))
    return Changes(tuple(changes), compare_products(before.products, after.products))


def _text(entry: Entry) -> tuple[str, str, str]:
    return entry.language, entry.question, entry.answer


def _differences(before: Entry, after: Entry) -> list[str]:
    """Return nothing if only the line differs."""
    if before is after:
        return []
    words: list[str] = []
    if _substance(before) != _substance(after):
        words += _worded(before, after)
    if before.source.file != after.source.file:
        words.append(f"moved from {before.source.file} to {after.source.file}")
    return words


def _worded(before: Entry, after: Entry) -> Iterator[str]:
    if before.question != after.question:
        yield f'question: "{before.question}" is now "{after.question}"'
    if before.answer != after.answer:
        yield "answer changed"
    if before.heading_path != after.heading_path:
        yield f'heading: "{_path(before)}" is now "{_path(after)}"'
    yield from _listed("phrasing", before.phrasings, after.phrasings)
    yield from _listed("test question", before.tests, after.tests)
    if before.intent != after.intent:
        yield f"topic (intent): {before.intent or 'none'} → {after.intent or 'none'}"
    yield from (f"tag added: {tag}" for tag in sorted(after.tags - before.tags))
    yield from (f"tag removed: {tag}" for tag in sorted(before.tags - after.tags))
    if (before.valid_from, before.valid_until) != (after.valid_from, after.valid_until):
        yield _shown(after)
    if before.kind != after.kind:
        yield f"is now part of {'a policy' if after.kind == 'policy' else 'the FAQ'}"


def _path(entry: Entry) -> str:
    return " / ".join(entry.heading_path)


def _listed(what: str, before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    old, new = set(before), set(after)
    yield from (f'{what} added: "{text}"' for text in after if text not in old)
    yield from (f'{what} removed: "{text}"' for text in before if text not in new)
    if old == new and before != after:
        yield f"{what}s in another order"


def _shown(entry: Entry) -> str:
    start = f" from {entry.valid_from}" if entry.valid_from else ""
    end = f" until {entry.valid_until}" if entry.valid_until else ""
    return f"now shown{start}{end}" if start or end else "now shown on every day"
