"""Judging with a stand-in network: a text's first word is its class, its second what it gets."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

import nlu.judging
from nlu.characters import CharacterExpert
from nlu.judging import HeldOut, Judgement, judge
from nlu.language import Language, detect_language
from nlu.model_files import CHARACTERS, ENCODER, INT8_ENCODER, OUT_OF_SCOPE
from nlu.onnx_model import Reading
from nlu.settings import TrainingSettings

NAMES = ("ask", "buy", "cancel")
BOTH: set[Language] = {"en", "zh"}


class Network:
    """Reads "1 ok" rightly; "1 bad" wrongly; "1 worse" wrongly in int8; "1 better" only there."""

    asked: list[tuple[str, tuple[str, ...]]]

    def __init__(self, path: Path, tokenizer_dir: Path, **_: object) -> None:
        self.name = path.name

    def read(self, texts: Sequence[str]) -> list[Reading]:
        self.asked.append((self.name, tuple(texts)))
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Reading:
        label, fate = text.split()[:2]
        wrong = {"bad": True, "worse": self.name == INT8_ENCODER, "better": self.name == ENCODER}
        logits = np.full(3, 0.5, dtype=np.float32)
        if fate != "odd":
            logits[(int(label) + wrong.get(fate, False)) % 3] = 4.0
        return Reading(logits, logits, None, ())


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model folder whose character expert says nothing."""
    monkeypatch.setattr(Network, "asked", [], raising=False)
    monkeypatch.setattr(nlu.judging, "OnnxIntentModel", Network)
    nothing = np.zeros(0, np.float32)
    CharacterExpert({}, nothing, np.zeros((0, 3), np.float32), np.zeros(3, np.float32)).save(
        tmp_path / CHARACTERS
    )
    for name in (ENCODER, INT8_ENCODER):
        (tmp_path / name).touch()
    return tmp_path


def texts(fate: str, count: int, *, more: str = "") -> list[str]:
    return [f"{number % 3} {fate} {more}{number}" for number in range(count)]


def held_out(asked: Sequence[str], names: tuple[str, ...] = NAMES) -> HeldOut:
    return HeldOut(
        tuple(asked),
        np.array([-1 if "odd" in text else int(text[0]) for text in asked], dtype=np.int64),
        np.array([detect_language(text) for text in asked], dtype=np.str_),
        names,
    )


def judged(asked: Sequence[str], folder: Path, reads: set[Language] = BOTH) -> Judgement:
    return judge(held_out(asked), folder, reads, TrainingSettings())


def right(judgement: Judgement) -> float:
    found = judgement.predictions
    return float((found.probabilities.argmax(axis=1) == found.labels).mean())


def test_a_network_that_is_bad_in_int8_stays_full(folder: Path) -> None:
    judgement = judged(texts("worse", 30), folder)
    assert not judgement.int8
    assert (judgement.full_accuracy, judgement.int8_accuracy) == (1.0, 0.0)
    assert right(judgement) == 1.0


@pytest.mark.parametrize(
    ("worse", "better", "ok", "int8"),
    [
        (0, 0, 30, True),
        (0, 30, 0, True),
        (3, 0, 97, True),  # by chance: p = 1/8
        (4, 0, 96, False),  # p = 1/16
        (10, 10, 80, True),
        (20, 10, 70, False),
        (3, 0, 1000, True),  # 0.3 points
    ],
)
def test_int8_serves_unless_its_loss_is_no_chance(
    folder: Path, worse: int, better: int, ok: int, int8: bool
) -> None:
    asked = [*texts("worse", worse), *texts("better", better), *texts("ok", ok)]
    assert judged(asked, folder).int8 is int8


def test_texts_are_read_one_by_one_as_in_serving(folder: Path) -> None:
    judged(texts("ok", 5), folder)
    assert [name for name, _ in Network.asked] == [ENCODER] * 5 + [INT8_ENCODER] * 5
    assert {len(asked) for _, asked in Network.asked} == {1}


def test_without_a_network_the_characters_alone_are_mixed(folder: Path) -> None:
    for name in (ENCODER, INT8_ENCODER):
        (folder / name).unlink()
    judgement = judged(texts("ok", 60), folder)
    assert (judgement.full_accuracy, judgement.int8_accuracy, judgement.int8) == (None, None, False)
    assert not any(mix.reads_encoder for mix in judgement.mixes.values())
    np.testing.assert_allclose(judgement.predictions.probabilities, 1 / 3)


def test_a_language_that_the_network_does_not_read_is_not_asked(folder: Path) -> None:
    english, chinese = texts("ok", 60), texts("ok", 60, more="包裹")
    judgement = judged([*english, *chinese], folder, {"en"})
    assert {text for _, asked in Network.asked for text in asked} == set(english)
    assert judgement.mixes["en"].reads_encoder
    assert not judgement.mixes["zh"].reads_encoder
    found = judgement.predictions
    assert (found.probabilities[:60].max(axis=1) > 0.9).all()
    np.testing.assert_allclose(found.probabilities[60:], 1 / 3)


@pytest.mark.parametrize(("reads", "network"), [({"en", "zh"}, True), ({"en"}, False)])
def test_a_language_without_held_out_rows_has_a_plain_mixture(
    folder: Path, reads: set[Language], network: bool
) -> None:
    judgement = judged(texts("ok", 20), folder, reads)
    assert judgement.mixes["en"].reads_encoder
    assert judgement.mixes["zh"].characters > 0
    assert judgement.mixes["zh"].reads_encoder is network
    assert set(judgement.predictions.languages) == {"en"}


def test_nothing_held_out_still_gives_mixtures(folder: Path) -> None:
    judgement = judged([], folder)
    assert {language: mix.reads_encoder for language, mix in judgement.mixes.items()} == {
        "en": True, "zh": True,
    }  # fmt: skip
    assert judgement.predictions.probabilities.shape == (0, 3)


def halves(pairs: int) -> list[str]:
    """Even rows are read rightly, odd ones wrongly."""
    return [f"{n % 3} {fate} {n}" for n in range(pairs) for fate in ("ok", "bad")]


def test_figures_of_a_half_come_from_the_mixture_of_the_other(folder: Path) -> None:
    probabilities = judged(halves(20), folder).predictions.probabilities
    # By the odd rows the network is worth nothing, so the even ones have a mixture without it.
    np.testing.assert_allclose(probabilities[::2], 1 / 3, atol=1e-6)
    # By the even rows it is always right, so the odd ones are sure of the wrong intent.
    labels = np.arange(20) % 3
    assert (probabilities[1::2][np.arange(20), (labels + 1) % 3] > 0.99).all()


def test_a_few_rows_are_judged_by_the_mixture_that_serves(folder: Path) -> None:
    few = judged(halves(19), folder)
    many = judged(halves(20), folder)
    assert (few.predictions.probabilities.max(axis=1) < 0.9).all()
    np.testing.assert_allclose(few.predictions.probabilities.max(axis=1).std(), 0.0, atol=1e-9)
    assert many.mixes["en"].tuned == pytest.approx(few.mixes["en"].tuned, abs=0.02)


@pytest.mark.parametrize("names", [NAMES, ("ask", "buy", OUT_OF_SCOPE)])
def test_out_of_scope_rows_are_rejected_and_count_for_no_accuracy(
    folder: Path, names: tuple[str, ...]
) -> None:
    inside = [f"{n % 2} ok {n}" for n in range(60)]
    outside = [f"2 ok {n}" if OUT_OF_SCOPE in names else f"0 odd {n}" for n in range(60)]
    judgement = judge(held_out([*inside, *outside], names), folder, BOTH, TrainingSettings())
    found = judgement.predictions
    assert judgement.full_accuracy == 1.0
    assert found.outside.tolist() == [False] * 60 + [True] * 60
    assert found.rejected.tolist() == found.outside.tolist()
    assert ((found.scope < 0.5) == found.outside).all()


def test_a_language_with_out_of_scope_rows_alone_keeps_the_plain_mixture(folder: Path) -> None:
    judgement = judged([*texts("ok", 45), *texts("odd", 45, more="包裹")], folder)
    assert judgement.mixes["zh"].reads_encoder
    assert judgement.mixes["zh"].scope.threshold == 0.5
    assert judgement.predictions.outside.sum() == 45
