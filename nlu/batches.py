"""Texts into batches of token tensors; needs torch."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding

from nlu.tokens import pad

_WINDOW = 8


@dataclass(frozen=True)
class Batch:
    """(texts, tokens) ids and mask, and the texts' row numbers."""

    ids: torch.Tensor
    mask: torch.Tensor
    rows: NDArray[np.int64]


def in_order(encodings: Sequence[Encoding], size: int) -> Iterator[Batch]:
    """Yield batches of about one length, shortest first."""
    order = sorted(range(len(encodings)), key=lambda row: len(encodings[row].ids))
    for start in range(0, len(order), size):
        yield _batch(encodings, order[start : start + size])


def shuffled(encodings: Sequence[Encoding], size: int, chance: random.Random) -> Iterator[Batch]:
    """Yield batches in random order; only texts of one random window are sorted by length.

    So little is padding, and still a batch's texts have not all one length.
    """
    order = list(range(len(encodings)))
    chance.shuffle(order)
    batches = []
    for start in range(0, len(order), size * _WINDOW):
        window = sorted(
            order[start : start + size * _WINDOW], key=lambda row: len(encodings[row].ids)
        )
        batches += [window[at : at + size] for at in range(0, len(window), size)]
    chance.shuffle(batches)
    for rows in batches:
        yield _batch(encodings, rows)


def _batch(encodings: Sequence[Encoding], rows: Sequence[int]) -> Batch:
    ids, mask = pad([encodings[row].ids for row in rows])
    return Batch(
        torch.from_numpy(ids), torch.from_numpy(mask), np.asarray(rows, dtype=np.int64)
    )
