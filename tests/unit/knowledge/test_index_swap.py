"""Searches from threads while the index is swapped: no error, never half of an edit."""

import threading
from dataclasses import dataclass

from knowledge.entries import Content, Entry, Source
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.search import KnowledgeIndex

WORDS = ("tent", "stove", "lamp", "boot", "rope")
EDITS = 40


def content(edition: int) -> Content:
    """100 entries, of which every edit changes the one on tents and moves the one on stoves."""
    entries = [
        Entry(
            id=f"{word}-{number}",
            language="en",
            question=f"What does the {word} {number} cost?",
            answer=f"Edition {edition if (number, word) == (0, 'tent') else 0}.",
            source=Source("faq/a.md", 10 * number + edition),
        )
        for number in range(20)
        for word in WORDS
    ]
    return Content(tuple(entries), ())


@dataclass
class Live:
    index: KnowledgeIndex
    edition: int = 0


def test_a_search_sees_wholly_the_old_or_wholly_the_new(
    encoder: Encoder, cache: EmbeddingCache
) -> None:
    live = Live(KnowledgeIndex.build(content(0), encoder, cache))
    wrong: list[str] = []
    searched = [0, 0, 0]
    ended = threading.Event()

    def search(thread: int) -> None:
        while not ended.is_set():
            oldest = live.edition
            try:
                hits = live.index.search("what does it cost", language="en", limit=100)
            except Exception as error:  # anything at all is a failure here
                wrong.append(repr(error))
                return
            newest = live.edition + 1  # the swap may be under way
            editions = {hit.entry.source.line % 10 for hit in hits}
            told = {hit.entry.answer for hit in hits if hit.entry.id == "tent-0"}
            if len(editions) != 1 or len(told) > 1:
                wrong.append(f"mixed: {editions}, {told}")
            elif told and told != {f"Edition {hits[0].entry.source.line % 10}."}:
                wrong.append(f"places of {editions} with the text of {told}")
            elif not any(n % 10 in editions for n in range(oldest, newest + 1)):
                wrong.append(f"{editions} is neither {oldest} nor {newest}")
            searched[thread] += 1

    threads = [threading.Thread(target=search, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    built_anew = 0
    for edition in range(1, EDITS + 1):
        following = live.index.updated(content(edition % 10), cache)
        corpus = following.languages["en"].corpus
        built_anew += corpus is not live.index.languages["en"].corpus and len(corpus) == 100
        live.index = following
        live.edition = edition
    ended.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert min(searched) > 0
    assert 0 < built_anew < EDITS  # both ways to the next index were taken
