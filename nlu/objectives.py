"""What the tuned tower is trained for; needs torch."""

import torch
from torch.nn import functional


def symmetric_divergence(logits: torch.Tensor) -> torch.Tensor:
    """Return how far the two halves of a batch, the same texts twice, disagree.

    R-Drop (Liang et al. 2021): two passes with other dropout should say the same.
    """
    first, second = functional.log_softmax(logits, dim=-1).chunk(2)
    there = functional.kl_div(first, second, log_target=True, reduction="batchmean")
    back = functional.kl_div(second, first, log_target=True, reduction="batchmean")
    return (there + back) / 2


def supervised_contrast(
    rows: torch.Tensor, labels: torch.Tensor, *, temperature: float = 0.1
) -> torch.Tensor:
    """Return the supervised contrastive loss (Khosla et al. 2020) of unit rows (batch, dim)."""
    itself = torch.eye(len(rows), dtype=torch.bool, device=rows.device)
    same = (labels[:, None] == labels[None]) & ~itself
    likeness = (rows @ rows.T / temperature).masked_fill(itself, -1e9)
    chances = likeness - torch.logsumexp(likeness, dim=1, keepdim=True)
    return (-(chances * same).sum(1) / same.sum(1).clamp(min=1)).mean()
