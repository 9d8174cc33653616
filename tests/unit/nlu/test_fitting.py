"""What the experts are taught; the network's training is an integration test."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

import nlu.fitting
from nlu.annotations import parse_annotations
from nlu.characters import CharacterExpert
from nlu.checkpoints import Checkpoint
from nlu.corpus import Corpus, Labels
from nlu.encoder_training import Lesson
from nlu.entities import EntityExtractor
from nlu.fitting import Fitter
from nlu.rasa_format import Example
from nlu.settings import TrainingSettings
from nlu.tagging import Combination, TagScheme, TaughtSpan

NAMES = {
    "track_order": ("where is it", "包裹呢"),
    "utter.HowMuch?": ("price please",),
    "out_of_scope": ("who won",),
    "退款": ("money back",),
    "q1": ("is it on sale",),
}
NO_TAGS = TagScheme()
TO = TagScheme((Combination("city", "to"),))


@dataclass
class Network:
    """Stands in for training, export and int8."""

    lessons: list[Lesson] = field(default_factory=list)

    def train(self, lesson: Lesson, base: Path, *, checkpoint: Checkpoint, **_: object) -> str:
        self.lessons.append(lesson)
        checkpoint.save(1, {})
        return "model"

    def export(self, model: str, path: Path, *, max_tokens: int) -> None:
        path.write_text(model)

    def quantise(self, source: Path, target: Path) -> None:
        target.write_text(source.read_text() + " in int8")


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    network = Network()
    monkeypatch.setattr(nlu.fitting, "train_encoder", network.train)
    monkeypatch.setattr(nlu.fitting, "export_onnx", network.export)
    monkeypatch.setattr(nlu.fitting, "quantise", network.quantise)
    return network


def example(marked: str, intent: str) -> Example:
    text, entities = parse_annotations(marked)
    return Example(text, intent, entities, "nlu.yml", 1)


EXAMPLES = [example(text, intent) for intent, texts in NAMES.items() for text in texts]


def make(
    base: Path, examples: list[Example], scheme: TagScheme = NO_TAGS, **lookups: list[str]
) -> Fitter:
    """A fitter whose encoder knows the words of the English examples."""
    words = sorted({word for one in examples if one.text.isascii() for word in one.text.split()})
    vocabulary = {word: number for number, word in enumerate(["[UNK]", *words])}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    base.mkdir(exist_ok=True)
    tokenizer.save(str(base / "tokenizer.json"))
    corpus = Corpus.build(examples, base, max_tokens=64, min_known_share=0.5)
    return Fitter(
        corpus, scheme, EntityExtractor(lookups), base, TrainingSettings(), lambda *_: None
    )


def every_row(fitter: Fitter) -> Labels:
    return np.arange(len(fitter.corpus.texts))


def test_all_experts_are_written_beside_the_checkpoint(tmp_path: Path, network: Network) -> None:
    fitter = make(tmp_path / "base", EXAMPLES)
    epochs = fitter.fit(every_row(fitter), tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "characters.npz", "encoder.onnx", "encoder-int8.onnx", "tokenizer.json", "checkpoint.pt",
    }  # fmt: skip
    assert (tmp_path / "out" / "encoder-int8.onnx").read_text() == "model in int8"
    assert epochs == 16
    expert = CharacterExpert.load(tmp_path / "out" / "characters.npz")
    assert expert.margins(fitter.corpus.texts).argmax(axis=1).tolist() == list(fitter.corpus.labels)


def test_a_name_in_words_is_one_more_example_of_its_intent(
    tmp_path: Path, network: Network
) -> None:
    fitter = make(tmp_path / "base", EXAMPLES)
    fitter.fit(every_row(fitter), tmp_path / "out")
    (lesson,) = network.lessons
    names = fitter.corpus.names
    taught = [
        (taught.text, names[label])
        for taught, label in zip(lesson.texts, lesson.labels, strict=True)
    ]
    assert taught == [
        ("where is it", "track_order"),  # and no Chinese, which this encoder can't read
        ("price please", "utter.HowMuch?"),
        ("who won", "out_of_scope"),
        ("money back", "退款"),
        ("is it on sale", "q1"),
        # None for out_of_scope, which is no topic, and for names that say nothing in words.
        ("track order", "track_order"),
        ("utter howmuch", "utter.HowMuch?"),
    ]
    assert lesson.classes == 5


def test_only_the_rows_of_the_fit_and_their_names_are_taught(
    tmp_path: Path, network: Network
) -> None:
    fitter = make(tmp_path / "base", EXAMPLES)
    fitter.fit(every_row(fitter)[1:], tmp_path / "out")  # of track_order the Chinese row is left
    (lesson,) = network.lessons
    taught = [text.text for text in lesson.texts]
    assert "price please" in taught
    assert "where is it" not in taught
    assert "track order" not in taught
    assert lesson.classes == 5


@pytest.mark.parametrize(
    "examples",
    [
        [example("包裹呢", "track"), example("退款", "refund")],
        [example("where is it", "track"), example("包裹呢", "track"), example("退款", "refund")],
    ],
)
def test_without_two_readable_intents_there_is_no_network(
    tmp_path: Path, network: Network, examples: list[Example]
) -> None:
    fitter = make(tmp_path / "base", examples)
    assert fitter.fit(every_row(fitter), tmp_path / "out") == 0
    assert network.lessons == []
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["characters.npz"]


ANNOTATED = [
    example('from Rome to [Oslo]{"entity": "city", "role": "to"}', "travel"),
    example("is Oslo nice", "ask"),
    example("hello there", "greet"),
]


def test_entities_are_taught_where_a_token_head_learns_them(
    tmp_path: Path, network: Network
) -> None:
    fitter = make(tmp_path / "base", ANNOTATED, TO, city=["Oslo"])
    fitter.fit(every_row(fitter), tmp_path / "out")
    (lesson,) = network.lessons
    assert lesson.scheme == TO
    spans = {taught.text: taught.spans for taught in lesson.texts}
    assert spans == {
        "from Rome to Oslo": (TaughtSpan(13, 17, 0),),
        "is Oslo nice": (TaughtSpan(3, 7, None),),  # a lookup's phrase that nobody annotated
        "hello there": (),
        # A name is nothing that a shopper wrote: its words teach no tags.
        "ask": (TaughtSpan(0, 3, None),),
        "greet": (TaughtSpan(0, 5, None),),
        "travel": (TaughtSpan(0, 6, None),),
    }


def test_without_a_token_head_lookups_are_not_looked_up(tmp_path: Path, network: Network) -> None:
    fitter = make(tmp_path / "base", ANNOTATED, city=["Oslo"])
    fitter.fit(every_row(fitter), tmp_path / "out")
    assert {taught.spans for taught in network.lessons[0].texts[:3]} == {()}
