"""Training texts as hurried shoppers would type them."""

import random
import re

_WORD = re.compile(r"[A-Za-z]{4,}")
_PUNCTUATION = re.compile(r"[^\w\s$#@%&+-]")


def augment(text: str, chance: random.Random) -> str:
    """Return the text, or (about every second time) one altered by a typo, a lost word or style.

    Args:
        text: One training example.
        chance: The source of randomness, so that a seed repeats the training.
    """
    draw = chance.random()
    if draw < 0.2:
        return _mistype(text, chance)
    if draw < 0.35:
        return _drop_word(text, chance)
    if draw < 0.5:
        return _PUNCTUATION.sub("", text.lower()) or text
    return text


def _mistype(text: str, chance: random.Random) -> str:
    """Swap, lose or double one inner letter of one longer Latin word."""
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = chance.choice(words)
    at = chance.randrange(word.start() + 1, word.end() - 1)
    slip = chance.randrange(3)
    if slip == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip == 1:
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at] + text[at:]


def _drop_word(text: str, chance: random.Random) -> str:
    words = text.split()
    if len(words) < 5:  # every word of a short question may be the one that decides
        return text
    del words[chance.randrange(len(words))]
    return " ".join(words)
