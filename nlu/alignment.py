"""The text that the models read, with the typed characters that each of its characters stands for.

Unicode normalisation joins and splits characters, so offsets into one text mean nothing in the
other. It never reaches across a character that can't join the one before it, though: each such
cluster is normalised by itself, and its characters stand for the whole cluster.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlu.han import simplify

MAX_CHARACTERS = 1000
"""Longer utterances are cut for the models; shoppers' questions are under 200."""

_UNSEEN = ("Cc", "Cf", "Cs", "Cn")  # control, format, unpaired surrogate, unassigned
_REPEATED = re.compile(r"(\W|_)(?:\s*\1){2,}")
# The first character that can join another is U+0300; Hangul vowels and ends join without a mark.
_FIRST_MARK = "\u0300"
_HANGUL_TAILS = re.compile("[\u1161-\u1175\u11a8-\u11c2]")

_Piece = tuple[str, int, int]  # one character, and the [start, end) of the typed text it stands for


@dataclass(frozen=True)
class Aligned:
    """Normalised text; its character i stands for [starts[i], ends[i]) of the text as typed."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def typed(self, start: int, end: int) -> tuple[int, int]:
        """Return where the non-empty [start, end) of `text` stands in the text as typed."""
        return self.starts[start], self.ends[end - 1]

    def read(self, start: int, end: int) -> tuple[int, int]:
        """Return where [start, end) of the text as typed stands in `text`.

        What shares a typed character counts; the range is empty when nothing of it was kept.
        """
        first = bisect_right(self.ends, start)
        return first, max(first, bisect_left(self.starts, end))


def normalise_with_offsets(text: str) -> Aligned:
    """Return the text as the models read it, see `nlu.language.normalise`, with its offsets."""
    # Cut first: the rest need not chew a megabyte. One character can become 18.
    pieces = _without_repeats(_single_spaced(_plain(text[: 2 * MAX_CHARACTERS])))[:MAX_CHARACTERS]
    if pieces and pieces[-1][0] == " ":
        pieces.pop()
    characters, starts, ends = zip(*pieces, strict=True) if pieces else ((), (), ())
    return Aligned("".join(characters), starts, ends)


def _plain(text: str) -> Iterator[_Piece]:
    """Yield the characters of NFKC and simplified Chinese, cluster by cluster."""
    cluster = ""
    start = end = 0
    for at, character in enumerate(text):
        if character.isspace():
            character = " "
        elif unicodedata.category(character) in _UNSEEN:
            continue
        if cluster and not _joins(character):
            yield from _normal(cluster, start, end)
            cluster = ""
        if not cluster:
            start = at
        cluster += character
        end = at + 1
    yield from _normal(cluster, start, end)


def _joins(character: str) -> bool:
    """Tell whether NFKC may join the character with what stands before it."""
    if character < _FIRST_MARK:
        return False
    first = unicodedata.normalize("NFKC", character)[0]
    return unicodedata.category(first)[0] == "M" or _HANGUL_TAILS.match(first) is not None


def _normal(cluster: str, start: int, end: int) -> Iterator[_Piece]:
    normal = unicodedata.normalize("NFKC", cluster)
    as_typed = normal == cluster and len(normal) == end - start
    for at, character in enumerate(simplify(normal), start):
        yield (character, at, at + 1) if as_typed else (character, start, end)


def _single_spaced(pieces: Iterable[_Piece]) -> list[_Piece]:
    kept: list[_Piece] = []
    for piece in pieces:
        if piece[0] != " " or (kept and kept[-1][0] != " "):
            kept.append(piece)
        elif kept:
            kept[-1] = (" ", kept[-1][1], piece[2])
    if kept and kept[-1][0] == " ":
        kept.pop()
    return kept


def _without_repeats(pieces: list[_Piece]) -> list[_Piece]:
    """Leave one of every run of the same sign; it stands for the whole run."""
    kept: list[_Piece] = []
    at = 0
    for run in _REPEATED.finditer("".join(piece[0] for piece in pieces)):
        kept += pieces[at : run.start()]
        kept.append((run[1], pieces[run.start()][1], pieces[run.end() - 1][2]))
        at = run.end()
    return kept + pieces[at:]
