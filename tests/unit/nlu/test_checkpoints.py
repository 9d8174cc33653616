from pathlib import Path

import pytest
import torch

from nlu.checkpoints import Checkpoint


class Training:
    """Ten steps an epoch on fixed numbers, with momentum and a falling rate."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.model = torch.nn.Linear(3, 2)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=0.1)
        self.rates = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: 0.9**step)
        self.parts: dict[str, Checkpoint.Part] = {
            "model": self.model, "optimizer": self.optimizer, "rates": self.rates,
        }  # fmt: skip

    def epoch(self) -> None:
        for row in torch.eye(3).repeat(4, 1)[:10]:
            self.optimizer.zero_grad()
            self.model(row).square().sum().backward()
            self.optimizer.step()
            self.rates.step()

    @property
    def weights(self) -> list[float]:
        weights = [parameter.detach().flatten() for parameter in self.model.parameters()]
        return [float(value) for value in torch.cat(weights)]


def test_without_a_file_nothing_is_restored(tmp_path: Path) -> None:
    training = Training()
    before = training.weights
    assert Checkpoint(tmp_path / "c.pt").restore(training.parts) == 0
    assert training.weights == before


def test_a_restored_training_goes_on_as_the_uninterrupted_one(tmp_path: Path) -> None:
    whole, killed, resumed = Training(), Training(), Training()
    for _ in range(3):
        whole.epoch()
    killed.epoch()
    Checkpoint(tmp_path / "c.pt").save(1, killed.parts)
    assert Checkpoint(tmp_path / "c.pt").restore(resumed.parts) == 1
    for _ in range(2):
        resumed.epoch()
    assert resumed.weights == whole.weights
    assert resumed.rates.get_last_lr() == whole.rates.get_last_lr()


@pytest.mark.parametrize("left", [b"", b"half a file"])
def test_a_kill_while_saving_leaves_the_last_whole_one(tmp_path: Path, left: bytes) -> None:
    training = Training()
    kept = Checkpoint(tmp_path / "c.pt")
    kept.save(4, training.parts)
    (tmp_path / "c.new").write_bytes(left)
    assert kept.restore(training.parts) == 4
    kept.save(5, training.parts)
    assert kept.restore(training.parts) == 5
