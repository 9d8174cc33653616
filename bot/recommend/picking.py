"""“The first two”, “the last one”, 第二个: which of the things shown a shopper means."""

import re
import unicodedata
from collections.abc import Sequence

_NUMBERS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "last": -1, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5,
    "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "two": 2, "three": 3, "couple": 2,
}  # fmt: skip
_SEVERAL = re.compile(
    r"\b(?:the |these )?(?P<end>first|last) (?P<count>two|three|couple|2|3)\b"
    r"|(?P<han>前|头|后)(?P<many>[两二三23])(?:个|款|件|双|顶|种)"
)
_ONE = re.compile(
    r"\bthe (?P<en>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th)(?: one| product)?\b"
    r"(?! (?:time|day|thing|week|order|aid))"
    r"|第(?P<han>[一二三四五1-5])(?:个|款|件|双|顶|种)|(?P<end>最后一?)(?:个|款|件|双|顶|种)"
)


def picked(text: str, shown: Sequence[str]) -> tuple[str, ...]:
    """Return those of the things shown that the text counts out, in the order it names them.

    Args:
        text: the shopper's words.
        shown: what was shown last, first to last.
    """
    words = unicodedata.normalize("NFKC", text).casefold()
    several = _SEVERAL.search(words)
    if several is not None:
        count = _NUMBERS[several["count"] or several["many"]]
        from_end = several["end"] == "last" or several["han"] == "后"
        return tuple(shown[-count:] if from_end else shown[:count])
    places = [_NUMBERS[m["en"] or m["han"] or "last"] for m in _ONE.finditer(words)]
    found = [shown[p - 1 if p > 0 else p] for p in places if p <= len(shown) and shown]
    return tuple(dict.fromkeys(found))
