"""Tune the encoder for one shop's intents and entities; needs torch, so never used in serving."""

import math
import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer
from torch.nn import functional

from nlu.augmentation import augment
from nlu.batches import Batch, in_order, shuffled
from nlu.checkpoints import Checkpoint
from nlu.intent_encoder import IntentEncoder, pooled
from nlu.linear import by_class
from nlu.objectives import supervised_contrast, symmetric_divergence
from nlu.settings import EncoderSettings, Schedule
from nlu.tag_training import tag_loss
from nlu.tagging import TagScheme, TaughtText, padded
from nlu.tokens import load_tokenizer

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Lesson:
    """What the encoder is taught: texts with tagged spans, (texts,) class numbers.

    A class without an example here gets no mass to speak of.
    """

    texts: tuple[TaughtText, ...]
    labels: NDArray[np.int64]
    classes: int
    scheme: TagScheme = field(default_factory=TagScheme)


def train_encoder(
    lesson: Lesson,
    base_model: Path,
    *,
    settings: EncoderSettings,
    progress: Progress,
    checkpoint: Checkpoint | None = None,
) -> IntentEncoder:
    """Return the tuned network on the CPU, in evaluation mode.

    Args:
        lesson: What to teach.
        base_model: A folder with the encoder's weights, config and tokenizer.json.
        settings: Rates, epochs and seed.
        progress: Told ("tuning the encoder", steps done, steps in all).
        checkpoint: Where an epoch's state is kept, so that a killed training goes on from there
            and ends in the same model.
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = load_tokenizer(base_model, settings.max_tokens)
    model = IntentEncoder.load(base_model, classes=lesson.classes, tags=lesson.scheme.size)
    model.to(device)
    _start_heads(model, lesson, tokenizer, settings)
    tuning = _Tuning(model, lesson, tokenizer, settings, progress)
    first = checkpoint.restore(tuning.parts) if checkpoint else 0
    for epoch in range(first, tuning.schedule.epochs):
        tuning.run(epoch)
        if checkpoint:
            checkpoint.save(epoch + 1, tuning.parts)
    return model.eval().cpu()


class _Tuning:
    """One training run; an epoch depends on the state and its number alone."""

    def __init__(
        self,
        model: IntentEncoder,
        lesson: Lesson,
        tokenizer: Tokenizer,
        settings: EncoderSettings,
        progress: Progress,
    ) -> None:
        self.model, self.lesson, self.tokenizer = model, lesson, tokenizer
        self.settings, self.progress = settings, progress
        self.device = next(model.parameters()).device
        self.schedule: Schedule = settings.schedule(len(lesson.texts))
        self.steps = math.ceil(len(lesson.texts) / settings.batch_size)
        total = self.steps * self.schedule.epochs
        self.optimizer = torch.optim.AdamW(_parameter_groups(model, settings), fused=True)
        self.rates = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, _warm_then_fall(total, settings)
        )

    @property
    def parts(self) -> dict[str, Checkpoint.Part]:
        """What a checkpoint holds: all that changes, and not the frozen half."""
        model = self.model
        tags = {"token_head": model.token_head} if model.token_head else {}
        tuned: dict[str, Checkpoint.Part] = {"tuned": model.tuned, "head": model.head, **tags}
        return tuned | {"optimizer": self.optimizer, "rates": self.rates}

    def run(self, epoch: int) -> None:
        """Pass over all examples once."""
        chance = random.Random(f"{self.settings.seed} {epoch}")
        torch.manual_seed(self.settings.seed + epoch)
        self.model.train()
        self.model.plain.eval()
        taught = [t.altered(augment(t.text, chance)) for t in self.lesson.texts]
        encodings = self.tokenizer.encode_batch([t.text for t in taught])
        batches = shuffled(encodings, self.settings.batch_size, chance)
        for step, batch in enumerate(batches, 1):
            tags = [
                self.lesson.scheme.labels(taught[row], encodings[row].offsets)
                for row in (batch.rows if self.model.token_head else ())
            ]
            loss = self._loss(batch, torch.from_numpy(padded(tags, batch.ids.shape[1])))
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.rates.step()
            self.optimizer.zero_grad(set_to_none=True)
            done = epoch * self.steps + step
            self.progress("tuning the encoder", done, self.steps * self.schedule.epochs)

    def _loss(self, batch: Batch, tags: torch.Tensor) -> torch.Tensor:
        views = self.schedule.views
        ids, mask = (part.to(self.device).repeat(views, 1) for part in (batch.ids, batch.mask))
        labels = torch.from_numpy(self.lesson.labels[batch.rows]).to(self.device).repeat(views)
        with half_precision(self.device):
            states = self.model.states(ids, mask, tuned=True)
        rows = pooled(states, mask)
        logits = self.model.intent_logits(rows)
        smoothing = self.settings.label_smoothing
        loss = functional.cross_entropy(logits, labels, label_smoothing=smoothing)
        if views == 2:
            loss = loss + self.settings.agreement_weight * symmetric_divergence(logits)
            loss = loss + self.settings.contrast_weight * supervised_contrast(rows, labels)
        if self.model.token_head is not None:
            found = self.model.token_head(states.float())
            wanted = tags.to(self.device).repeat(views, 1)
            loss = loss + self.settings.tag_weight * tag_loss(found, wanted)
        return loss


def plain_vectors(model: IntentEncoder, texts: Sequence[str], tokenizer: Tokenizer) -> torch.Tensor:
    """Return (len(texts), dim) unit rows of the untuned encoder."""
    device = next(model.parameters()).device
    model.eval()
    found: list[tuple[NDArray[np.int64], torch.Tensor]] = []
    with torch.inference_mode():
        for batch in in_order(tokenizer.encode_batch(list(texts)), 128):
            with half_precision(device):
                rows = model.embed(batch.ids.to(device), batch.mask.to(device), tuned=False)
            found.append((batch.rows, rows.float().cpu()))
    vectors = torch.zeros(len(texts), model.head.in_features)
    for numbers, rows in found:
        vectors[torch.from_numpy(numbers)] = rows
    return vectors


def sentence_vectors(
    texts: Sequence[str], base_model: Path, settings: EncoderSettings
) -> NDArray[np.float32]:
    """Return (len(texts), dim) unit rows of the untuned encoder, zero for empty texts."""
    torch.set_num_threads(settings.threads)
    model = IntentEncoder.load(base_model, classes=1, tags=1)
    vectors = np.zeros((len(texts), model.head.in_features), dtype=np.float32)
    rows = [row for row, text in enumerate(texts) if text]
    if rows:
        tokenizer = load_tokenizer(base_model, settings.max_tokens)
        vectors[rows] = plain_vectors(model, [texts[row] for row in rows], tokenizer).numpy()
    return vectors


def half_precision(device: torch.device) -> AbstractContextManager[object]:
    """Compute in bfloat16 where the processor does so at full speed."""
    fast = device.type == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=fast)


def _start_heads(
    model: IntentEncoder, lesson: Lesson, tokenizer: Tokenizer, settings: EncoderSettings
) -> None:
    """Fit the probe, and start the tuned head where a nearest-centroid classifier stands."""
    vectors = plain_vectors(model, [taught.text for taught in lesson.texts], tokenizer)
    means = torch.zeros(model.head.weight.shape)
    means.index_add_(0, torch.from_numpy(lesson.labels), vectors)
    fitted = LogisticRegression(C=settings.probe_strength, max_iter=500)
    fitted.fit(vectors.numpy(), lesson.labels)
    weights, bias = by_class(fitted)
    with torch.no_grad():
        model.head.weight.copy_(functional.normalize(means, dim=-1))
        model.head.bias.zero_()
        model.probe.weight.zero_()
        model.probe.bias.fill_(float(bias.min()) - 10.0)  # what was never taught
        model.probe.weight[fitted.classes_] = torch.from_numpy(weights).to(model.probe.weight)
        model.probe.bias[fitted.classes_] = torch.from_numpy(bias).to(model.probe.bias)
    for parameter in model.probe.parameters():
        parameter.requires_grad_(False)


def _parameter_groups(model: IntentEncoder, settings: EncoderSettings) -> list[dict[str, object]]:
    """Lower layers hold general English and get smaller rates."""
    heads = [model.head, *([model.token_head] if model.token_head else [])]
    groups: list[dict[str, object]] = [
        {
            "params": [parameter for head in heads for parameter in head.parameters()],
            "lr": settings.head_learning_rate,
        }
    ]
    for depth, layer in enumerate(reversed(list(model.tuned))):
        rate = settings.learning_rate * settings.layer_decay**depth
        groups.append({"params": list(layer.parameters()), "lr": rate})
    return [group | {"weight_decay": settings.weight_decay} for group in groups]


def _warm_then_fall(steps: int, settings: EncoderSettings) -> Callable[[int], float]:
    warm = max(1, round(steps * settings.warmup_share))
    return lambda step: min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))
