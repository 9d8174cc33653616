"""The files of a trained model folder, shared by training and serving."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nlu.language import Language
from nlu.mixture import LanguageMix, ScopeRule
from nlu.tagging import TagScheme

ENCODER = "encoder.onnx"
INT8_ENCODER = "encoder-int8.onnx"
CHARACTERS = "characters.npz"
CARD = "model.json"
REPORT_PAGE = "report.html"

OUT_OF_SCOPE = "out_of_scope"
"""The intent whose examples teach what the shop can't help with; an ordinary name in the files."""


def outside_column(names: Sequence[str]) -> int | None:
    """Return the column of the out-of-scope class; None where it is not taught."""
    return names.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in names else None


@dataclass(frozen=True)
class ModelCard:
    """What serving must know; intents stand in column order."""

    intents: tuple[str, ...]
    mixes: dict[Language, LanguageMix]
    max_tokens: int
    has_encoder: bool
    scheme: TagScheme
    digest: str


class ModelFolderError(ValueError):
    """The folder holds no complete model of this version."""


def save_card(folder: Path, card: ModelCard) -> None:
    """Write the card into the folder."""
    fields = asdict(card) | {"scheme": card.scheme.to_json()}
    text = json.dumps(fields, ensure_ascii=False, indent=1)
    (folder / CARD).write_text(text + "\n", encoding="utf-8")


def load_card(folder: Path) -> ModelCard:
    """Read the card.

    Raises:
        ModelFolderError: It is missing or not of this version.
    """
    path = folder / CARD
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        mixes = {language: _mix(mix) for language, mix in fields["mixes"].items()}
        return ModelCard(
            tuple(fields["intents"]), mixes,
            fields["max_tokens"], fields["has_encoder"], TagScheme.from_json(fields["scheme"]),
            fields["digest"],
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelFolderError(
            f"{path}: no trained intent model of this version ({error}); train again"
        ) from error


def _mix(fields: dict[str, Any]) -> LanguageMix:
    scope = fields["scope"]
    first, second, third = scope["weights"]
    rule = ScopeRule((first, second, third), scope["bias"], scope["threshold"])
    return LanguageMix(**(fields | {"scope": rule}))
