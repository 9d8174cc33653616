import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlu.character_training import train_characters
from nlu.classifier import IntentClassifier
from nlu.entities import EntityExtractor
from nlu.mixture import LanguageMix
from nlu.model_files import CHARACTERS, ModelCard, ModelFolderError, load_card, save_card

EXAMPLES = {
    "greet": ("hello", "hi there", "good morning", "你好", "早上好", "嗨"),
    "out_of_scope": ("what is the weather", "tell me a joke", "who won", "讲个笑话", "天气怎么样"),
    "refund": ("refund please", "i want my money back", "give a refund", "我要退款", "退钱给我"),
}
CARD = ModelCard(
    tuple(EXAMPLES), {"en": LanguageMix(0.0, 5.0), "zh": LanguageMix(0.0, 5.0)}, 48, False, "digest"
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
