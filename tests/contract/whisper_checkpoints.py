"""Whisper models for tests, without a download, in both engines' formats."""

import base64
import warnings
from dataclasses import asdict
from pathlib import Path

import numpy as np
import tokenizers
import torch
import whisper
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, whisper_spec
from torch import Tensor
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import get_tokenizer

ENGLISH, MULTILINGUAL = 51_864, 51_865
"""Sizes of the vocabulary, by which a Whisper is known to be one or the other."""

_NORM_SCALES = ("ln.weight", "ln_post.weight")


def write_checkpoint(path: Path, *, says: str, language: str | None = None) -> None:
    """Write a model in openai-whisper's format that hears `says` in whatever it gets.

    Everything is zero but the embeddings: the decoder's input at place p points in direction p,
    and so does the output embedding of the token to say there. `says` needs tokens that differ.
    With a `language` (which it detects) the model is multilingual, without one English-only.
    """
    tokenizer = _tokenizer(multilingual=language is not None, languages=99, language=language)
    first = tokenizer.timestamp_begin
    said = [first, *tokenizer.encode(says), first + 50, tokenizer.eot]  # for a second
    script = [*tokenizer.sot_sequence[1:], *said]
    size = 32
    if len(script) > size:
        raise AssertionError("longer than the model is wide")
    vocabulary = MULTILINGUAL if language else ENGLISH
    model = Whisper(ModelDimensions(80, 1500, size, 2, 1, vocabulary, 448, size, 2, 1))
    weights = {
        name: torch.ones_like(value) if name.endswith(_NORM_SCALES) else torch.zeros_like(value)
        for name, value in model.state_dict().items()
    }
    for place, token in enumerate(script):
        weights["decoder.positional_embedding"][place, place] = 10.0
        weights["decoder.token_embedding.weight"][token, place] = 3.0
    torch.save({"dims": asdict(model.dims), "model_state_dict": weights}, path)


def convert_to_ctranslate2(checkpoint: Path, folder: Path) -> None:
    """Convert a checkpoint to the folder that faster-whisper reads, tokenizer included.

    ctranslate2's own converter starts from a Hugging Face model; the layers are the same.
    """
    model = whisper.load_model(str(checkpoint), device="cpu").float()
    weights, dims = model.state_dict(), model.dims
    spec = whisper_spec.WhisperSpec(
        dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head
    )
    for name in ("conv1", "conv2"):
        _set(getattr(spec.encoder, name), weights, f"encoder.{name}")
    spec.encoder.position_encodings.encodings = weights["encoder.positional_embedding"].numpy()
    _set_norm(spec.encoder.layer_norm, weights, "encoder.ln_post")
    spec.decoder.embeddings.weight = weights["decoder.token_embedding.weight"].numpy()
    spec.decoder.projection.weight = weights["decoder.token_embedding.weight"].numpy()
    spec.decoder.position_encodings.encodings = weights["decoder.positional_embedding"].numpy()
    _set_norm(spec.decoder.layer_norm, weights, "decoder.ln")
    for side in ("encoder", "decoder"):
        for number, layer in enumerate(getattr(spec, side).layer):
            source = f"{side}.blocks.{number}"
            _set_attention(layer.self_attention, weights, f"{source}.attn", fused=3)
            if side == "decoder":
                _set_attention(layer.attention, weights, f"{source}.cross_attn", fused=1)
            _set_norm(layer.ffn.layer_norm, weights, f"{source}.mlp_ln")
            _set(layer.ffn.linear_0, weights, f"{source}.mlp.0")
            _set(layer.ffn.linear_1, weights, f"{source}.mlp.2")

    tokenizer = _tokenizer(multilingual=model.is_multilingual, languages=model.num_languages)
    # Only the names of the special tokens matter to the engine; text is decoded by the tokenizer.
    names = {number: name for name, number in tokenizer.special_tokens.items()}
    if model.is_multilingual:
        names[50256] = ""  # by this token CTranslate2 knows a multilingual model
    spec.register_vocabulary([names.get(i, f"token {i}") for i in range(dims.n_vocab)])
    spec.config.suppress_ids = list(tokenizer.non_speech_tokens)
    spec.config.suppress_ids_begin = [*tokenizer.encode(" "), tokenizer.eot]
    spec.config.lang_ids = list(tokenizer.all_language_tokens)
    spec.config.alignment_heads = [[0, 0]]
    spec.validate()
    folder.mkdir()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    _fast_tokenizer(tokenizer).save(str(folder / "tokenizer.json"))


def _tokenizer(
    *, multilingual: bool, languages: int, language: str | None = None
) -> whisper.tokenizer.Tokenizer:
    with warnings.catch_warnings():
        # whisper leaves its vocabulary file unclosed, the first time.
        warnings.simplefilter("ignore", ResourceWarning)
        return get_tokenizer(multilingual, num_languages=languages, language=language)


def _set(spec, weights: dict[str, Tensor], name: str) -> None:
    spec.weight = weights[f"{name}.weight"].numpy()
    if f"{name}.bias" in weights:
        spec.bias = weights[f"{name}.bias"].numpy()
    elif isinstance(spec, common_spec.LinearSpec):  # Whisper's keys have no bias
        spec.bias = np.zeros(spec.weight.shape[0], np.float32)


def _set_norm(spec: common_spec.LayerNormSpec, weights: dict[str, Tensor], name: str) -> None:
    spec.gamma, spec.beta = weights[f"{name}.weight"].numpy(), weights[f"{name}.bias"].numpy()


def _set_attention(spec, weights: dict[str, Tensor], name: str, *, fused: int) -> None:
    """Set attention whose first `fused` of query, key and value are one matrix."""
    parts = [common_spec.LinearSpec() for _ in range(3)]
    for part, source in zip(parts, ("query", "key", "value"), strict=True):
        _set(part, weights, f"{name}.{source}")
    utils.fuse_linear(spec.linear[0], parts[:fused])
    if fused == 1:
        utils.fuse_linear(spec.linear[1], parts[1:])
    _set(spec.linear[-1], weights, f"{name}.out")
    _set_norm(spec.layer_norm, weights, f"{name}_ln")


def _fast_tokenizer(tokenizer: whisper.tokenizer.Tokenizer) -> tokenizers.Tokenizer:
    """Return the same byte-pair encoding as a tokenizers.Tokenizer."""
    kind = "multilingual" if tokenizer.language else "gpt2"
    assets = Path(whisper.__file__).parent / "assets" / f"{kind}.tiktoken"
    ranks = {
        base64.b64decode(token): int(rank)
        for token, rank in (line.split() for line in assets.read_text().splitlines())
    }
    letters = _byte_letters()

    def written(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    merges = [
        (written(token[:cut]), written(token[cut:]))
        for token in sorted(ranks, key=ranks.__getitem__)
        for cut in range(1, len(token))
        if token[:cut] in ranks and token[cut:] in ranks
    ]
    vocabulary = {written(token): rank for token, rank in ranks.items()}
    fast = tokenizers.Tokenizer(tokenizers.models.BPE(vocabulary, merges))
    fast.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    fast.decoder = tokenizers.decoders.ByteLevel()
    special = sorted(tokenizer.special_tokens, key=tokenizer.special_tokens.__getitem__)
    fast.add_special_tokens([tokenizers.AddedToken(name, special=True) for name in special])
    if fast.token_to_id("<|notimestamps|>") != tokenizer.no_timestamps:
        raise AssertionError("special tokens are numbered differently")
    return fast


def _byte_letters() -> list[str]:
    """GPT-2's printable letter for each byte."""
    shown = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown}
    letters |= {byte: chr(256 + place) for place, byte in enumerate(hidden)}
    return [letters[byte] for byte in range(256)]
