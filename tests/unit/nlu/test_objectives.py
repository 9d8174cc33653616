import math

import pytest
import torch
from torch.nn import functional

from nlu.objectives import supervised_contrast, symmetric_divergence


def test_halves_that_say_the_same_agree() -> None:
    torch.manual_seed(0)
    half = torch.randn(3, 4)
    assert symmetric_divergence(torch.cat([half, half])).item() == pytest.approx(0.0, abs=1e-6)


def test_divergence_is_the_mean_of_both_directions_over_the_texts() -> None:
    first, second = [0.75, 0.25], [0.5, 0.5]
    there = sum(p * math.log(p / q) for p, q in zip(first, second, strict=True))
    back = sum(q * math.log(q / p) for p, q in zip(first, second, strict=True))
    logits = torch.tensor([first, [0.5, 0.5], second, [0.5, 0.5]]).log()  # the second text agrees
    assert symmetric_divergence(logits).item() == pytest.approx((there + back) / 4, rel=1e-5)
    assert symmetric_divergence(logits.roll(2, 0)).item() == pytest.approx((there + back) / 4)


LABELS = torch.tensor([0, 0, 1, 1])


def at(*degrees: float) -> torch.Tensor:
    """Unit rows in the plane."""
    turns = torch.tensor(degrees).deg2rad()
    return torch.stack([turns.cos(), turns.sin()], dim=1)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (at(0, 10, 60, 70), at(0, 30, 60, 90)),  # same labels come closer
        (at(0, 10, 180, 190), at(0, 10, 60, 70)),  # other labels move away
        (at(0, 0, 180, 180), at(0, 180, 0, 180)),
    ],
)
def test_contrast_falls_as_labels_gather(near: torch.Tensor, far: torch.Tensor) -> None:
    assert supervised_contrast(near, LABELS) < supervised_contrast(far, LABELS)


def test_contrast_against_its_formula() -> None:
    torch.manual_seed(0)
    rows = functional.normalize(torch.randn(5, 3), dim=-1)
    labels = [0, 1, 0, 0, 1]
    losses = []
    for one in range(5):
        others = [row for row in range(5) if row != one]
        likeness = {row: math.exp(float(rows[one] @ rows[row]) / 0.2) for row in others}
        same = [row for row in others if labels[row] == labels[one]]
        chances = [math.log(likeness[row] / sum(likeness.values())) for row in same]
        losses.append(-sum(chances) / len(same))
    found = supervised_contrast(rows, torch.tensor(labels), temperature=0.2)
    assert found.item() == pytest.approx(sum(losses) / 5, rel=1e-4)


def test_a_batch_without_two_of_a_label_costs_nothing() -> None:
    rows = at(0, 50, 100).requires_grad_()
    loss = supervised_contrast(rows, torch.tensor([0, 1, 2]))
    loss.backward()
    assert loss.item() == 0.0
    assert rows.grad is not None
    assert bool(torch.isfinite(rows.grad).all())
