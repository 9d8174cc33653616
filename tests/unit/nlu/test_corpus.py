import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from nlu.augmentation import augment
from nlu.corpus import Corpus
from nlu.model_files import outside_column
from nlu.rasa_format import Example, TrainingData
from nlu.settings import EncoderSettings, Schedule, TrainingSettings
from nlu.training import data_digest
from nlu.understanding import Entity


def example(text: str, intent: str, line: int = 1, *entities: Entity) -> Example:
    return Example(text, intent, entities, "a.yml", line)


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


def test_the_last_of_texts_alike_is_taught_with_its_entities(base_model: Path) -> None:
    city = Entity("city", "hi", "hi", 0, 2)
    alike = (
        example("hi", "track"),
        example("track", "track"),
        example("hi!!!", "greet"),
        example(" hi ", "greet", 4, city),
        example("！！！ ", "greet"),
        example("\u200b", "track"),
    )
    corpus = Corpus.build(alike, base_model, max_tokens=48, min_known_share=0.5)
    assert corpus.texts == ("hi", "track", "hi!", "!")
    assert [corpus.names[label] for label in corpus.labels] == ["greet", "track", "greet", "greet"]
    assert corpus.examples[0].entities == (city,)
    assert outside_column(corpus.names) is None


def test_out_of_scope_has_a_column_where_it_is_taught(base_model: Path) -> None:
    taught = (example("hi", "greet"), example("who won", "out_of_scope"), example("track", "track"))
    corpus = Corpus.build(taught, base_model, max_tokens=48, min_known_share=0.5)
    assert outside_column(corpus.names) == 1
    assert corpus.pick(np.array([2, 0])) == ["track", "hi"]


def test_too_few_of_an_intent_are_all_learnt(base_model: Path) -> None:
    taught = [example(f"{word} {n}", word) for word in ("hi", "track") for n in range(3)]
    corpus = Corpus.build(taught, base_model, max_tokens=48, min_known_share=0.5)
    rest, held_out = corpus.split(0.15, seed=7)
    assert (len(rest), len(held_out)) == (6, 0)


def test_one_intent_is_refused(base_model: Path) -> None:
    with pytest.raises(ValueError, match="at least two"):
        Corpus.build((example("hi", "greet"),), base_model, max_tokens=48, min_known_share=0.5)


def test_digest_follows_what_is_learnt_and_nothing_else(base_model: Path) -> None:
    settings = TrainingSettings()
    data = TrainingData((example("hi", "greet"), example("track", "track")))
    moved = TrainingData((example("track", "track", 9), example("hi", "greet", 3)), {"a": "b"})
    changed = TrainingData((example("hi", "greet"), example("order", "track")))
    city = Entity("city", "hi", "hi", 0, 2)
    digest = data_digest(data, base_model, settings)
    digests = [digest]
    assert data_digest(moved, base_model, settings) == digest
    assert data_digest(changed, base_model, settings) != digest
    for entity in (city, replace(city, role="to"), replace(city, group="1"), replace(city, end=1)):
        other = TrainingData((example("hi", "greet", 1, entity), example("track", "track")))
        digests.append(data_digest(other, base_model, settings))
    assert data_digest(data, base_model, TrainingSettings(seed=8)) != digest
    for judged in (example("hi", "greet"), example("hi", "track")):
        digests.append(data_digest(data, base_model, settings, (judged,)))
    (base_model / "config.json").write_text("{}")
    assert data_digest(data, base_model, settings) != digest
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize(
    ("examples", "schedule"),
    [
        (0, Schedule(16, 2)),
        (100, Schedule(16, 2)),
        (800, Schedule(10, 2)),
        (1_000, Schedule(8, 2)),
        (1_001, Schedule(4, 1)),
        (100_000, Schedule(4, 1)),
    ],
)
def test_few_examples_are_seen_twice_in_a_batch_and_more_often(
    examples: int, schedule: Schedule
) -> None:
    assert EncoderSettings().schedule(examples) == schedule


@pytest.mark.parametrize("text", ["", "hi", "where is my order 4417, please?", "我的订单呢", "!?"])
def test_augmentation_keeps_a_text_and_repeats(text: str) -> None:
    first = [augment(text, random.Random(seed)) for seed in range(50)]
    assert first == [augment(text, random.Random(seed)) for seed in range(50)]
    assert all(bool(altered.strip()) == bool(text) for altered in first)
    assert text in first
    assert (len(set(first)) > 5) == text.startswith("where")
