"""Labelled texts from files into a data set to train and measure on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nlu.dataset_files import DatasetError, Format, Split, format_of, label_key, read_examples
from nlu.language import normalise
from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example

_LISTED = 20

__all__ = ["DatasetError", "Format", "IntentDataset", "assemble", "read_dataset", "read_examples"]


@dataclass(frozen=True)
class IntentDataset:
    """Distinct examples of three splits, whose labels are spelt as in training.

    An empty `validation` means that training holds a part of its own out. `leaked` test texts also
    stand in training; they stay in both. `repeated` texts were left out, over all splits, because
    an equal one stands earlier in the same split.
    """

    train: tuple[Example, ...]
    validation: tuple[Example, ...]
    test: tuple[Example, ...]
    leaked: int = 0
    repeated: int = 0


def read_dataset(
    train: Path, test: Path, format: Format = "auto", *, validation: Path | None = None
) -> IntentDataset:
    """Read a data set.

    Args:
        train: The file to train on, or a folder of Rasa NLU files.
        test: What to measure on; for CLINC150 this may be the same file.
        format: Of all files; "auto" goes by each one's name.
        validation: What factors and thresholds are set on. Without it: the validation lists of a
            CLINC150 training file, else none.

    Raises:
        DatasetError: A file can't be read, training teaches fewer than two intents, there is
            nothing to test, or a label of the others is no training label.
    """
    if validation is not None:
        split: Split = "validation" if _is_clinc(validation, format) else "test"
        checked = read_examples(validation, format, split=split)
        if not checked:
            raise DatasetError(f"{validation}:1: no validation examples; give at least one")
    elif _is_clinc(train, format):
        checked = read_examples(train, format, split="validation")
    else:
        checked = ()
    return assemble(
        read_examples(train, format, split="train"),
        read_examples(test, format, split="test"),
        validation=checked,
    )


def assemble(
    train: Sequence[Example], test: Sequence[Example], *, validation: Sequence[Example] = ()
) -> IntentDataset:
    """Make a data set of examples: each text once a split, labels spelt as in training.

    Texts are equal when `nlu.language.normalise` makes them so; the first one stays. A label that
    is no training label is taken for the one that differs from it in case, spaces, hyphens and
    underscores alone.

    Raises:
        DatasetError: As for `read_dataset`.
    """
    names = {example.intent for example in train}
    problems = []
    if len(names) < 2:
        where = _place(train[0]) if train else "training file"
        problems.append(f"{where}: {len(names)} intent to train on; give at least two")
    if not test:
        problems.append("test file: no examples to test on; give at least one")
    spelt = {label_key(name): name for name in sorted(names)}
    parts = [_spell(part, names, spelt) for part in (train, validation, test)]
    for kind, part in zip(("validation", "test"), parts[1:], strict=True):
        problems += _unknown(kind, part, names)
    if problems:
        raise DatasetError(*problems)
    taught, checked, asked = kept = [_distinct(part) for part in parts]
    return IntentDataset(
        train=tuple(taught.values()),
        validation=tuple(checked.values()),
        test=tuple(asked.values()),
        leaked=len(taught.keys() & asked.keys()),
        repeated=sum(map(len, parts)) - sum(map(len, kept)),
    )


def _is_clinc(path: Path, format: Format) -> bool:
    return (format_of(path) if format == "auto" else format) == "clinc"


def _spell(
    examples: Iterable[Example], names: set[str], spelt: dict[str, str]
) -> tuple[Example, ...]:
    return tuple(
        example
        if example.intent in names
        else replace(example, intent=spelt.get(label_key(example.intent), example.intent))
        for example in examples
    )


def _unknown(kind: str, examples: Iterable[Example], names: set[str]) -> list[str]:
    """Say which labels nobody trains; out of scope needs no training."""
    first: dict[str, Example] = {}
    for example in examples:
        if example.intent not in names and example.intent != OUT_OF_SCOPE:
            first.setdefault(example.intent, example)
    if not first:
        return []
    shown = ", ".join(f"'{name}' ({_place(e)})" for name, e in list(first.items())[:_LISTED])
    more = f" and {len(first) - _LISTED} more" if len(first) > _LISTED else ""
    return [
        f"{_place(next(iter(first.values())))}: {kind} labels that no training example has: "
        f"{shown}{more}; add training examples for them, or correct the labels"
    ]


def _distinct(examples: Iterable[Example]) -> dict[str, Example]:
    kept: dict[str, Example] = {}
    for example in examples:
        kept.setdefault(normalise(example.text), example)
    return kept


def _place(example: Example) -> str:
    return f"{example.file}:{example.line}"
