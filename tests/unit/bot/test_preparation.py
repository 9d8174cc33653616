import os
import time
from pathlib import Path

from bot.preparation import _forget_oldest


def made(folder: Path, name: str, *, days_ago: float) -> None:
    (folder / name).mkdir()
    (folder / name / "model.json").write_text("{}")
    then = time.time() - days_ago * 24 * 3600
    os.utime(folder / name, (then, then))


def test_the_latest_models_stay_and_what_a_killed_training_left_goes(tmp_path: Path) -> None:
    for age, name in enumerate(("newest", "older", "oldest")):
        made(tmp_path, name, days_ago=age)
    made(tmp_path, ".training-at-work", days_ago=0.1)
    made(tmp_path, ".training-killed", days_ago=2)
    _forget_oldest(tmp_path, keep=2)
    assert {p.name for p in tmp_path.iterdir()} == {"newest", "older", ".training-at-work"}
