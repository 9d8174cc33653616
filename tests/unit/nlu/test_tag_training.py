import pytest
import torch

from nlu.tag_training import TokenHead, tag_loss
from nlu.tagging import IGNORED


def test_the_head_gives_logits_by_token_and_leans_to_outside() -> None:
    torch.manual_seed(0)
    head = TokenHead(8, 5).eval()
    logits = head(torch.randn(3, 4, 8))
    assert logits.shape == (3, 4, 5)
    assert bool((logits.argmax(dim=-1) == 0).all())


def test_only_taught_tokens_count() -> None:
    torch.manual_seed(0)
    logits = torch.randn(1, 3, 4, requires_grad=True)
    labels = torch.tensor([[2, IGNORED, 0]])
    loss = tag_loss(logits, labels)
    expected = -torch.log_softmax(logits, -1)[0, [0, 2], [2, 0]].mean()
    assert loss.item() == pytest.approx(expected.item(), rel=1e-5)
    loss.backward()
    assert logits.grad is not None
    assert bool((logits.grad[0, 1] == 0).all())
    assert bool((logits.grad[0, 0] != 0).any())


def test_a_batch_that_teaches_nothing_costs_nothing() -> None:
    logits = torch.randn(2, 3, 4, requires_grad=True)
    loss = tag_loss(logits, torch.full((2, 3), IGNORED))
    loss.backward()
    assert loss.item() == 0
    assert logits.grad is not None
    assert bool((logits.grad == 0).all())


def test_the_head_learns_a_simple_rule() -> None:
    torch.manual_seed(0)
    states = torch.randn(64, 5, 8)
    labels = (states[..., 0] > 0).long()
    head = TokenHead(8, 3, dropout=0.0)
    optimizer = torch.optim.Adam(head.parameters(), lr=0.1)
    for _ in range(60):
        optimizer.zero_grad()
        tag_loss(head(states), labels).backward()
        optimizer.step()
    assert (head(states).argmax(-1) == labels).float().mean() > 0.95
