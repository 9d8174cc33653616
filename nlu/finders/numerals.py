"""Number words, English and Chinese, into numbers."""

import re

_ONES = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: number * 10
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
_HAN_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "幺": 1,
}  # fmt: skip
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}

_TEN = "|".join(_TENS)
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
DIGIT_WORDS = {word: number for word, number in _ONES.items() if number < 10} | {"oh": 0, "o": 0}
PAIR_WORDS = (
    rf"(?:(?:{_TEN})(?:[ -](?:{'|'.join(list(_ONES)[1:10])}))?|{'|'.join(list(_ONES)[10:])})"
)
"""Pattern of one spoken pair of digits, as in "forty four"."""
ENGLISH = rf"(?:(?:an?|{_TEN}|{_ONE})(?:[ -](?:and |{_TEN}|{_ONE}|hundred|thousand)+)*)"
HAN = "[零〇一二两三四五六七八九十百千万]+"

_WORD = re.compile(r"[a-z]+")


def english_number(words: str) -> int | None:
    """Return the number of words like "a hundred and twenty", None when they are no number."""
    total = current = 0
    seen = False
    for word in _WORD.findall(words):
        if word in ("a", "an"):
            current = 1
        elif word in _ONES or word in _TENS:
            current += _ONES.get(word, 0) + _TENS.get(word, 0)
            seen = True
        elif word == "hundred":
            current, seen = max(current, 1) * 100, True
        elif word == "thousand":
            total, current, seen = total + max(current, 1) * 1000, 0, True
        elif word != "and":
            return None
    return total + current if seen else None


def han_number(characters: str) -> int:
    """Return the number of characters like 一百五十 or 三五 (read digit by digit)."""
    if not any(character in _HAN_UNITS for character in characters):
        return int("".join(str(_HAN_DIGITS[character]) for character in characters) or "0")
    total = section = digit = 0
    unit = 1
    for character in characters:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
            unit = 10 if digit == 0 else unit
        else:
            unit = _HAN_UNITS[character]
            if unit == 10000:
                total, section, digit = (total + section + digit or 1) * unit, 0, 0
            else:
                section, digit = section + (digit or 1) * unit, 0
    # 一百五 is 150: a last digit counts tenths of the last unit, unless 零 stood between.
    return total + section + digit * (unit // 10 if unit > 10 else 1)


def number_text(number: float) -> str:
    """Return 99.5 as "99.5" and 100.0 as "100"."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
