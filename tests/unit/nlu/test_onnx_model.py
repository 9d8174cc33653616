"""Reading and remembering, with a stand-in for the network's session."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

import nlu.onnx_model
from nlu.onnx_model import OnnxIntentModel

WORDS = 3000


class Session:
    """Two classes and two tags; a text's logits tell its first word, its tags their words."""

    outputs = ("logits", "probe", "tags")

    def __init__(self, *_: object, **__: object) -> None:
        self.batches: list[NDArray[np.int64]] = []

    def get_outputs(self) -> list[SimpleNamespace]:
        return [SimpleNamespace(name=name) for name in self.outputs]

    def run(self, _: None, fed: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
        ids, mask = fed["input_ids"], fed["attention_mask"]
        assert ids.shape == mask.shape
        self.batches.append(ids)
        first = ids[:, 0].astype(np.float32)
        found = {
            "logits": np.stack([first, -first], axis=1),
            "probe": np.stack([first + 1, -first], axis=1),
            "tags": np.stack([ids, -ids], axis=2).astype(np.float32),
        }
        return [found[name] for name in self.outputs]

    @property
    def read(self) -> list[int]:
        """First words of all texts computed."""
        return [int(row[0]) for ids in self.batches for row in ids]


Made = tuple[OnnxIntentModel, Session]


@pytest.fixture
def tokenizer_dir(tmp_path: Path) -> Path:
    tokenizer = Tokenizer(
        WordLevel({str(number): number for number in range(WORDS)}, unk_token="0")
    )
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    return tmp_path


@pytest.fixture
def made(tokenizer_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """A model that remembers three texts, and its session."""
    session = Session()
    monkeypatch.setattr(nlu.onnx_model.onnxruntime, "InferenceSession", lambda *_, **__: session)
    monkeypatch.setattr(nlu.onnx_model, "_REMEMBERED", 3)
    model = OnnxIntentModel(tokenizer_dir / "m.onnx", tokenizer_dir, max_tokens=6, threads=1)
    return model, session


def firsts(model: OnnxIntentModel, texts: Sequence[str]) -> list[int]:
    return [int(reading.tuned[0]) for reading in model.read(texts)]


def test_readings_come_in_input_order_whatever_the_lengths(made: Made) -> None:
    model, session = made
    texts = ["5 1 1 1", "7", "6 2", "8 1 1 1 1"]
    readings = model.read(texts)
    assert [reading.tuned.tolist() for reading in readings] == [[5, -5], [7, -7], [6, -6], [8, -8]]
    assert [reading.probe[0] for reading in readings] == [6, 8, 7, 9]
    assert session.read == [7, 6, 5, 8]  # shortest first
    assert model.read([]) == []


def test_tags_and_offsets_are_those_of_the_own_tokens(made: Made) -> None:
    short, long, cut = made[0].read(["12 7", "12 7 9 4", "1 2 3 4 5 6 7 8"])
    assert short.tags is not None
    assert short.tags[:, 0].tolist() == [12, 7]
    assert list(short.offsets) == [(0, 2), (3, 4)]
    assert long.tags is not None
    assert long.tags.shape == (4, 2)
    assert cut.tags is not None
    assert len(cut.tags) == len(cut.offsets) == 6


def test_without_a_token_head_there_are_no_tags(
    made: Made, tokenizer_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made[1], "outputs", ("logits", "probe"))
    model = OnnxIntentModel(tokenizer_dir / "m.onnx", tokenizer_dir, max_tokens=6, threads=1)
    assert model.read(["5"])[0].tags is None


def test_a_reading_keeps_no_batch_in_memory(made: Made) -> None:
    (reading, _) = made[0].read(["5", "6 7"])
    assert reading.tags is not None
    assert all(part.base is None for part in (reading.tuned, reading.probe, reading.tags))


def test_one_text_is_read_once(made: Made) -> None:
    model, session = made
    assert firsts(model, ["5", "6", "5"]) == [5, 6, 5]
    assert firsts(model, ["6", "5"]) == [6, 5]
    assert session.read == [5, 6]


def test_what_was_not_used_for_longest_is_forgotten_first(made: Made) -> None:
    model, session = made
    firsts(model, ["1", "2", "3"])
    firsts(model, ["1"])  # used again
    firsts(model, ["4"])  # 2 goes
    session.batches.clear()
    firsts(model, ["1", "3", "4"])
    assert session.read == []
    firsts(model, ["2"])
    assert session.read == [2]


def test_more_texts_than_are_remembered_are_all_answered(made: Made) -> None:
    model, session = made
    texts = [str(number) for number in range(100)]
    assert firsts(model, texts) == list(range(100))
    assert [len(ids) for ids in session.batches] == [32, 32, 32, 4]
    session.batches.clear()
    assert firsts(model, ["97", "98", "99"]) == [97, 98, 99]
    assert session.read == []


def test_many_threads_get_their_own_texts(made: Made) -> None:
    model, _ = made
    asked = [[str((start * 7 + step) % 11) for step in range(5)] for start in range(400)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda texts: firsts(model, texts), asked))
    assert found == [[int(text) for text in texts] for texts in asked]
