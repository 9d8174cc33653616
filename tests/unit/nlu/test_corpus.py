import random
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from nlu.augmentation import augment
from nlu.corpus import Corpus
from nlu.rasa_format import Example, TrainingData
from nlu.settings import EncoderSettings, TrainingSettings
from nlu.training import data_digest


def example(text: str, intent: str, line: int = 1) -> Example:
    return Example(text, intent, (), "a.yml", line)


@pytest.fixture
def base_model(tmp_path: Path) -> Path:
    words = {word: number for number, word in enumerate(("[UNK]", "track", "order", "hello", "hi"))}
    tokenizer = Tokenizer(WordLevel(words, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


EXAMPLES = (
    *(example("track order " * n, "track") for n in range(1, 21)),
    *(example("hello hi " * n, "greet") for n in range(1, 11)),
    *(example("你好" * n, "greet") for n in range(1, 11)),
)


def test_encoder_reads_only_languages_it_knows(base_model: Path) -> None:
    corpus = Corpus.build(EXAMPLES, base_model, max_tokens=48, min_known_share=0.5)
    assert corpus.names == ("greet", "track")
    assert set(corpus.languages[corpus.for_encoder]) == {"en"}


def test_split_holds_out_each_intent_and_language_and_repeats(base_model: Path) -> None:
    corpus = Corpus.build(EXAMPLES, base_model, max_tokens=48, min_known_share=0.5)
    rest, held_out = corpus.split(0.2, seed=7)
    assert sorted([*rest, *held_out]) == list(range(len(corpus.texts)))
    strata = [(corpus.labels[row], corpus.languages[row]) for row in held_out]
    assert {stratum: strata.count(stratum) for stratum in strata} == {
        (1, "en"): 4, (0, "en"): 2, (0, "zh"): 2,
    }  # fmt: skip
    np.testing.assert_array_equal(corpus.split(0.2, seed=7)[1], held_out)


def test_texts_alike_after_normalisation_count_once(base_model: Path) -> None:
    pair = (example("hi！！！", "greet"), example("hi!", "greet"), example("track", "track"))
    assert len(Corpus.build(pair, base_model, max_tokens=48, min_known_share=0.5).texts) == 2


def test_one_intent_is_refused(base_model: Path) -> None:
    with pytest.raises(ValueError, match="at least two"):
        Corpus.build((example("hi", "greet"),), base_model, max_tokens=48, min_known_share=0.5)


def test_digest_follows_what_is_learnt_and_nothing_else(base_model: Path) -> None:
    settings = TrainingSettings()
    data = TrainingData((example("hi", "greet"), example("track", "track")))
    moved = TrainingData((example("track", "track", 9), example("hi", "greet", 3)), {"a": "b"})
    changed = TrainingData((example("hi", "greet"), example("order", "track")))
    digest = data_digest(data, base_model, settings)
    assert data_digest(moved, base_model, settings) == digest
    assert data_digest(changed, base_model, settings) != digest
    assert data_digest(data, base_model, TrainingSettings(seed=8)) != digest
    (base_model / "config.json").write_text("{}")
    assert data_digest(data, base_model, settings) != digest


@pytest.mark.parametrize(("examples", "epochs"), [(100, 8), (4000, 3), (100_000, 2), (0, 8)])
def test_epochs(examples: int, epochs: int) -> None:
    assert EncoderSettings().epochs(examples) == epochs


@pytest.mark.parametrize("text", ["", "hi", "where is my order 4417, please?", "我的订单呢", "!?"])
def test_augmentation_keeps_a_text_and_repeats(text: str) -> None:
    first = [augment(text, random.Random(seed)) for seed in range(50)]
    assert first == [augment(text, random.Random(seed)) for seed in range(50)]
    assert all(bool(altered.strip()) == bool(text) for altered in first)
    assert text in first
    assert (len(set(first)) > 5) == text.startswith("where")
