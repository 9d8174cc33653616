"""Fine-tune a sentence encoder with a linear intent head; needs torch, so never used in serving."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional
from transformers import AutoModel
from transformers.utils import logging as transformers_logging

from nlu.augmentation import augment
from nlu.settings import EncoderSettings
from nlu.tokens import load_tokenizer, pad

Progress = Callable[[str, int, int], None]


class IntentEncoder(torch.nn.Module):
    """Mean-pooled encoder of norm `SCALE` with a linear head."""

    SCALE = 16.0  # cosines between sentences are small: 16 makes class-mean logits confident enough

    def __init__(self, encoder: Any, dim: int, classes: int) -> None:
        super().__init__()
        self.encoder: Any = encoder  # a transformers BertModel, which has no types
        self.head = torch.nn.Linear(dim, classes)

    def embed(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return (batch, dim) unit rows of int64 (batch, tokens) ids and 0/1 mask."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(torch.float32)
        pooled = (states.to(torch.float32) * mask).sum(1) / mask.sum(1)
        return functional.normalize(pooled, dim=-1)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return (batch, classes) logits of int64 (batch, tokens) ids and 0/1 mask."""
        logits: torch.Tensor = self.head(self.SCALE * self.embed(input_ids, attention_mask))
        return logits


def train_encoder(
    texts: Sequence[str],
    labels: NDArray[np.int64],
    classes: int,
    base_model: Path,
    *,
    settings: EncoderSettings,
    progress: Progress,
) -> IntentEncoder:
    """Return the tuned encoder, in evaluation mode.

    Args:
        texts: Normalised examples.
        labels: (len(texts),) class numbers.
        classes: The number of classes; one without an example here gets no mass to speak of.
        base_model: A folder with the encoder's weights, config and tokenizer.json.
        settings: Rates, epochs and seed.
        progress: Told ("tuning the encoder", steps done, steps in all).
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    chance = random.Random(settings.seed)
    tokenizer = load_tokenizer(base_model, settings.max_tokens)
    model = _build(base_model, classes)
    _start_head_from_class_means(model, texts, labels, tokenizer)
    epochs = settings.epochs(len(texts))
    steps = epochs * math.ceil(len(texts) / settings.batch_size)
    optimizer = torch.optim.AdamW(_parameter_groups(model, settings), fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, _warm_then_fall(steps, settings))
    half = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    model.train()
    done = 0
    for _ in range(epochs):
        altered = [augment(text, chance) for text in texts]
        for ids, mask, rows in _batches(altered, tokenizer, settings.batch_size, chance):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=half):
                logits = model(ids, mask)
            loss = functional.cross_entropy(
                logits.float(),
                torch.from_numpy(labels[rows]),
                label_smoothing=settings.label_smoothing,
            )
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            done += 1
            progress("tuning the encoder", done, steps)
    return model.eval()


def _build(base_model: Path, classes: int) -> IntentEncoder:
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    encoder = AutoModel.from_pretrained(str(base_model), dtype=torch.float32)
    # The token vectors are half of MiniLM's weights and a few thousand examples touch few of them.
    for parameter in encoder.embeddings.parameters():
        parameter.requires_grad_(False)
    return IntentEncoder(encoder, encoder.config.hidden_size, classes)


def _start_head_from_class_means(
    model: IntentEncoder, texts: Sequence[str], labels: NDArray[np.int64], tokenizer: Tokenizer
) -> None:
    """Start where a nearest-centroid classifier stands instead of at random."""
    model.eval()
    vectors = torch.zeros(len(texts), model.head.in_features)
    with torch.inference_mode():
        for ids, mask, rows in _batches(texts, tokenizer, 128, random.Random(0)):
            vectors[torch.from_numpy(rows)] = model.embed(ids, mask)
    means = torch.zeros_like(model.head.weight)
    means.index_add_(0, torch.from_numpy(labels), vectors)
    with torch.no_grad():
        model.head.weight.copy_(functional.normalize(means, dim=-1))
        model.head.bias.zero_()


def _parameter_groups(model: IntentEncoder, settings: EncoderSettings) -> list[dict[str, object]]:
    """Lower layers hold general English and get smaller rates."""
    layers = list(model.encoder.encoder.layer)
    groups: list[dict[str, object]] = [
        {"params": list(model.head.parameters()), "lr": settings.head_learning_rate}
    ]
    for depth, layer in enumerate(reversed(layers)):
        rate = settings.learning_rate * settings.layer_decay**depth
        groups.append({"params": list(layer.parameters()), "lr": rate})
    return [group | {"weight_decay": settings.weight_decay} for group in groups]


def _warm_then_fall(steps: int, settings: EncoderSettings) -> Callable[[int], float]:
    warm = max(1, round(steps * settings.warmup_share))
    return lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def _batches(
    texts: Sequence[str], tokenizer: Tokenizer, size: int, chance: random.Random
) -> Iterator[tuple[torch.Tensor, torch.Tensor, NDArray[np.int64]]]:
    """Yield (ids, mask, row numbers) in random order, each batch of about one length."""
    tokens = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    # The random part of the key changes which examples of one length meet.
    order = sorted(range(len(texts)), key=lambda row: (len(tokens[row]), chance.random()))
    starts = list(range(0, len(order), size))
    chance.shuffle(starts)
    for start in starts:
        rows = order[start : start + size]
        ids, mask = pad([tokens[row] for row in rows])
        yield torch.from_numpy(ids), torch.from_numpy(mask), np.asarray(rows, dtype=np.int64)
