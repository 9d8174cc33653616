"""The token head and its loss; needs torch, so never used in serving."""

import torch
from torch.nn import functional

from nlu.tagging import IGNORED, OUTSIDE

_MOSTLY_OUTSIDE = 3.0
"""The first bias of "outside": most tokens are, and the encoder need not learn that first."""


class TokenHead(torch.nn.Module):
    """Tag logits from token states: dropout and one linear layer."""

    def __init__(self, dim: int, tags: int, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.dropout = torch.nn.Dropout(dropout)
        self.linear = torch.nn.Linear(dim, tags)
        with torch.no_grad():
            self.linear.bias.zero_()
            self.linear.bias[OUTSIDE] = _MOSTLY_OUTSIDE

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return (batch, tokens, tags) logits of (batch, tokens, dim) states."""
        logits: torch.Tensor = self.linear(self.dropout(states))
        return logits


def tag_loss(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean cross-entropy over the tokens that teach; 0 where none does.

    Args:
        logits: (batch, tokens, tags).
        labels: (batch, tokens) int64 tags; `IGNORED` for padding and whatever else teaches nothing.
    """
    taught = labels != IGNORED
    # A sum over a mask keeps the gradient at 0, where a mean over nothing would make it no number.
    losses = functional.cross_entropy(
        logits.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="sum"
    )
    return losses / taught.sum().clamp(min=1)
