"""A written reply into words that can be said: no Markdown, links, emoji or symbols."""

import re
import unicodedata
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from speech.language import base_language
from speech.spoken_numbers import spell_numbers

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

# Ends at white space, and at Chinese characters and punctuation, which follow without a space.
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\u3000-\u9fff\uff00-\uffef]+[A-Za-z\d]/?", re.I)
_TAG = re.compile(r"<[^<>]*>")
_CITATION = re.compile(r"\s?\[\^?\d{1,3}\]")
_ARROW = re.compile(r"\s*[\u2190-\u21ff]\s*|\s*[-=]+>\s*")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")
_PAUSES = ".!?…:;,。！？：；，、"
_LINK_WORD = {"en": "link", "zh": "链接"}
# Unassigned and private characters, surrogates, controls, and the joiners inside emoji.
_UNSPEAKABLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Sk", "So"}
_EMOJI_STYLE = "\ufe0e\ufe0f"  # "in text style", "as an emoji"


def speakable(text: str, *, language: str = "en") -> str:
    """Return `text` as it should be read out; order numbers are digit by digit.

    Chinese rules apply when `language` is Chinese, English ones otherwise.
    """
    spoken_language = "zh" if base_language(language) == "zh" else "en"
    full_stop = "。" if spoken_language == "zh" else "."
    sentences: list[str] = []
    for block in _blocks(_MARKDOWN.parse(text)):
        words = _ADDRESS.sub(_LINK_WORD[spoken_language], _CITATION.sub("", block))
        words = spell_numbers(_without_symbols(words), spoken_language)
        words = re.sub(r"\s+", " ", words).strip()
        if re.search(r"\w", words):
            sentences.append(words if words[-1] in _PAUSES else words + full_stop)
    return " ".join(sentences)


def shorten(text: str, max_characters: int) -> str:
    """Return the sentences of `text` that fit; one long sentence is cut at a space."""
    if len(text) <= max_characters:
        return text
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, max_characters + 1)]
    end = ends[-1] if ends else text.rfind(" ", 0, max_characters + 1)
    return text[: end if end > 0 else max_characters].rstrip()


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Yield the text of each paragraph, heading, list item, table row and code block."""
    row: list[str] | None = None
    number = ""
    for token in tokens:
        if token.type == "list_item_open":
            number = f"{token.info}. " if token.info else ""
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield ", ".join(cell for cell in row if cell)
            row = None
        elif token.type == "inline":
            words = number + "".join(_inline(token.children or []))
            number = ""
            if row is None:
                yield words
            else:
                row.append(words)
        elif token.type in {"fence", "code_block"}:
            yield token.content
        elif token.type == "html_block":
            yield _TAG.sub(" ", token.content)


def _inline(children: list[Token]) -> Iterator[str]:
    for child in children:
        if child.type in {"text", "code_inline", "image"}:
            # An image's content is its alternative text.
            yield child.content
        elif child.type in {"softbreak", "hardbreak", "html_inline"}:
            yield " "


def _without_symbols(text: str) -> str:
    kept = (
        char
        for char in _ARROW.sub(", ", text)
        if char in "°\n\t"
        or (char not in _EMOJI_STYLE and unicodedata.category(char) not in _UNSPEAKABLE)
    )
    return "".join(kept)
