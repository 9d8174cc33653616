from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from stand_ins import Known, hit, no_vector

from bot.answers import Answers, Query
from bot.live import Live
from knowledge.entries import Hit
from knowledge.index.search import Findings


class Index:
    """Ranks what the intents say first; counts its work."""

    def __init__(self, *hits: Hit) -> None:
        self.hits = hits
        self.searches: list[tuple[str, str, dict[str, float], Any]] = []

    def consult(
        self, query: str, *, language: str, prior: Mapping[str, float], vector: Any = None
    ) -> Findings:
        self.searches.append((query, language, dict(prior), vector))
        ranked = sorted(self.hits, key=lambda h: -prior.get(h.entry.intent or "", 0.0))
        on_topic = (h for h in ranked if h.entry.intent == next(iter(prior), ""))
        return Findings(tuple(ranked), next(on_topic, None))


def answers_of(*hits: Hit) -> tuple[Answers, Index, list[str]]:
    encoded: list[str] = []

    async def encode(text: str) -> Any:
        encoded.append(text)
        return np.full(2, len(text), np.float32)

    index = Index(*hits)
    return Answers(Live(Known(index)), encode), index, encoded  # type: ignore[arg-type]


async def test_nothing_is_encoded_or_searched_twice() -> None:
    answers, index, encoded = answers_of(hit("a", 0.9))
    query = Query("how long", "en", (("x", 0.5),))
    for _ in range(3):
        await answers.prepare("how long")
        assert [h.entry.id for h in answers.find(query).hits] == ["a"]
    assert encoded == ["how long"]
    [(text, language, prior, vector)] = index.searches
    assert (text, language, prior) == ("how long", "en", {"x": 0.5})
    assert vector.tolist() == [8, 8]


async def test_language_and_intents_make_another_search() -> None:
    answers, index, _ = answers_of(hit("a", 0.9))
    for query in (Query("a", "en"), Query("a", "zh"), Query("a", "en", (("x", 1.0),))):
        answers.find(query)
    assert len(index.searches) == 3
    assert index.searches[0][3] is None  # never prepared: the index encodes it itself


async def test_only_the_latest_are_remembered() -> None:
    answers, index, encoded = answers_of()
    for i in range(1100):
        await answers.prepare(str(i))
        answers.find(Query(str(i), "en"))
    await answers.prepare("1099")
    answers.find(Query("1099", "en"))
    assert (len(encoded), len(index.searches)) == (1100, 1100)
    await answers.prepare("0")
    answers.find(Query("0", "en"))
    assert (len(encoded), len(index.searches)) == (1101, 1101)


async def test_what_there_is_on_one_intent() -> None:
    answers, index, _ = answers_of(hit("a", 0.9), hit("b", 0.1, intent="returns"))
    found = answers.about("returns", Query("q", "en", (("other", 1.0),)))
    assert found is not None
    assert found.entry.id == "b"
    assert index.searches[0][2] == {"returns": 1.0}
    assert answers.about("nothing", Query("q", "en")) is None


async def test_a_swap_is_seen_at_once_except_by_a_turn_that_has_begun() -> None:
    old, new = Known(Index(hit("old", 0.9))), Known(Index(hit("new", 0.9)))  # type: ignore[arg-type]
    live = Live(old)
    answers = Answers(live, no_vector)
    query = Query("a", "en")

    def found() -> list[str]:
        return [h.entry.id for h in answers.find(query).hits]

    with answers.one_version():
        assert found() == ["old"]
        live.swap(new)
        assert found() == ["old"]
    assert found() == ["new"]


def test_a_product_in_an_answer_becomes_its_link() -> None:
    known = Known(Index(), links={"T-1": "https://shop.example/t1"})  # type: ignore[arg-type]
    answers = Answers(Live(known), no_vector)
    told = replace(hit("a", 0.9).entry, answer="Take the [tent](product:T-1).")
    assert answers.text_of(told) == "Take the [tent](https://shop.example/t1)."
