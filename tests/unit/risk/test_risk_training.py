"""What cannot be learned from, and models that cannot be used."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from test_risk_features import ANN, NOON, ORDER

from bot.errors import ModelError
from bot.orders.past import PastOrder
from bot.risk.features import History
from bot.risk.model import MODEL_FILE, SETTINGS_FILE, RiskModel
from bot.risk.training import train


def quiet(stage: str, done: int, total: int) -> None:
    """Show no progress."""


def past(count: int, risky: range) -> list[PastOrder]:
    """Orders an hour apart; the risky ones took five payment attempts."""
    found = []
    for i in range(count):
        attempts = 5 if i in risky else 1
        order = replace(
            ORDER,
            number=str(i),
            placed_at=NOON + timedelta(hours=i),
            payment=replace(ORDER.payment, attempts=attempts),
        )
        found.append(PastOrder(order, ANN, i in risky))
    return found


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("risk") / "model"
    train(past(600, range(0, 600, 12)), folder, progress=quiet)
    return folder


@pytest.mark.parametrize(
    ("orders", "message"),
    [
        ([], "0 settled orders, 0 of them risky, are too few"),
        (past(399, range(0, 399, 5)), "399 settled orders"),
        (past(500, range(0, 500, 20)), "25 of them risky"),
        ([replace(p, risky=None) for p in past(600, range(0))], "0 settled orders"),
        (past(600, range(100)), "none of the later 150 settled orders is risky"),
    ],
)
def test_too_little_to_learn_from(orders: list[PastOrder], message: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=message):
        train(orders, tmp_path / "model", progress=quiet)
    assert not (tmp_path / "model").exists()


def test_an_obvious_sign_is_learned(trained: Path) -> None:
    model = RiskModel.load(trained)
    odd = replace(ORDER, payment=replace(ORDER.payment, attempts=5))
    risky, calm = (model.assess(order, ANN, History()) for order in (odd, ORDER))
    assert risky.needs_person
    assert risky.facts[0] == "5 payment attempts"
    assert risky.probability > 0.9
    assert not calm.needs_person
    assert calm.probability < 0.1


def test_training_again_replaces_the_whole_folder(trained: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "old").write_text("")
    train(past(600, range(0, 600, 12)), folder, progress=quiet)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == {
        p.name: p.read_bytes() for p in trained.iterdir()
    }
    assert [p.name for p in tmp_path.iterdir()] == ["model"]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (MODEL_FILE, None),
        (SETTINGS_FILE, None),
        (MODEL_FILE, "tree"),
        (SETTINGS_FILE, "{"),
        (SETTINGS_FILE, "{}"),
        (SETTINGS_FILE, "features"),
    ],
)
def test_an_unusable_model_says_so(
    trained: Path, tmp_path: Path, file: str, text: str | None
) -> None:
    for path in trained.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    if text is None:
        (tmp_path / file).unlink()
    elif text == "features":
        settings = json.loads((tmp_path / file).read_text())
        settings["features"][0] = "shoe_size"
        (tmp_path / file).write_text(json.dumps(settings))
    else:
        (tmp_path / file).write_text(text)
    with pytest.raises(ModelError, match="train"):
        RiskModel.load(tmp_path)
