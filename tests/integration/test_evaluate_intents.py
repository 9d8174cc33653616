"""`shopclerk evaluate intents` with MiniLM on a tiny data set."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import nlu.evaluation
from bot.cli import evaluate  # noqa: F401  it adds its command
from bot.cli.base import app
from nlu.datasets import IntentDataset
from nlu.evaluation import Cost, Counts, Evaluation
from nlu.metrics import Metrics
from nlu.predictions import Predictions
from nlu.settings import TrainingSettings

TRAIN = {
    "Track_order": (
        "where is my order", "track my parcel", "has my package shipped", "when will it arrive",
        "delivery status please", "is my order on its way", "where's the courier", "find my parcel",
    ),
    "refund": (
        "i want my money back", "refund please", "how do i get a refund", "give me my money",
        "reimburse me", "when do you pay me back", "refund my order", "return my cash",
    ),
    "greet": (
        "hello", "hi there", "good morning", "hey", "good evening", "hiya", "greetings", "howdy",
    ),
    "oos": (
        "what is the weather", "tell me a joke", "who won the match", "write a poem",
        "capital of france", "solve this equation", "play some music", "recite a verse",
    ),
}  # fmt: skip
TEST = {
    "did my package leave the warehouse": "track order",
    "where has my parcel gone": "Track-Order",
    "can you return the money i paid": "REFUND",
    "hey good afternoon": "Greet",
    "write a poem about the moon": "out of scope",
}

NOTHING = Predictions(
    ("a", "b"), (), np.zeros(0, np.int64), np.zeros((0, 2)), np.zeros(0), np.zeros(0, np.bool_),
    np.zeros(0, np.str_),
)  # fmt: skip


def command(*words: str) -> Result:
    return CliRunner().invoke(app, ["evaluate", "intents", *words])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Options that name a TSV to train on and a CSV to test on."""
    folder = tmp_path_factory.mktemp("data")
    rows = [f"{text}\t{intent}" for intent, texts in TRAIN.items() for text in texts]
    (folder / "train.tsv").write_text("\n".join(["text\tintent", *rows]), "utf-8")
    rows = [f"{text},{intent}" for text, intent in TEST.items()]
    (folder / "test.csv").write_text("\n".join(["utterance,label", *rows]), "utf-8")
    return ("--train", str(folder / "train.tsv"), "--test", str(folder / "test.csv"))


def test_the_whole_recipe_is_run_and_kept(files: tuple[str, ...], tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    result = command(*files, "--json", "--out", str(kept), "--seed", "3")
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures == json.loads((kept / "evaluation.json").read_text("utf-8"))
    assert figures["setup"]["seed"] == 3
    assert figures["counts"] == {
        "intents": 3, "train": 32, "validation": 0, "test": 5, "leaked": 0,
    }  # fmt: skip
    assert figures["metrics"]["rows"] == 4
    assert figures["metrics"]["accuracy"] == 1.0
    assert figures["metrics"]["auroc"] == 1.0
    assert list(figures["languages"]) == ["en"]
    cost = figures["cost"]
    assert 0 < cost["latency_p50_ms"] <= cost["latency_p99_ms"]
    assert cost["utterances_per_s"] > 0
    assert cost["encoder_bytes"] == (kept / "model" / "encoder.onnx").stat().st_size
    answers = [
        json.loads(line)
        for line in (kept / "answers.jsonl").read_text("utf-8").splitlines()
    ]  # fmt: skip
    assert [(a["text"], a["intent"]) for a in answers] == list(
        zip(TEST, ("track_order", "track_order", "refund", "greet", "out_of_scope"), strict=True)
    )
    assert [a["answer"] for a in answers[:4]] == ["track_order", "track_order", "refund", "greet"]


@pytest.mark.parametrize(
    ("change", "code", "message"),
    [
        (("--test", "TRAIN.txt"), 2, "does not exist"),
        (("--encoder", "x", "--shop", "y"), 2, "both name the encoder"),
        (("--encoder", "no-such/encoder"), 1, "no-such/encoder"),
        (("--format", "clinc"), 1, "bad JSON"),
    ],
)
def test_what_can_be_mended_is_told(
    files: tuple[str, ...], change: tuple[str, ...], code: int, message: str
) -> None:
    result = command(*files, *change)
    assert (result.exit_code, message in result.output) == (code, True), result.output


def test_figures_are_shown_by_language_with_words_for_what_is_missing(
    files: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    english = Metrics(
        rows=40, outside_rows=10, accuracy=0.925, accuracy_with_rejections=0.9, macro_f1=0.91,
        rejected_in_scope=0.05, out_of_scope_recall=0.8, auroc=0.97123, calibration_error=0.02,
        calibration_error_with_outside=0.04,
    )  # fmt: skip
    chinese = replace(english, outside_rows=0, out_of_scope_recall=None, auroc=None)
    found = Evaluation(
        counts=Counts(intents=3, train=32, validation=0, test=80, leaked=2),
        metrics=english,
        languages={"en": english, "zh": chinese},
        cost=Cost(
            training_s=61.2, latency_p50_ms=2.5, latency_p99_ms=9.1, timed=80,
            utterances_per_s=1234.5, clients=32, encoder_bytes=22 * 2**20, int8=True,
        ),
        predictions=NOTHING,
    )  # fmt: skip
    given: list[tuple[int, int]] = []

    def stand_in(
        dataset: IntentDataset, *_: Path, settings: TrainingSettings, **__: object
    ) -> Evaluation:
        given.append((settings.seed, settings.encoder.seed))
        return found

    monkeypatch.setattr(nlu.evaluation, "evaluate", stand_in)
    result = command(*files, "--seed", "5")
    assert result.exit_code == 0, result.output
    assert given == [(5, 5)]
    for line in (
        "3 intents, 32 examples to train, a part of them to set the thresholds on, 80 to test",
        "test texts that also stand in training: 2",
    ):
        assert line in result.stdout
    lines = [line.split("│")[1:-1] for line in result.stdout.splitlines()]
    cells = [[cell.strip() for cell in line] for line in lines]
    for row in (
        ["accuracy, rejections as errors", "90.00%", "90.00%", "90.00%"],
        ["out-of-scope AUROC", "0.971", "0.971", "no such texts"],
        ["one utterance, p50", "2.50 ms"],
        ["utterances a second, 32 clients", "1,234"],
        ["encoder", "22.0 MiB, int8"],
    ):
        assert row in cells
