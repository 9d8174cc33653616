"""Which language to answer in, and the normalised text the models read."""

import re
import unicodedata
from typing import Literal

from nlu.alignment import normalise_with_offsets

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ɏ]+(?:['’][A-Za-z]+)?")
_ADDRESS = re.compile(r"\S+(?:@|://)\S+")
_FOREIGN_WORDS = 2
_LETTER = re.compile(r"[^\W\d_]")


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


def spoken_language(text: str, before: str) -> str:
    """Return the language to answer in, in a conversation that was in `before` until now.

    A word or two in Latin letters (an "ok", a name, an address) and signs alone change nothing.
    """
    if _CJK_CHARACTER.search(text) or before not in LANGUAGES:
        return detect_language(text)
    words = _LATIN_WORD.findall(_ADDRESS.sub(" ", unicodedata.normalize("NFKC", text)))
    return "en" if len(words) > _FOREIGN_WORDS else before


def normalise(text: str) -> str:
    """Return the text as the models read it; offsets into it mean nothing for the original.

    No control or unpaired surrogate characters, NFKC (full-width letters and digits become plain),
    simplified Chinese, runs of the same punctuation or emoji become one, white space becomes
    single spaces, and at most `nlu.alignment.MAX_CHARACTERS` remain. Normalised text stays as it
    is. `nlu.alignment.normalise_with_offsets` says where each character was typed.
    """
    return normalise_with_offsets(text).text


def has_letters(text: str) -> bool:
    """Tell whether the text holds a letter of any script: emoji and digits alone say no intent."""
    return _LETTER.search(text) is not None
