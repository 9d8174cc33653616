"""An updated index finds what a fresh one finds, and shares with the old one what stayed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random

import numpy as np
import pytest

from knowledge.entries import Content, Entry, Source
from knowledge.index import ann
from knowledge.index.corpus import rows_of
from knowledge.index.dense import Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.search import KnowledgeIndex

THINGS = ("tent", "stove", "lamp", "boot", "rope", "glove", "map", "knife", "mug", "hat")
WAYS = ("wash", "mend", "return", "insure", "store", "carry", "dry", "paint", "fold", "rent",
        "test", "clean", "post", "lend", "pack", "heat", "cool", "cut", "join", "sell")  # fmt: skip


def entry(number: int, **changes: object) -> Entry:
    thing, way = THINGS[number % 10], WAYS[number // 10 % 20]
    made = Entry(
        id=f"{way}-{thing}",
        language="en",
        question=f"How do I {way} a {thing}?",
        answer=f"To {way} the {thing}, ask at the counter.",
        source=Source("faq/a.md", number),
        intent=way,
        phrasings=(f"{way} my {thing}", f"help me {way} this {thing} please"),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


ENTRIES = tuple(entry(number) for number in range(200))
ZEPPELIN = entry(7, question="Where can a zeppelin land?", phrasings=("zeppelin landing",))
QUERIES = ("wash a tent", "how can I mend gloves", "zeppelin landing", "knife", "sell it")


def changed(**at: Entry | None) -> tuple[Entry, ...]:
    """ENTRIES with some replaced (n7=...) or left out (n7=None)."""
    found = {f"n{number}": item for number, item in enumerate(ENTRIES)} | at
    return tuple(item for item in found.values() if item is not None)


@pytest.fixture
def live(encoder: Encoder, cache: EmbeddingCache) -> KnowledgeIndex:
    return KnowledgeIndex.build(Content(ENTRIES, ()), encoder, cache)


@pytest.mark.parametrize(
    "entries",
    [
        ENTRIES,
        ENTRIES[::-1],
        changed(n7=ZEPPELIN),
        changed(n7=None, n0=None, n199=None),
        (entry(0, id="first", question="Do you sell zeppelins?"), *ENTRIES),
        (*ENTRIES, entry(0, id="last", phrasings=())),
        changed(n3=None, n7=ZEPPELIN, n9=entry(9, answer="Zeppelins only.")),
    ],
    ids=["nothing", "order", "changed", "removed", "first", "last", "all of it"],
)
def test_an_update_finds_what_a_fresh_build_finds(
    live: KnowledgeIndex, cache: EmbeddingCache, entries: tuple[Entry, ...]
) -> None:
    content = Content(entries, ())
    updated = live.updated(content, cache)
    fresh = KnowledgeIndex.build(content, live.encoder, cache)
    assert updated.languages["en"].corpus.first == 200  # not built anew
    assert updated.languages["en"].entries == entries
    for query in QUERIES:
        ours = updated.candidates(query, language="en")
        theirs = fresh.candidates(query, language="en")
        shared = {item.id: n for n, item in enumerate(theirs.entries)}
        both = [(n, shared[e.id]) for n, e in enumerate(ours.entries) if e.id in shared]
        assert len(both) >= 10
        # What vectors say is the same to the last bit, what words say nearly so.
        mine, other = (np.array(side) for side in zip(*both, strict=True))
        ours_dense, theirs_dense = ours.features[mine, :2], theirs.features[other, :2]
        np.testing.assert_array_equal(ours_dense, theirs_dense)
        np.testing.assert_allclose(ours.features[mine, 2:4], theirs.features[other, 2:4], atol=0.05)
        hits, expected = (i.search(query, language="en") for i in (updated, fresh))
        if expected[0].score - expected[1].score > 0.5:
            assert hits[0].entry == expected[0].entry
            assert hits[0].matched == expected[0].matched


def test_only_what_changed_is_embedded(live: KnowledgeIndex, cache: EmbeddingCache) -> None:
    encoded = live.encoder.encoded  # type: ignore[attr-defined]
    encoded.clear()
    live.updated(Content(changed(n7=ZEPPELIN), ()), cache)
    assert encoded == ["Where can a zeppelin land?", "zeppelin landing"]


def test_an_edit_leaves_the_live_index_as_it_was(
    live: KnowledgeIndex, cache: EmbeddingCache
) -> None:
    before = [live.search(query, language="en") for query in QUERIES]
    updated = live.updated(Content(changed(n7=ZEPPELIN, n8=None), ()), cache)
    assert [live.search(query, language="en") for query in QUERIES] == before
    assert updated.search("zeppelin landing", language="en")[0].entry == ZEPPELIN


def test_a_replaced_text_is_not_found_any_more(live: KnowledgeIndex, cache: EmbeddingCache) -> None:
    first = live.updated(Content(changed(n7=ZEPPELIN), ()), cache)
    second = first.updated(Content(ENTRIES, ()), cache)
    for index, expected in ((first, True), (second, False)):
        best = index.search("zeppelin landing", language="en")[0]
        assert (best.entry == ZEPPELIN) is expected
    assert all(
        "zeppelin" not in hit.matched
        for hit in second.search("zeppelin landing", language="en", limit=99)
    )


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"source": Source("faq/a.md", 99)}, lambda hit: hit.entry.source.line == 99),
        ({"intent": "other"}, lambda hit: hit.entry.intent == "other"),
        ({"tags": frozenset({"new"})}, lambda hit: hit.entry.tags == {"new"}),
        ({"valid_until": date(2000, 1, 1)}, lambda hit: hit.entry.id != "wash-tent"),
        ({"tests": ("is it washable",)}, lambda hit: hit.entry.tests == ("is it washable",)),
    ],
    ids=["place", "intent", "tags", "dates", "tests"],
)
def test_what_is_not_searched_is_taken_over_without_embedding(
    live: KnowledgeIndex,
    cache: EmbeddingCache,
    change: dict[str, object],
    seen: Callable[..., bool],
) -> None:
    live.encoder.encoded.clear()  # type: ignore[attr-defined]
    updated = live.updated(Content(changed(n0=entry(0, **change)), ()), cache)
    assert not live.encoder.encoded  # type: ignore[attr-defined]
    vector = live.encoder.encode(["wash a tent"])[0]
    assert seen(updated.search("wash a tent", language="en", vector=vector)[0])


@pytest.mark.parametrize(
    ("entries", "first"),
    [
        (changed(**{f"n{n}": entry(n, answer=f"Number {n}.") for n in range(4)}), 200),
        (changed(**{f"n{n}": entry(n, answer=f"Number {n}.") for n in range(5)}), 200),
        (ENTRIES[:160], 200),
        (ENTRIES[:159], 159),
        ((), None),
    ],
    ids=["2 % new", "more new", "80 % left", "less left", "nothing left"],
)
def test_much_change_is_indexed_anew(
    live: KnowledgeIndex, cache: EmbeddingCache, entries: tuple[Entry, ...], first: int | None
) -> None:
    updated = live.updated(Content(entries, ()), cache)
    if first is None:
        assert not updated.languages
        return
    corpus = updated.languages["en"].corpus
    assert corpus.first == first
    assert len(corpus) - corpus.first <= 4


def test_many_small_edits_end_in_an_index_built_anew(
    live: KnowledgeIndex, cache: EmbeddingCache
) -> None:
    added = []
    for number in range(6):
        entries = changed(n7=entry(7, answer=f"Answer {number}."))
        live = live.updated(Content(entries, ()), cache)
        corpus = live.languages["en"].corpus
        added.append(len(corpus) - corpus.first)
    assert added == [1, 2, 3, 4, 0, 1]


def test_a_language_comes_and_goes(live: KnowledgeIndex, cache: EmbeddingCache) -> None:
    chinese = entry(0, language="zh", question="怎么洗帐篷？", phrasings=(), answer="用水。")
    both = live.updated(Content((*ENTRIES, chinese), ()), cache)
    assert both.search("洗帐篷", language="zh")[0].entry == chinese
    assert both.languages["en"].corpus is live.languages["en"].corpus
    assert set(both.updated(Content(ENTRIES, ()), cache).languages) == {"en"}


@pytest.mark.parametrize("seed", range(6))
def test_after_many_edits_each_entry_stands_where_it_should(
    encoder: Encoder, cache: EmbeddingCache, seed: int
) -> None:
    """Changed, removed and re-added entries, with swapped texts, new tags, dates, and order."""
    random = Random(seed)
    today, tags = date(2026, 6, 1), ("a", "b", "c")
    entries, gone = [entry(number) for number in range(150)], list[Entry]()
    index = KnowledgeIndex.build(Content((), ()), encoder, cache, today=lambda: today)
    for step in range(15):
        first, second = random.sample(range(len(entries)), 2)
        one, other = entries[first], entries[second]
        match random.choice(["change", "swap", "remove", "again", "shown", "twin", "order"]):
            case "change":
                entries[first] = replace(one, answer=f"Answer {step}.", phrasings=("", one.id))
            case "swap":
                entries[first], entries[second] = (
                    replace(one, id=other.id),
                    replace(other, id=one.id),
                )
            case "remove":
                gone.append(entries.pop(first))
            case "again" if gone:
                entries.insert(first, gone.pop())
            case "shown":
                until = random.choice([None, date(2025, 1, 1), date(2027, 1, 1)])
                held = frozenset(random.sample(tags, 2))
                entries[first] = replace(one, tags=held, valid_until=until, intent=f"new-{step}")
            case "twin":
                entries.append(replace(one, id=f"twin-{step}"))
            case "order":
                random.shuffle(entries)
        index = index.updated(Content(tuple(entries), ()), cache)
        rows = index.languages["en"]
        assert list(rows.entries) == entries
        assert rows.entry_of[rows.documents].tolist() == list(range(len(entries)))
        assert np.count_nonzero(rows.entry_of >= 0) == len(entries)
        places, lengths = rows.rows_at(rows.documents)
        texts = [text for item in entries for text in rows_of(item)]
        assert lengths.tolist() == [len(rows_of(item)) for item in entries]
        np.testing.assert_array_equal(rows.corpus.dense.rows(places), encoder.encode(texts))
        for wanted in (frozenset[str](), frozenset({"a"}), frozenset({"a", "b"})):
            shown = [item.valid_on(today) and wanted <= item.tags for item in entries]
            assert rows.usable(today, wanted).tolist() == shown
            for intent in {item.intent for item in entries if item.intent}:
                numbers = rows.by_intent[intent]
                assert all(entries[number].intent == intent for number in numbers)


def test_filters_leave_no_search_short_where_neighbours_are_approximate(
    encoder: Encoder, cache: EmbeddingCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ann, "EXACT_UP_TO", 100)
    tagged = tuple(
        replace(item, tags=frozenset({"rare"} if n % 40 == 0 else ())) for n, item in
        enumerate(ENTRIES)
    )  # fmt: skip
    index = KnowledgeIndex.build(Content(tagged, ()), encoder, cache)
    edited = entry(0, answer="By hand.", tags=frozenset({"rare"}))
    index = index.updated(Content((edited, *tagged[1:]), ()), cache)
    assert index.languages["en"].corpus.first == 200
    hits = index.search("zeppelin", language="en", limit=99, tags=frozenset({"rare"}))
    assert {hit.entry.id for hit in hits} == {item.id for item in tagged if item.tags}
    assert edited in {hit.entry for hit in hits}


def test_an_update_keeps_the_model_and_the_clock(
    live: KnowledgeIndex, cache: EmbeddingCache
) -> None:
    model = replace(live.model, languages={"en": live.model.languages["zh"]})
    live = replace(live.with_model(model), today=lambda: date(2026, 1, 1))
    updated = live.updated(Content(changed(n7=ZEPPELIN), ()), cache)
    assert (updated.model, updated.today) == (live.model, live.today)


@pytest.mark.parametrize("wanted", [frozenset({"a"}), frozenset({"a", "b"}), frozenset({"none"})])
def test_only_entries_with_all_tags_are_found(
    encoder: Encoder, cache: EmbeddingCache, wanted: frozenset[str]
) -> None:
    tags = (frozenset({"a"}), frozenset({"a", "b"}), frozenset({"b"}), frozenset[str]())
    entries = tuple(entry(number, tags=tags[number % 4]) for number in range(200))
    index = KnowledgeIndex.build(Content(entries, ()), encoder, cache)
    prior = {"wash": 0.9}
    hits = index.search("wash a tent", language="en", limit=200, tags=wanted, prior=prior)
    assert all(wanted <= hit.entry.tags for hit in hits)
    assert bool(hits) is ("none" not in wanted)


def test_a_rare_tag_is_found_however_far_it_is(encoder: Encoder, cache: EmbeddingCache) -> None:
    # 2,000 nearer rows stand before the one entry that may be shown.
    near = [entry(0, id=f"near-{n}", phrasings=(f"wash a tent {n}",)) for n in range(700)]
    far = entry(199, tags=frozenset({"rare"}), intent=None)
    index = KnowledgeIndex.build(Content((*near, far), ()), encoder, cache)
    hits = index.search("wash a tent", language="en", tags=frozenset({"rare"}))
    assert [hit.entry for hit in hits] == [far]
