"""Text into the tokens that lexical search counts: English stems, Chinese words and bigrams."""

import re
import unicodedata
from functools import lru_cache

import rjieba
import Stemmer

# Only words that carry nothing in a shop question. "how", "not", "when" stay: they tell apart
# "how long" from "how much" and "can" from "can't".
_WORDS = """
a an the of to in on at for and or is are was were be been am it its this that as by with from so
i i'm i'd i've my me you your we our us please do does did have has had
的 了 吗 呢 啊 吧 呀 嘛 我 你 您 们 是 在 就 都 也 请 请问 一下 你们 我们
"""
_STOP = frozenset(_WORDS.split())
_HAN = r"㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_PIECE = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+(?:'[^\W_{_HAN}]+)?)")

# One Stemmer isn't safe to share between threads; a lock-free cache of stems around a fresh one
# per miss costs microseconds and only for words not seen before.


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    stemmed: str = Stemmer.Stemmer("english").stemWord(word)
    return stemmed


def tokens(text: str) -> list[str]:
    """Return the tokens of a text in order; equal tokens of two texts mean a lexical match.

    NFKC and lower case first. Latin script gives Snowball stems without stop words, Chinese gives
    its words and all character bigrams, so that another segmentation of the same words still
    matches. A text of nothing but stop words keeps them: "你们是" must not become empty.
    """
    found: list[str] = []
    spare: list[str] = []
    normal = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    for han, word in _PIECE.findall(normal):
        if word:
            (spare if word in _STOP else found).append(_stem(word))
        else:
            words = rjieba.cut_for_search(han)
            bigrams = [han[i : i + 2] for i in range(len(han) - 1)]
            seen = set(words)
            found += [w for w in words if w not in _STOP]
            spare += [w for w in words if w in _STOP]
            found += [b for b in bigrams if b not in seen]
    return found or spare
