"""A knowledge folder into `Content`, or every problem in it at once."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, cast

from knowledge.entries import Content, Files, KnowledgeError, Problem
from knowledge.formats.checks import compare_files
from knowledge.formats.markdown_faq import parse_markdown_faq
from knowledge.formats.markdown_policy import parse_markdown_policy
from knowledge.formats.parsed import ParsedFiles
from knowledge.formats.placed import Feed, ParsedFile
from knowledge.formats.product_feed import parse_products
from knowledge.formats.reading import Problems, decode
from knowledge.formats.yaml_faq import parse_yaml_faq

_FEEDS = ("products.csv", "products.tsv", "products.jsonl")
# Files that a person might take for knowledge; anything else in the folder is none of ours.
_KNOWLEDGE = frozenset({".md", ".yml", ".yaml", ".csv", ".tsv", ".jsonl", ".json", ".txt"})


@dataclass(frozen=True)
class Checked:
    """What could be read of a folder, and every problem in it by file, line and column."""

    content: Content
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep the folder from going live."""
        return tuple(problem for problem in self.problems if not problem.warning)


def read_folder(path: Path) -> Files:
    """Return every file that a person might take for knowledge, in the order of their paths.

    Raises:
        KnowledgeError: There is no such folder, or with every file that can't be read.
    """
    if not path.is_dir():
        what = "no such folder; create it with faq/, policies/ and products.csv"
        raise KnowledgeError((Problem(str(path), 1, 1, what),))
    found: dict[str, bytes] = {}
    problems: list[Problem] = []
    for file in sorted(path.rglob("*"), key=lambda file: file.relative_to(path).parts):
        parts = file.relative_to(path).parts
        hidden = any(part.startswith((".", "~")) for part in parts)
        if hidden or file.suffix.lower() not in _KNOWLEDGE or not file.is_file():
            continue
        name = "/".join(parts)
        try:
            name.encode("utf-8")
            found[name] = file.read_bytes()
        except UnicodeEncodeError:
            shown = name.encode("utf-8", "backslashreplace").decode("utf-8")
            problems.append(Problem(shown, 1, 1, "the file's name is not UTF-8; rename the file"))
        except FileNotFoundError:
            continue  # removed since it was listed
        except OSError as error:
            what = f"can't be read ({error.strerror}); check the file and its permissions"
            problems.append(Problem(name, 1, 1, what))
    if problems:
        raise KnowledgeError(tuple(problems))
    return found


def check_files(files: Files, parsed: ParsedFiles | None = None) -> Checked:
    """Return what the files say and all that is wrong with them; never raises.

    Args:
        files: What `read_folder` returned, with any edits.
        parsed: Remembers files that were read before.
    """
    return _checked((ParsedFiles() if parsed is None else parsed).read(files, parse_file))


def check_file(path: str, data: bytes, parsed: ParsedFiles) -> Checked:
    """Return what one file says and what is wrong with it, as if it were alone; never raises.

    So links to products count as errors: their feed is another file.
    """
    return _checked((parsed.read_one(path, data, parse_file),))


def _checked(read: tuple[ParsedFile, ...]) -> Checked:
    problems = [problem for file in read for problem in file.problems]
    problems += compare_files(read)
    content = Content(
        tuple(placed.entry for file in read for placed in file.entries),
        tuple(placed.product for file in read for placed in file.feed.products),
    )
    if not (content.entries or content.products or problems):
        what = "the folder holds no entry and no product; add faq/NAME.en.md or products.csv"
        problems.append(Problem("knowledge", 1, 1, what))
    problems.sort(key=lambda p: (p.file, p.line, p.column, p.what))
    return Checked(content, tuple(problems))


def load_files(files: Files, parsed: ParsedFiles | None = None) -> Content:
    """Return what the files say.

    Raises:
        KnowledgeError: With all errors of all files, in the order of files and lines.
    """
    checked = check_files(files, parsed)
    if checked.errors:
        raise KnowledgeError(checked.errors)
    return checked.content


def load_folder(path: Path) -> Content:
    """Read every file of a knowledge folder.

    Raises:
        KnowledgeError: With all errors of all files, in the order of files and lines.
    """
    return load_files(read_folder(path))


def parse_file(path: str, data: bytes) -> ParsedFile:
    """Return what one file says by itself; nothing for a file that is none of ours."""
    parts, suffix = path.split("/"), PurePosixPath(path).suffix.lower()
    place = parts[0] if len(parts) > 1 else ""
    feed = path in _FEEDS
    readable = {"faq": (".md", ".yml", ".yaml"), "policies": (".md",)}.get(place, ())
    problems = Problems(path)
    if not feed and suffix not in readable:
        if suffix in _KNOWLEDGE and PurePosixPath(path).stem.lower() != "readme":
            problems.add(1, 1, f"is not read here; {_where_it_belongs(place)}")
        return ParsedFile(problems=tuple(problems.found))
    text = decode(data, problems)
    if text is None:
        return ParsedFile(feed=Feed(complete=not feed), problems=tuple(problems.found))
    if feed:
        kind = cast(Literal[".csv", ".tsv", ".jsonl"], suffix)
        products = parse_products(text, kind, problems)
        return ParsedFile(feed=products, problems=tuple(problems.found))
    if suffix != ".md":
        entries = parse_yaml_faq(text, problems)
    elif place == "faq":
        entries = parse_markdown_faq(text, problems)
    else:
        entries = parse_markdown_policy(text, problems)
    return ParsedFile(entries, problems=tuple(problems.found))


def _where_it_belongs(place: str) -> str:
    if place == "policies":
        return "policies are NAME.LANGUAGE.md files"
    if place == "faq":
        return "FAQ files end in .md or .yml"
    return "move it into faq/ or policies/, or name it products.csv"
