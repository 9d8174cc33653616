"""From torch to ONNX, and to int8 where that costs no accuracy; needs torch, so training only."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from nlu.intent_encoder import IntentEncoder

_LOG = logging.getLogger(__name__)


def export_onnx(model: IntentEncoder, path: Path, *, max_tokens: int) -> None:
    """Write the model as ONNX with free batch and length.

    Ids and mask give `logits` and `probe` (batch, classes), and `tags` (batch, tokens, tags) where
    the model has a token head.
    """
    batch = torch.export.Dim("batch", min=1, max=1024)
    tokens = torch.export.Dim("tokens", min=2, max=max_tokens)
    example = torch.ones(2, 5, dtype=torch.int64)
    shapes = {0: batch, 1: tokens}
    # The exporter warns of its own deprecated parts, of unbound trace symbols, of no torchvision.
    with warnings.catch_warnings(), _errors_alone(logging.getLogger("torch.onnx")):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model.eval(),
            (example, torch.ones_like(example)),
            str(path),
            dynamo=True,
            verbose=False,
            external_data=False,
            input_names=["input_ids", "attention_mask"],
            output_names=["logits", "probe", *(["tags"] if model.token_head else [])],
            dynamic_shapes=(shapes, shapes),
        )


def quantise(source: Path, target: Path) -> None:
    """Write an int8 copy: about a quarter of the size and half of the latency on two cores."""
    model = onnx.load(source)
    # The exporter leaves the shapes of weights it has since transposed, and the quantiser checks.
    del model.graph.value_info[:]
    # It advises preprocessing on the root logger at every call.
    with _errors_alone(logging.getLogger()):
        quantize_dynamic(model, target, weight_type=QuantType.QInt8, per_channel=True)
    saved = 1 - os.path.getsize(target) / os.path.getsize(source)
    _LOG.info("int8 intent model: %.0f %% smaller", 100 * saved)


@contextmanager
def _errors_alone(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)
