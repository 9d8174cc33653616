"""Read Rasa 3 NLU files; every problem in it is reported at once.

Format: https://rasa.com/docs/rasa/nlu-training-data (intents, synonyms, lookups, regexes).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from nlu.annotations import parse_annotations
from nlu.language import normalise
from nlu.understanding import Entity

_SECTIONS = ("intent", "synonym", "lookup", "regex")
_FILE_KEYS = ("version", "nlu")


@dataclass(frozen=True)
class Example:
    """One training utterance without its markup; `file` is relative to the read folder."""

    text: str
    intent: str
    entities: tuple[Entity, ...]
    file: str
    line: int


@dataclass(frozen=True)
class TrainingData:
    """All that a folder teaches.

    `synonyms` maps a variant to its canonical value; `lookups` and `regexes` map an entity's name
    to its phrases or patterns.
    """

    examples: tuple[Example, ...]
    synonyms: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    lookups: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    regexes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))


class TrainingDataError(ValueError):
    """The folder can't be trained on; `problems` are `path:line:column: what; remedy` each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class _Line:
    """One list item of a file: its text and where it stands, both from 1."""

    text: str
    line: int
    column: int


def read_training_data(path: Path) -> TrainingData:
    """Read one file, or every *.yml and *.yaml below a folder in path order.

    Raises:
        TrainingDataError: With every problem found.
    """
    if path.is_file():
        folder, files = path.parent, [path]
    else:
        found = (p for p in path.rglob("*") if p.suffix in (".yml", ".yaml") and p.is_file())
        folder, files = path, sorted(found)
    reader = _Reader(folder)
    for file in files:
        reader.read(file)
    if not reader.problems and not reader.examples:
        reader.problems.append(f"{path}:1:1: no intent examples; add a .yml file with intents")
    if reader.problems:
        raise TrainingDataError(tuple(reader.problems))
    return TrainingData(
        tuple(reader.examples),
        MappingProxyType(reader.synonyms),
        MappingProxyType({name: tuple(values) for name, values in reader.lookups.items()}),
        MappingProxyType({name: tuple(values) for name, values in reader.regexes.items()}),
    )


class _Reader:
    """Collects what the files hold and what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []
        self.examples: list[Example] = []
        self.synonyms: dict[str, str] = {}
        self.lookups: dict[str, list[str]] = {}
        self.regexes: dict[str, list[str]] = {}
        self._path = folder
        self._source: list[str] = []
        self._taught: dict[str, tuple[str, str]] = {}  # normalised text → (intent, place)

    def read(self, path: Path) -> None:
        self._path = path
        try:
            source = path.read_text(encoding="utf-8")
            document = YAML(typ="rt").load(source)
        except UnicodeDecodeError:
            self._report(1, 1, "not UTF-8 text; save the file as UTF-8")
            return
        except OSError as error:
            self._report(1, 1, f"can't be read ({error.strerror}); check the file's permissions")
            return
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self._report(line, column, f"bad YAML ({error.problem}); mend the syntax here")
            return
        except YAMLError as error:
            self._report(1, 1, f"bad YAML ({error}); mend the syntax")
            return
        self._source = source.splitlines()
        if document is None:
            return
        if not isinstance(document, CommentedMap):
            self._report(1, 1, "no `nlu:` list; start the file with `nlu:` and list intents in it")
            return
        self._refuse_unknown(document, _FILE_KEYS)
        sections = document.get("nlu", CommentedSeq())
        if not isinstance(sections, CommentedSeq):
            self._report(*_place(document, "nlu"), "`nlu` is not a list; begin each item with `- `")
            return
        for number, section in enumerate(sections):
            if isinstance(section, CommentedMap):
                self._read_section(section)
            else:
                line, column = sections.lc.item(number)
                self._report(line + 1, column + 1, _KIND_REMEDY)

    def _read_section(self, section: CommentedMap) -> None:
        kinds = [kind for kind in _SECTIONS if kind in section]
        start = (section.lc.line + 1, section.lc.col + 1)
        if len(kinds) != 1:
            self._report(*start, _KIND_REMEDY)
            return
        kind = kinds[0]
        self._refuse_unknown(section, (kind, "examples", "metadata"))
        name = section[kind]
        if not isinstance(name, str) or not name.strip():
            self._report(*_place(section, kind), f"{kind} without a name; write `{kind}: name`")
            return
        if not section.get("examples"):
            self._report(*start, f"{kind} '{name}' has no examples; add `examples: |` and a list")
            return
        lines = list(self._lines(section))
        if not lines:
            self._report(*start, f"{kind} '{name}' has no examples; list them as `- text`")
        for line in lines:
            self._keep(kind, name.strip(), line)

    def _keep(self, kind: str, name: str, line: _Line) -> None:
        if not line.text:
            self._report(line.line, line.column, "empty example; write a text or delete the line")
        elif kind == "intent":
            self._keep_example(name, line)
        elif kind == "synonym":
            known = self.synonyms.setdefault(line.text, name)
            if known != name:
                self._report(
                    line.line,
                    line.column,
                    f"'{line.text}' is a synonym of '{known}' and of '{name}'; keep one",
                )
        elif kind == "lookup":
            self.lookups.setdefault(name, []).append(line.text)
        else:
            try:
                re.compile(line.text)
            except re.error as error:
                self._report(line.line, line.column, f"bad regex ({error}); mend the pattern")
                return
            self.regexes.setdefault(name, []).append(line.text)

    def _keep_example(self, intent: str, line: _Line) -> None:
        try:
            text, entities = parse_annotations(line.text)
        except ValueError as error:
            self._report(line.line, line.column, str(error))
            return
        file = self._path.relative_to(self.folder).as_posix()
        key = normalise(text).casefold()
        known, place = self._taught.setdefault(key, (intent, f"{self._path}:{line.line}"))
        if known != intent:
            self._report(
                line.line,
                line.column,
                f"'{text}' teaches '{intent}' here and '{known}' at {place}; keep one",
            )
            return
        self.examples.append(Example(text, intent, entities, file, line.line))

    def _lines(self, section: CommentedMap) -> Iterator[_Line]:
        """Yield the items of a block of `- ` lines, or of a YAML list (plain or `text:` maps)."""
        examples = section["examples"]
        line, column = _place(section, "examples")
        if isinstance(examples, str):
            # A literal block begins on the line after its `|`; other strings where they stand.
            first = line + 1 if isinstance(examples, LiteralScalarString) else line
            for number, raw in enumerate(examples.splitlines(), first):
                item = raw.strip()
                if not item or item.startswith("#"):
                    continue
                if item != "-" and not item.startswith("- "):
                    self._report(number, 1, f"'{item}' is not a list item; begin it with `- `")
                    continue
                yield self._at(item[1:].strip(), number)
        elif isinstance(examples, CommentedSeq):
            for index, item in enumerate(examples):
                line = examples.lc.item(index)[0] + 1
                if isinstance(item, CommentedMap):
                    self._refuse_unknown(item, ("text", "metadata"))
                    item = item.get("text") or ""
                yield self._at(str("" if item is None else item).strip().removeprefix("- "), line)
        else:
            self._report(line, column, "`examples` is neither text nor list; use `examples: |`")

    def _at(self, text: str, line: int) -> _Line:
        source = self._source[line - 1] if line <= len(self._source) else ""
        return _Line(text, line, max(source.find(text or "-"), 0) + 1)

    def _refuse_unknown(self, mapping: CommentedMap, known: tuple[str, ...]) -> None:
        for key in mapping:
            if key not in known:
                names = ", ".join(known)
                self._report(*_place(mapping, key), f"unknown key '{key}'; use one of: {names}")

    def _report(self, line: int, column: int, message: str) -> None:
        self.problems.append(f"{self._path}:{line}:{column}: {message}")


_KIND_REMEDY = "not exactly one of intent, synonym, lookup, regex; give the item one of them"


def _place(mapping: CommentedMap, key: object) -> tuple[int, int]:
    line, column = mapping.lc.key(key)
    return line + 1, column + 1
