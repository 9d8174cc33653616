import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.character_training import train_characters
from nlu.characters import CharacterExpert
from nlu.classifier import IntentClassifier
from nlu.entities import EntityExtractor
from nlu.language import normalise
from nlu.mixture import LanguageMix, ScopeRule
from nlu.model_files import CHARACTERS, ModelCard, ModelFolderError, load_card, save_card
from nlu.onnx_model import Reading
from nlu.tagging import Combination, TagScheme

EXAMPLES = {
    "greet": ("hello", "hi there", "good morning", "你好", "早上好", "嗨"),
    "out_of_scope": ("what is the weather", "tell me a joke", "who won", "讲个笑话", "天气怎么样"),
    "refund": ("refund please", "i want my money back", "give a refund", "我要退款", "退钱给我"),
}
CARD = ModelCard(
    intents=tuple(EXAMPLES),
    mixes={
        "en": LanguageMix(5.0, scope=ScopeRule((0.5, 1.5, -2.0), 0.25, 0.4)),
        "zh": LanguageMix(5.0),
    },
    max_tokens=48,
    has_encoder=False,
    scheme=TagScheme((Combination("city", "from"), Combination("city", "to", "1"))),
    digest="digest",
)


def build_folder(folder: Path) -> None:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    labels = np.repeat(np.arange(3), [len(examples) for examples in EXAMPLES.values()])
    train_characters(texts, labels, strength=1.0, seed=7).save(folder / CHARACTERS)
    save_card(folder, CARD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("model")
    build_folder(folder)
    return folder


@pytest.fixture(scope="module")
def classifier(folder: Path) -> IntentClassifier:
    return IntentClassifier.load(folder, EntityExtractor(), today=lambda: date(2025, 5, 14))


@pytest.mark.parametrize(
    ("text", "language", "intent", "outside"),
    [
        ("Refund!!", "en", "refund", False),
        ("我要退钱", "zh", "refund", False),
        ("HELLO", "en", "greet", False),
        ("a joke about the weather", "en", "out_of_scope", True),
    ],
)
def test_understand(
    classifier: IntentClassifier, text: str, language: str, intent: str, outside: bool
) -> None:
    result = classifier.understand(text)
    assert (result.text, result.language) == (text, language)
    assert (result.top.name, result.out_of_scope) == (intent, outside)


def test_batch_keeps_order_and_equals_single(classifier: IntentClassifier) -> None:
    texts = ["refund from yesterday", "你好", "hi", "", "讲个笑话", "退款4417"]
    batch = classifier.understand_batch(texts)
    assert batch == [classifier.understand(text) for text in texts]
    assert [result.text for result in batch] == texts
    assert batch[0].values("date") == ("2025-05-13",)
    assert classifier.understand_batch([]) == []


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "?!", "...", "\x00", "🇨🇳"])
def test_text_without_letters_is_out_of_scope(classifier: IntentClassifier, text: str) -> None:
    result = classifier.understand(text)
    assert result.out_of_scope
    assert result.scope_probability == 0.0


def test_a_bare_order_number_keeps_its_scope(classifier: IntentClassifier) -> None:
    result = classifier.understand("4417")
    assert result.values("order_number") == ("4417",)
    assert result.scope_probability > 0.0


@settings(deadline=None)
@given(st.text(st.characters()))
def test_any_text_is_understood(classifier: IntentClassifier, text: str) -> None:
    result = classifier.understand(text)
    assert result.text == text
    probabilities = [rank.probability for rank in result.intents]
    assert sum(probabilities) == pytest.approx(1.0)
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0.0 <= result.scope_probability <= 1.0


def test_many_threads_get_what_one_gets(classifier: IntentClassifier) -> None:
    texts = [f"{word} {number}" for number in range(20) for word in ("refund", "你好", "joke")]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(classifier.understand, texts)) == classifier.understand_batch(texts)


def test_a_card_is_read_as_it_was_written(tmp_path: Path) -> None:
    save_card(tmp_path, CARD)
    assert load_card(tmp_path) == CARD


class Network:
    """Takes everything for a refund, and the last token for a city that somebody goes to."""

    def __init__(self, *, sure: bool = True, tags: bool = True) -> None:
        self.read_texts: list[str] = []
        self._sure, self._tags = sure, tags

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.read_texts += texts
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Reading:
        offsets = [match.span() for match in re.finditer(r"\w+", text)]
        tags = np.zeros((len(offsets), CARD.scheme.size), dtype=np.float32)
        tags[:, 0] = 9.0
        if offsets:
            tags[-1, 0], tags[-1, 3] = 0.0, 9.0 if self._sure else 1.0
        logits = np.array([0.0, 0.0, 9.0], dtype=np.float32)
        return Reading(logits, logits, tags if self._tags else None, offsets)


def with_network(folder: Path, network: Network, extractor: EntityExtractor) -> IntentClassifier:
    """English is read by the network, Chinese is not."""
    mixes = CARD.mixes | {"en": LanguageMix(1.0, 1.0, 1.0)}
    return IntentClassifier(
        replace(CARD, mixes=mixes, has_encoder=True),
        CharacterExpert.load(folder / CHARACTERS),
        network,
        extractor,
        today=lambda: date(2025, 5, 14),
    )


def test_the_network_reads_normalised_texts_of_its_languages_alone(folder: Path) -> None:
    network = Network()
    classifier = with_network(folder, network, EntityExtractor())
    found = classifier.understand_batch(["Ｈｉ　　there!!!", "你好", "hello", ""])
    assert network.read_texts == ["Hi there!", "hello", ""]
    assert [result.top.name for result in found] == ["refund", "greet", "refund", "refund"]


@pytest.mark.parametrize("text", ["to Oslo", "ｔｏ　　Ｏｓｌｏ!!!", "now to\u200b Os\u200blo ?"])
def test_learnt_entities_stand_where_they_were_typed(folder: Path, text: str) -> None:
    classifier = with_network(folder, Network(), EntityExtractor())
    (city,) = classifier.understand(text).entities
    assert (city.name, city.role, city.group) == ("city", "to", "1")
    assert text[city.start : city.end] == city.text
    assert normalise(city.text) == "Oslo"


def test_a_rule_keeps_its_characters_and_a_lookup_takes_the_role(folder: Path) -> None:
    extractor = EntityExtractor({"city": ("Oslo",)})
    classifier = with_network(folder, Network(), extractor)
    (city,) = classifier.understand("go to Oslo").entities
    assert (city.value, city.role, city.group) == ("Oslo", "to", "1")
    (day,) = classifier.understand("go there yesterday").entities
    assert (day.name, day.role) == ("date", None)


@pytest.mark.parametrize("network", [Network(sure=False), Network(tags=False)])
def test_without_a_sure_tag_nothing_is_learnt(folder: Path, network: Network) -> None:
    assert with_network(folder, network, EntityExtractor()).understand("to Oslo").entities == ()


@pytest.mark.parametrize("content", [None, "{", "{}", '{"mixes": {"en": {"x": 1}}}'])
def test_incomplete_folder_names_the_remedy(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "model.json").write_text(content)
    with pytest.raises(ModelFolderError, match="train again"):
        load_card(tmp_path)


@pytest.mark.parametrize("modules", ["nlu.classifier", "nlu.rasa_format, nlu.training"])
def test_neither_serving_nor_the_digest_imports_a_training_library(modules: str) -> None:
    code = f"import sys, {modules};print({{'torch', 'transformers', 'sklearn'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")
