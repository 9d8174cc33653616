"""Rerankers order the likely hits; whether the bot answers stays with the model's threshold."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.entries import Content, Entry, Source
from knowledge.index.answer_model import AnswerModel
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.reranker import CrossEncoderReranker
from knowledge.index.search import KnowledgeIndex, Reranker

TEXTS = ("red tent", "a blue tent for two", "stove", "")


class Longest:
    """The longer the text the better it answers; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def scores(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        self.asked.append((query, tuple(texts)))
        return np.array([len(text) for text in texts], dtype=np.float32)


class Flat:
    """Every text the same vector: only words tell entries apart."""

    identity = "flat"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.5, dtype=np.float32)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of one random layer, saved as sentence-transformers saves them."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *"red blue tent for two stove a".split()]
    (folder / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=32, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).eval().save_pretrained(folder)
    return folder


@pytest.fixture(params=["cross-encoder", "stand-in"])
def reranker(request: pytest.FixtureRequest, tiny: Path) -> Reranker:
    return CrossEncoderReranker(tiny, device="cpu") if "-e" in request.param else Longest()


def test_there_is_one_score_for_each_text_in_any_company(reranker: Reranker) -> None:
    scores = reranker.scores("two tents", TEXTS)
    assert (scores.dtype, scores.shape) == (np.float32, (4,))
    assert np.isfinite(scores).all()
    alone = [reranker.scores("two tents", [text])[0] for text in TEXTS]
    np.testing.assert_allclose(scores, alone, atol=1e-5)


def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    assert reranker.scores("tent", []).shape == (0,)


def entries() -> tuple[Entry, ...]:
    return tuple(
        Entry(f"e{n}", "en", f"tent {'pole ' * n}?", "x" * n, Source("faq/a.md", n))
        for n in range(40)
    )


def thresholds(model: AnswerModel, value: float) -> AnswerModel:
    both = model.languages["en"]
    plain, informed = (replace(f, threshold=value) for f in (both.plain, both.informed))
    return AnswerModel({"en": replace(both, plain=plain, informed=informed)})


@pytest.mark.parametrize("prior", [{}, {"topic": 0.9}])
def test_only_hits_that_may_be_answers_change_places(
    tmp_path: Path, prior: dict[str, float]
) -> None:
    content, cache = Content(entries(), ()), EmbeddingCache(tmp_path)
    plain = KnowledgeIndex.build(content, Flat(), cache)
    before = plain.search("tent", language="en", limit=40, prior=prior)
    middle = (before[4].probability + before[5].probability) / 2
    longest = Longest()
    index = KnowledgeIndex.build(content, Flat(), cache, reranker=longest)
    index = index.with_model(thresholds(plain.model, middle))
    after = index.search("tent", language="en", limit=40, prior=prior)
    likely = [hit for hit in before if hit.probability >= middle]
    by_length = sorted(likely, key=lambda hit: -len(hit.entry.question + hit.entry.answer))
    assert 2 <= len(likely) < 40
    assert list(after) == by_length + [hit for hit in before if hit.probability < middle]
    (asked,) = longest.asked
    assert asked[0] == "tent"
    assert f"{likely[0].entry.question}\n{likely[0].entry.answer}" in asked[1]
    found = index.consult("tent", language="en", prior=prior).hits
    assert [hit.entry.id for hit in found] == [hit.entry.id for hit in after[:3]]


@pytest.mark.parametrize(("threshold", "asked"), [(0.0, 20), (1.1, 0)])
def test_at_most_twenty_are_read_and_none_where_nothing_is_likely(
    tmp_path: Path, threshold: float, asked: int
) -> None:
    longest = Longest()
    index = KnowledgeIndex.build(
        Content(entries(), ()), Flat(), EmbeddingCache(tmp_path), reranker=longest
    )
    index = index.with_model(thresholds(index.model, threshold))
    index.search("tent", language="en", limit=40)
    assert sum(len(texts) for _, texts in longest.asked) == asked
