"""One file of labelled texts into examples: CLINC150's JSON, CSV, TSV or Rasa 3 NLU YAML."""

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example, TrainingDataError, read_training_data

Format = Literal["auto", "clinc", "csv", "tsv", "rasa"]
Split = Literal["train", "validation", "test"]

_TEXT_COLUMNS = ("text", "utterance", "query", "sentence")
_INTENT_COLUMNS = ("intent", "label", "category", "domain")
_CLINC_LISTS = {
    "train": ("train", "oos_train"),
    "validation": ("val", "oos_val"),
    "test": ("test", "oos_test"),
}
_FORMATS: dict[str, Format] = {
    ".json": "clinc", ".csv": "csv", ".tsv": "tsv", ".yml": "rasa", ".yaml": "rasa",
}  # fmt: skip
_SEPARATORS = re.compile(r"[\s_-]+")


class DatasetError(ValueError):
    """Labelled texts can't be used; `problems` are `file:line: what; remedy` each."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_examples(
    path: Path, format: Format = "auto", *, split: Split = "train"
) -> tuple[Example, ...]:
    """Read one file, or a folder of Rasa files; .gz is unpacked.

    `split` chooses the lists of a CLINC150 file, which may hold all three; it may lack those of
    `validation`. Labels of CSV and TSV files are spelt by `label_key`; "oos" is OUT_OF_SCOPE there
    and in CLINC150. An example of a CLINC150 file has as `line` its number in its list, from 1.

    Raises:
        DatasetError: With every problem of the file.
    """
    match format_of(path) if format == "auto" else format:
        case "rasa":
            return _read_rasa(path)
        case "clinc":
            return _read_clinc(path, split)
        case "tsv":
            return _read_table(path, "\t")
        case _:
            return _read_table(path, ",")


def format_of(path: Path) -> Format:
    """Return the format that the name tells.

    Raises:
        DatasetError: It tells none.
    """
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    found = "rasa" if path.is_dir() else _FORMATS.get(suffix)
    if found is None:
        raise DatasetError(
            f"{path}:1: the name tells no format (.json, .csv, .tsv, .yml, each also with .gz but "
            "for .yml); rename the file or give --format"
        )
    return found


def label_key(label: str) -> str:
    """Return the label in small letters with single underscores for spaces and hyphens."""
    return _SEPARATORS.sub("_", label.strip()).casefold()


def _scoped(label: str) -> str:
    return OUT_OF_SCOPE if label == "oos" else label


def _read_table(path: Path, delimiter: str) -> tuple[Example, ...]:
    rows = _rows(path, delimiter)
    _, header = next(rows, (1, []))
    names = [name.strip().casefold() for name in header]
    text_column = _column(path, names, _TEXT_COLUMNS)
    intent_column = _column(path, names, _INTENT_COLUMNS)
    examples: list[Example] = []
    problems: list[str] = []
    for line, row in rows:
        if len(row) != len(header):
            problems.append(
                f"{path}:{line}: {len(row)} columns, where the first line names {len(header)}; "
                "put a text that holds the separator in quotation marks"
            )
            continue
        text, label = row[text_column].strip(), row[intent_column].strip()
        if text and label:
            examples.append(Example(text, _scoped(label_key(label)), (), str(path), line))
        else:
            missing = "label" if text else "text"
            problems.append(f"{path}:{line}: no {missing}; fill it in or delete the line")
    if problems:
        raise DatasetError(*problems)
    return tuple(examples)


def _rows(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not empty with the number of its first line."""
    reader = csv.reader(io.StringIO(_content(path), newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for row in reader:
            if any(row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise DatasetError(
            f"{path}:{line}: bad quotation marks ({error}); close them, and double those that "
            "stand inside a quoted text"
        ) from error


def _column(path: Path, names: list[str], wanted: tuple[str, ...]) -> int:
    for name in wanted:
        if name in names:
            return names.index(name)
    raise DatasetError(
        f"{path}:1: no column is named {', '.join(wanted[:-1])} or {wanted[-1]}; name the columns "
        "in the first line"
    )


def _read_clinc(path: Path, split: Split) -> tuple[Example, ...]:
    lists = _CLINC_LISTS[split]
    shape = f"write {{{json.dumps(lists[0])}: [[text, intent], ...]}}"
    try:
        document = json.loads(_content(path))
    except json.JSONDecodeError as error:
        problem = f"{path}:{error.lineno}: bad JSON ({error.msg}); mend it here"
        raise DatasetError(problem) from error
    if not isinstance(document, dict):
        raise DatasetError(f"{path}:1: no JSON object; {shape}")
    if split != "validation" and not any(name in document for name in lists):
        raise DatasetError(f"{path}:1: no list named {' or '.join(lists)}; {shape}")
    examples: list[Example] = []
    problems: list[str] = []
    for name in lists:
        items = document.get(name, [])
        if not isinstance(items, list):
            problems.append(f"{path}:1: {name} is no list; {shape}")
            continue
        for number, item in enumerate(items, 1):
            match item:
                case [str(text), str(label)] if text.strip() and label.strip():
                    place = f"{path}:{name}"
                    examples.append(
                        Example(text.strip(), _scoped(label.strip()), (), place, number)
                    )
                case _:
                    problems.append(
                        f"{path}:1: item {number} of {name} is not [text, intent]; mend it"
                    )
    if problems:
        raise DatasetError(*problems)
    return tuple(examples)


def _read_rasa(path: Path) -> tuple[Example, ...]:
    if not path.exists():
        raise DatasetError(f"{path}:1: not found; check the name")
    try:
        found = read_training_data(path).examples
    except TrainingDataError as error:
        raise DatasetError(*error.problems) from error
    if path.is_dir():
        return found
    return tuple(replace(example, file=str(path)) for example in found)


def _content(path: Path) -> str:
    try:
        data = path.read_bytes()
        if path.suffix.lower() == ".gz":
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise DatasetError(f"{path}:1: can't be read ({why}); check the file") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DatasetError(f"{path}:{line}: not UTF-8 text; save the file as UTF-8") from error
