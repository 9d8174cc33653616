"""What an answer may hold, told at the line and column of the file where it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from knowledge.formats.links import PRODUCT, link_fault
from knowledge.formats.markdown_marks import Mark, find_marks
from knowledge.formats.placed import Reference
from knowledge.formats.reading import Problems

LONGEST = {"faq": 1200, "policy": 3000}
"""Characters of an answer beyond which it is called long. 1,200 fill about two screens of a
phone, and a shopper asked one question; a passage of a policy is looked up, so it may be what
people read in two minutes or so."""


@dataclass(frozen=True)
class AnswerText:
    """An answer as typed; `place` gives the file's 1-based line and column of an offset in it."""

    value: str
    place: Callable[[int], tuple[int, int]]


def check_answer(
    name: str, answer: AnswerText, kind: Literal["faq", "policy"], problems: Problems
) -> tuple[Reference, ...]:
    """Note what channels such as voice can't show, bad links and length; return product links."""
    longest = LONGEST[kind]
    if len(answer.value) > longest:
        what = f"the answer of {name!r} has {len(answer.value):,} characters, much for a phone"
        problems.warn(*answer.place(0), f"{what}; keep it to {longest:,}, or divide it")
    try:
        marks = find_marks(answer.value)
    except (RecursionError, ValueError, IndexError) as error:
        problems.add(*answer.place(0), f"not readable as Markdown ({error}); simplify its nesting")
        return ()
    for start, what in _faults(name, marks, answer.value):
        problems.add(*answer.place(start), what)
    return tuple(
        Reference(mark.target.removeprefix(PRODUCT), *answer.place(mark.target_start))
        for mark in marks
        if mark.kind == "link" and mark.target.startswith(PRODUCT) and mark.target != PRODUCT
    )


def _faults(name: str, marks: tuple[Mark, ...], answer: str) -> Iterator[tuple[int, str]]:
    """Yield the offset of each mistake, and what it is."""
    html_end = -1
    for mark in marks:
        if mark.kind in ("html", "image"):
            what = "an image" if mark.kind == "image" else "HTML"
            remedy = "use text, lists, **bold** and links"
            # The tags of one line are one mistake.
            if mark.kind == "image" or html_end < 0 or "\n" in answer[html_end : mark.start]:
                yield mark.start, f"the answer of {name!r} holds {what}; {remedy}"
            html_end = mark.end if mark.kind == "html" else html_end
        elif mark.kind != "link" and mark.target.startswith(PRODUCT):
            yield mark.target_start, "a product link without words; write [words](product:ID)"
        elif fault := link_fault(mark.target):
            yield mark.target_start, fault
        elif mark.kind == "broken":
            yield mark.target_start, "not readable as a link; write [words](https://SITE/PAGE)"
