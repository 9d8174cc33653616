"""Texts into token ids, the same in training and serving; no torch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer


def load_tokenizer(model_dir: Path, max_tokens: int) -> Tokenizer:
    """Return the folder's tokenizer, cutting at `max_tokens` and not padding."""
    tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer


def pad(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (rows, longest) ids and their 0/1 mask; the padding id is hidden by the mask.

    A row without a token (an empty text, a tokenizer without start sign) gets one padding token,
    because a mean over nothing is no number.
    """
    rows = [row or (0,) for row in rows]
    width = max(map(len, rows))
    ids = np.zeros((len(rows), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(rows):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def known_share(tokenizer: Tokenizer, texts: Sequence[str]) -> float:
    """Return the share of the texts' tokens that the vocabulary knows, 0 without a token."""
    unknown = tokenizer.token_to_id("[UNK]")
    total = known = 0
    for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        total += len(encoding.ids)
        known += sum(token != unknown for token in encoding.ids)
    return known / total if total else 0.0
