"""The tuned encoder in serving: ONNX Runtime and `tokenizers`, neither torch nor transformers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from nlu.tokens import load_tokenizer, pad

_BATCH = 32


class OnnxIntentModel:
    """Texts into intent logits; safe to call from many threads."""

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
        self._tokenizer = load_tokenizer(tokenizer_dir, max_tokens)

    def logits(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Return (len(texts), classes) logits, in input order."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(tokens)), key=lambda row: len(tokens[row]))
        parts = []
        for start in range(0, len(order), _BATCH):  # neighbours in length waste little padding
            ids, mask = pad([tokens[row] for row in order[start : start + _BATCH]])
            (part,) = self._session.run(["logits"], {"input_ids": ids, "attention_mask": mask})
            parts.append(part)
        if not parts:
            return np.zeros((0, self._session.get_outputs()[0].shape[1]))
        logits = np.empty((len(tokens), parts[0].shape[1]))
        logits[order] = np.concatenate(parts)
        return logits
