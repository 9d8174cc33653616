"""The network in serving: ONNX Runtime and `tokenizers`, neither torch nor transformers."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding

from nlu.tokens import load_tokenizer, pad
from nlu.words import Offsets

_BATCH = 32
_ALONE = 8
"""Up to so many texts are read one by one: int8 scales its activations by the whole batch, so that
a text reads a little differently in company ("maybe" as a yes: 0.79 alone, 0.64 among others). More
at once take the batch, which is twice as quick."""
_REMEMBERED = 2048


@dataclass(frozen=True, eq=False)
class Reading:
    """What the network makes of one text.

    Attributes:
        tuned: (classes,) logits of the tuned head.
        probe: (classes,) logits of the probe on the untuned encoder.
        tags: (tokens, tags) logits of the token head; None without one.
        offsets: Of the tokens in the text.
    """

    tuned: NDArray[np.float32]
    probe: NDArray[np.float32]
    tags: NDArray[np.float32] | None
    offsets: Offsets


class OnnxIntentModel:
    """Reads texts; remembers those read last. Safe to call from many threads."""

    def __init__(self, path: Path, tokenizer_dir: Path, *, max_tokens: int, threads: int) -> None:
        """Load the model.

        Args:
            path: The .onnx file.
            tokenizer_dir: The folder with tokenizer.json.
            max_tokens: Longer texts are cut.
            threads: Cores for one call; concurrent calls each use as many.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Waiting threads must not eat the cores that other requests need.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self._outputs = [output.name for output in self._session.get_outputs()]
        self._tokenizer = load_tokenizer(tokenizer_dir, max_tokens)
        self._recent = _Recent(_REMEMBERED)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """Return one reading a text, in input order."""
        known = self._recent.of(texts)
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= self._compute(new)
            self._recent.add({text: known[text] for text in new})
        return [known[text] for text in texts]

    def _compute(self, texts: Sequence[str]) -> dict[str, Reading]:
        encodings = self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda row: len(encodings[row].ids))
        readings = {}
        size = 1 if len(order) <= _ALONE else _BATCH
        for start in range(0, len(order), size):  # neighbours in length waste little padding
            rows = order[start : start + size]
            ids, mask = pad([encodings[row].ids for row in rows])
            found = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
            parts = dict(zip(self._outputs, found, strict=True))
            for place, row in enumerate(rows):
                readings[texts[row]] = _reading(parts, place, encodings[row])
        return readings


class _Recent:
    """Readings by text, those not used for longest forgotten first."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: OrderedDict[str, Reading] = OrderedDict()
        self._lock = Lock()

    def of(self, texts: Sequence[str]) -> dict[str, Reading]:
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
            for text in found:
                self._kept.move_to_end(text)
            return found

    def add(self, readings: dict[str, Reading]) -> None:
        with self._lock:
            self._kept.update(readings)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


def _reading(parts: dict[str, NDArray[Any]], place: int, encoding: Encoding) -> Reading:
    # Copies: a row must not keep its whole batch in memory.
    tags = parts["tags"][place, : len(encoding.ids)].copy() if "tags" in parts else None
    return Reading(
        parts["logits"][place].copy(), parts["probe"][place].copy(), tags, encoding.offsets
    )
