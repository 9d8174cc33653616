"""What only several files together can get wrong: ids, products that answers name, questions."""

import difflib
from collections.abc import Iterator, Sequence
from itertools import islice

from knowledge.entries import Entry, Problem
from knowledge.formats.placed import ParsedFile, PlacedEntry

# Nearness takes some ten microseconds an id: enough ids for nearly every shop, and for the first
# mistakes of a file that has a thousand of them.
_COMPARED = 5_000
_HINTS = 20


def compare_files(files: Sequence[ParsedFile]) -> Iterator[Problem]:
    """Yield the problems of files taken together; each file's own are not among them."""
    yield from _repeated_ids(files)
    yield from _repeated_products(files)
    yield from _repeated_questions(files)
    yield from _unknown_products(files)


def _repeated_ids(files: Sequence[ParsedFile]) -> Iterator[Problem]:
    first: dict[tuple[str, str], PlacedEntry] = {}
    for file in files:
        for placed in file.entries:
            entry = placed.entry
            known = first.setdefault((entry.id, entry.language), placed)
            if known is not placed:
                at = f"{known.entry.source.file}:{known.id_line}"
                what = f"id {entry.id!r} is already used in {entry.language} at {at}; rename one"
                yield Problem(entry.source.file, placed.id_line, placed.id_column, what)


def _repeated_products(files: Sequence[ParsedFile]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for file in files:
        for product, column in file.feed.products:
            if product.id in first:
                what = f"id {product.id!r} is already used at {first[product.id]}; rename one"
                yield Problem(product.source.file, product.source.line, column, what)
            else:
                first[product.id] = str(product.source)


def _repeated_questions(files: Sequence[ParsedFile]) -> Iterator[Problem]:
    """Yield FAQ questions that two entries have at the same time; headings of policies repeat."""
    first: dict[tuple[str, str], Entry] = {}
    for file in files:
        for placed in file.entries:
            entry = placed.entry
            if entry.kind != "faq":
                continue
            # Files are compared whenever one changes: the dictionary does the work.
            bare = " ".join(entry.question.casefold().split()).rstrip("?!.。？！… ")
            known = first.setdefault((entry.language, bare), entry)
            if known is not entry and known.key != entry.key and known.meets(entry):
                what = f"the same question stands at {known.source}; reword one or join the two"
                source = entry.source
                yield Problem(source.file, source.line, placed.question_column, what, warning=True)


def _unknown_products(files: Sequence[ParsedFile]) -> Iterator[Problem]:
    if not all(file.feed.complete for file in files):
        return  # any of them may stand in a row that could not be read
    known = {placed.product.id for file in files for placed in file.feed.products}
    known.update(*(file.feed.failed for file in files))
    near: dict[str, str | None] = {}
    for file in files:
        for placed in file.entries:
            for name, line, column in placed.references:
                if name in known:
                    continue
                if name not in near:
                    near[name] = _nearest(name, known) if len(near) < _HINTS else None
                hint = near[name]
                remedy = f"did you mean {hint!r}?" if hint else "write an id of the product feed"
                shown = name if len(name) <= 60 else name[:57] + "…"
                what = f"no product has the id {shown!r}; {remedy}"
                yield Problem(placed.entry.source.file, line, column, what)


def _nearest(name: str, known: set[str]) -> str | None:
    alike = sorted(other for other in known if abs(len(other) - len(name)) <= 2)
    # Ids that begin alike come first: a mistyped digit is more usual than a mistyped series.
    alike.sort(key=lambda other: other[:2] != name[:2])
    found = difflib.get_close_matches(name[:80], islice(alike, _COMPARED), n=1, cutoff=0.7)
    return found[0] if found else None
