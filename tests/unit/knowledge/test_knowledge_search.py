"""Tokens, vectors on disk, retrieval and the calibrated answer, on an encoder without a model."""

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entries import Content, Entry, Source
from knowledge.index.answer_defaults import DEFAULT
from knowledge.index.answer_model import AnswerModel
from knowledge.index.answering import Labelled, fit, leave_out, lowest_threshold
from knowledge.index.dense import DenseIndex, Encoder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.lexical import LexicalIndex
from knowledge.index.search import KnowledgeIndex
from knowledge.index.segment import tokens


def entry(name: str, question: str, *phrasings: str, language: str = "en") -> Entry:
    return Entry(
        id=name,
        language=language,
        question=question,
        answer=f"The answer about {name}.",
        source=Source("faq/a.md", 1),
        intent=name,
        phrasings=phrasings,
    )


ENTRIES = (
    entry("delivery", "How long does delivery take?", "when will my parcel arrive",
          "delivery times", "how many days is shipping"),
    entry("return", "How do I return something?", "send it back", "return an item",
          "I want to give a jacket back"),
    entry("refund", "When do I get my refund?", "money back", "has my refund been paid",
          "refund not in my account"),
    entry("password", "I forgot my password", "reset password", "can't log in to my account",
          "new password please"),
    entry("delivery", "送货要多久？", "什么时候到", "几天能送到", "快递时间", language="zh"),
    entry("return", "怎么退货？", "想退掉", "东西要退", "退货流程", language="zh"),
    entry("refund", "退款多久到账？", "钱什么时候退", "退款进度", "还没收到退款", language="zh"),
)  # fmt: skip


@pytest.fixture
def index(encoder: Encoder, cache: EmbeddingCache) -> KnowledgeIndex:
    return KnowledgeIndex.build(Content(ENTRIES, ()), encoder, cache)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Deliveries, DELIVERY!", ["deliveri", "deliveri"]),
        ("ＡＢＣ can’t", ["abc", "can't"]),
        ("怎么退货", ["怎么", "么退", "退货", *"怎么退货"]),
        ("退 order 4239", ["退", "order", "4239"]),
        ("  ?! ", []),
        ("find \ud800", ["find"]),  # half a character, as YAML can write it
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@given(st.text())
def test_any_text_has_tokens_without_spaces(text: str) -> None:
    assert all(token and not token.isspace() for token in tokens(text))


def test_lexical_score_is_the_share_of_the_query_that_a_text_holds() -> None:
    index = LexicalIndex([["red", "tent"], ["blue", "tent"], ["stove"]])
    whole, other, nothing = index.scores("red tent")
    assert whole == pytest.approx(1.0)
    assert 0 < other < whole
    assert nothing == 0
    # A word that no text knows counts against all of them.
    assert index.scores("red tent zeppelin")[0] < 0.8


@pytest.mark.parametrize("texts", [[], [[], []]])
def test_lexical_search_over_nothing_finds_nothing(texts: list[list[str]]) -> None:
    assert LexicalIndex(texts).scores("tent").tolist() == [0.0] * len(texts)


def test_dense_search_ranks_by_cosine() -> None:
    rows = np.eye(3, dtype=np.float32)
    index = DenseIndex(rows)
    query = np.array([0.1, 0.9, 0.4], dtype=np.float32)
    assert index.nearest(query, 10).tolist() == [1, 2, 0]
    assert index.nearest(query, 1).tolist() == [1]
    assert DenseIndex(np.zeros((0, 3), dtype=np.float32)).nearest(query, 2).tolist() == []


def test_only_new_texts_are_embedded(encoder, cache: EmbeddingCache) -> None:  # type: ignore[no-untyped-def]
    first = cache.vectors(["a", "b", "a"], encoder)
    assert encoder.encoded == ["a", "b"]
    seen: list[tuple[str, int, int]] = []
    again = cache.vectors(["b", "c"], encoder, lambda *step: seen.append(step))
    assert encoder.encoded == ["a", "b", "c"]
    assert seen == [("embed", 1, 1)]
    np.testing.assert_array_equal(first[1], again[0])
    np.testing.assert_array_equal(first[0], first[2])


def test_another_encoder_never_gets_the_vectors_of_the_first(encoder, cache) -> None:  # type: ignore[no-untyped-def]
    cache.vectors(["a"], encoder)
    other = type(encoder)("other")
    cache.vectors(["a"], other)
    assert other.encoded == ["a"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 nonsense", b"\x93NUMPY nonsense"])
def test_a_damaged_vector_file_costs_only_time(encoder, tmp_path: Path, damage: bytes) -> None:  # type: ignore[no-untyped-def]
    before = EmbeddingCache(tmp_path).vectors(["a"], encoder)
    cache = EmbeddingCache(tmp_path)
    (file,) = tmp_path.glob("*/*")
    file.write_bytes(damage)
    for _ in range(2):
        np.testing.assert_array_equal(cache.vectors(["a"], encoder), before)
        np.testing.assert_array_equal(EmbeddingCache(tmp_path).vectors(["a"], encoder), before)
    assert encoder.encoded == ["a", "a"]


@pytest.mark.parametrize(
    ("query", "language", "expected"),
    [
        ("when does my parcel arrive?", "en", "delivery"),
        ("reset my password", "en", "password"),
        ("我想退货", "zh", "return"),
        ("退款进度怎么查", "zh", "refund"),
        ("return an item", "fr", "return"),  # no French entries: English ones
    ],
)
def test_the_nearest_entry_of_the_language_comes_first(
    index: KnowledgeIndex, query: str, language: str, expected: str
) -> None:
    hits = index.search(query, language=language)
    assert hits[0].entry.id == expected
    assert {hit.entry.language for hit in hits} == {"zh" if language == "zh" else "en"}
    chances = [hit.probability for hit in hits]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= chance <= 1 for chance in chances)


def test_the_hit_says_which_phrasing_matched(index: KnowledgeIndex) -> None:
    assert index.search("has my refund been paid?", language="en")[0].matched == (
        "has my refund been paid"
    )


def test_the_prior_decides_between_entries_that_the_words_leave_open(
    index: KnowledgeIndex,
) -> None:
    for intent in ("refund", "return"):
        hits = index.search("back", language="en", prior={intent: 0.9, "delivery": 0.1})
        assert hits[0].entry.id == intent
    sure = index.search("money back", language="en", prior={"refund": 0.95})[0].probability
    unsure = index.search("money back", language="en", prior={"password": 0.95})
    assert sure > next(h.probability for h in unsure if h.entry.id == "refund")


def test_no_prior_speaks_against_an_entry_without_an_intent(
    encoder: Encoder, cache: EmbeddingCache
) -> None:
    entries = (*ENTRIES, replace(ENTRIES[0], id="dogs", intent=None, question="Dogs in the shop?"))
    index = KnowledgeIndex.build(Content(entries, ()), encoder, cache)
    asked = {"query": "Dogs in the shop?", "language": "en"}
    plain = index.search(**asked)[0]
    informed = index.search(**asked, prior={"refund": 0.6, "return": 0.3})[0]
    assert (plain.entry.id, informed.entry.id) == ("dogs", "dogs")
    assert informed.probability == plain.probability > 0.9


def test_an_entry_is_found_only_within_its_dates(encoder: Encoder, cache: EmbeddingCache) -> None:
    limited = replace(ENTRIES[0], valid_from=date(2026, 12, 1), valid_until=date(2026, 12, 27))
    days = [date(2026, 11, 30), date(2026, 12, 1), date(2026, 12, 27), date(2026, 12, 28)]
    clock = iter(days)
    content = Content((limited,), ())
    index = KnowledgeIndex.build(content, encoder, cache, today=lambda: next(clock))
    found = [len(index.search("delivery times", language="en")) for _ in days]
    assert found == [0, 1, 1, 0]


@pytest.mark.parametrize("query", ["", "   ", "zxqv", "\ud800", "的" * 3000])
def test_any_query_gets_hits_and_no_error(index: KnowledgeIndex, query: str) -> None:
    query = query.encode("utf-8", "replace").decode()
    assert len(index.search(query, language="en", limit=2)) == 2


def test_an_index_without_entries_finds_nothing(encoder: Encoder, cache: EmbeddingCache) -> None:
    index = KnowledgeIndex.build(Content((), ()), encoder, cache)
    assert index.search("delivery", language="en", prior={"delivery": 1.0}) == ()


def test_a_given_vector_is_not_encoded_again(index: KnowledgeIndex) -> None:
    vector = index.encoder.encode(["send it back"])[0]
    hits = index.search("send it back", language="en")
    encoded = list(index.encoder.encoded)  # type: ignore[attr-defined]
    assert index.search("send it back", language="en", vector=vector) == hits
    assert index.encoder.encoded == encoded  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("best", "right", "max_wrong", "expected"),
    [
        # Ten questions, one wrong allowed: the second likeliest wrong answer (0.6) must go.
        ([0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1], "1011011111", 0.1, 0.65),
        ([0.9, 0.8], "11", 0.0, 0.2),  # nothing wrong: the floor
        ([0.9, 0.8], "01", 0.0, 0.95),  # the likeliest is wrong: above it
    ],
)
def test_the_lowest_threshold_with_few_enough_wrong_answers(
    best: list[float], right: str, max_wrong: float, expected: float
) -> None:
    flags = np.array([flag == "1" for flag in right])
    threshold = lowest_threshold(np.array(best), flags, max_wrong)
    assert threshold == pytest.approx(expected)
    wrong = sum(b >= threshold and not r for b, r in zip(best, flags, strict=True))
    assert wrong <= max_wrong * len(best)


def labelled(prior: Mapping[str, float] | None = None) -> list[Labelled]:
    """Every phrasing asked four ways, and as many questions that nothing may answer."""
    asked = []
    for item in ENTRIES:
        for text in item.phrasings:
            for form in ("{}", "{} please", "hello, {}", "so {} ?"):
                chances = {item.id: 0.9} if prior is None else prior
                question = form.format(text)
                asked.append(Labelled(question, item.language, chances, frozenset({item.id})))
                odd = ("weather in Rome", "write a poem", "今天天气", "写首诗")[len(asked) % 4]
                chances = {item.id: 0.2} if prior is None else prior
                asked.append(Labelled(f"{odd} {len(asked)}", item.language, chances, frozenset()))
    return asked


def test_fitting_separates_what_may_be_answered_from_what_may_not(index: KnowledgeIndex) -> None:
    model = fit(labelled(), index)
    fitted = index.with_model(model)
    assert index.model is DEFAULT
    for language, good, bad in (
        ("en", "return an item, please", "write a poem about rome"),
        ("zh", "请问退货流程", "写首诗吧"),
    ):
        for prior in ({}, {"return": 0.8}):
            threshold = model.threshold(language, informed=bool(prior))
            best = fitted.search(good, language=language, prior=prior)[0]
            assert best.entry.id == "return"
            assert best.probability >= threshold
            weak = {"return": 0.1} if prior else {}
            assert fitted.search(bad, language=language, prior=weak)[0].probability < threshold


def test_without_labelled_questions_the_phrasings_stand_in(
    encoder: Encoder, cache: EmbeddingCache
) -> None:
    many = tuple(
        replace(e, id=f"{e.id}-{n}", question=f"{e.question} {n}", intent=f"{e.intent}-{n}")
        for e in ENTRIES
        for n in range(8)
    )
    model = fit([], KnowledgeIndex.build(Content(many, ()), encoder, cache))
    assert set(model.languages) == {"en", "zh"}
    for language, fusion in model.languages.items():
        assert fusion.plain.weights != DEFAULT.languages[language].plain.weights
        assert 0.2 <= fusion.plain.threshold < 1


def test_a_handful_of_phrasings_is_not_fitted_to(index: KnowledgeIndex) -> None:
    fitted = fit([], index).languages
    assert {code: f.plain for code, f in fitted.items()} == {
        code: f.plain for code, f in DEFAULT.languages.items()
    }


def test_labelled_questions_without_a_prior_leave_the_default_weight_of_one(
    index: KnowledgeIndex,
) -> None:
    model = fit(labelled(prior={}), index)
    for fusion in model.languages.values():
        assert fusion.informed.weights[-2:] == DEFAULT.languages["en"].informed.weights[-2:]


def test_a_left_out_phrasing_is_not_found_by_itself(index: KnowledgeIndex) -> None:
    examples = leave_out(index.languages["en"])
    # 12 phrasings, and four of them again where nothing may answer.
    assert sum(example.right.any() for example in examples) == 12
    assert len(examples) > 12
    best = [example.features[:, 0].max() for example in examples if example.right.any()]
    assert max(best) < 0.99


def test_a_shop_with_one_bare_entry_gets_a_model(encoder: Encoder, cache: EmbeddingCache) -> None:
    index = KnowledgeIndex.build(Content((entry("only", "Only one?"),), ()), encoder, cache)
    model = fit([], index)
    assert model.fusion("en", informed=False) == DEFAULT.fusion("en", informed=False)
    assert index.with_model(model).search("only one", language="en")[0].entry.id == "only"


def test_a_model_survives_the_disk(index: KnowledgeIndex, tmp_path: Path) -> None:
    model = fit(labelled(), index)
    path = tmp_path / "answers" / "model.json"
    model.save(path)
    assert AnswerModel.load(path) == model
    assert [p.name for p in path.parent.iterdir()] == ["model.json"]


@pytest.mark.parametrize(
    "change",
    [
        lambda stored: stored.pop("features"),
        lambda stored: stored.update(features=["dense"]),
        lambda stored: stored["languages"].pop("en"),
        lambda stored: stored["languages"]["en"]["plain"].update(weights=[1.0]),
        lambda stored: stored["languages"]["en"]["plain"].update(threshold="high"),
    ],
)
def test_a_model_of_another_version_is_refused(tmp_path: Path, change) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "model.json"
    DEFAULT.save(path)
    stored = json.loads(path.read_text(encoding="utf-8"))
    change(stored)
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(ValueError, match=r"model\.json: not an answer model"):
        AnswerModel.load(path)


def test_searching_loads_no_torch() -> None:
    import subprocess

    code = "import sys, knowledge.index.search, knowledge.index.encoder;"
    code += "import knowledge.index.products, knowledge.formats.folder;"
    code += "sys.exit('torch' in sys.modules or 'transformers' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
