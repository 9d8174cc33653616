"""Which language to answer in, and the normalised text the models read."""

import re
import unicodedata
from typing import Literal

from nlu.han import simplify

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

MAX_CHARACTERS = 1000
"""Longer utterances are cut for the models; shoppers' questions are under 200."""

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)?")
_LETTER = re.compile(r"[^\W\d_]")
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"(\W|_)(?:\s*\1){2,}")


def detect_language(text: str) -> Language:
    """Return the language to answer in.

    A Chinese sentence names products and sizes in Latin letters, an English one rarely holds
    Chinese, and a Chinese word is about two characters: so Chinese carries the sentence when it has
    at least two thirds of a character for every Latin word.
    """
    cjk = len(_CJK_CHARACTER.findall(text))
    if cjk == 0:
        return "en"
    words = len(_LATIN_WORD.findall(unicodedata.normalize("NFKC", text)))
    return "zh" if cjk * 3 >= words * 2 else "en"


def normalise(text: str) -> str:
    """Return the text as the models read it; offsets into it mean nothing for the original.

    NFKC (full-width letters and digits become plain), simplified Chinese, no control or unpaired
    surrogate characters, runs of the same punctuation or emoji become one, white space becomes
    single spaces, and at most `MAX_CHARACTERS` remain.
    """
    # Cut first: NFKC and the patterns need not chew a megabyte. One character can become 18.
    plain = simplify(unicodedata.normalize("NFKC", text[: 2 * MAX_CHARACTERS]))
    kept = (
        " " if character.isspace() else character
        for character in plain
        if character.isspace() or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Cn")
    )
    spaced = _SPACES.sub(" ", "".join(kept)).strip()
    return _REPEATED.sub(r"\1", spaced)[:MAX_CHARACTERS].strip()


def has_letters(text: str) -> bool:
    """Tell whether the text holds a letter of any script: emoji and digits alone say no intent."""
    return _LETTER.search(text) is not None
