"""A shopper's query as tokens that each count something: mended, and with compounds both ways."""

from collections.abc import Container
from itertools import pairwise

from knowledge.index.product_asking import FUNCTION_WORDS
from knowledge.index.product_spelling import Spelling
from knowledge.index.product_words import LETTERS, plain, product_tokens, stemmed

# On the tune half of home_depot a mended word at 0.6 or 0.8 finds 0.001 NDCG@10 more than at 1,
# as it may be wrongly mended.
_MENDED = 0.6
# `with` and `for` are rare in titles, so BM25 takes them for telling.
_FUNCTION_WORD = 0.3
# A compound that the catalogue knows counts by its parts, too, a little: `dishwasher` finds the
# dish washers. On the tune half of home_depot 0.3 and 0.5 are alike.
_PART = 0.3
_PART_PRODUCTS = 10
_COMPOUND = 6  # letters
_JOINED_PRODUCTS = 2
# Text of more words than this is prose, not a search: nothing is mended, nothing taken apart.
_PROSE = 30


def query_weights(query: str, spelling: Spelling, known: Container[str]) -> dict[str, float]:
    """Return the tokens of a query, each with what it counts.

    A word of no token in `known` gives way to the catalogue's word that is spelt nearly so; two
    words that the catalogue writes as one, or the other way round, match both.
    """
    text = plain(query)
    weights = {
        token: _FUNCTION_WORD if token in FUNCTION_WORDS else 1.0 for token in product_tokens(text)
    }
    asked = LETTERS.findall(text)
    if len(asked) > _PROSE:
        return weights
    words: list[str] = []
    for word in asked:
        stems = stemmed(word)
        mended = () if any(stem in known for stem in stems) else spelling.corrected(word)
        words += mended or (word,)
        if mended:
            for stem in stems:
                weights.pop(stem, None)
        for part in mended:
            for token in stemmed(part):
                weights.setdefault(token, _MENDED)
    for first, second in pairwise(words):
        if spelling.count(first + second) >= _JOINED_PRODUCTS:
            weights |= dict.fromkeys(stemmed(first + second), 1.0)
    for word in words:
        parts = spelling.parts(word, at_least=_PART_PRODUCTS) if len(word) >= _COMPOUND else ()
        for part in parts:
            for token in stemmed(part):
                weights.setdefault(token, _PART)
    return weights
