"""A knowledge folder into `Content`, or every problem in it at once."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, cast

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.entries import Content, Entry, KnowledgeError, Problem, Product
from knowledge.formats.markdown_faq import parse_markdown_faq
from knowledge.formats.markdown_policy import parse_markdown_policy
from knowledge.formats.product_feed import parse_products
from knowledge.formats.reading import Problems, read_text
from knowledge.formats.yaml_faq import parse_yaml_faq

_FEEDS = ("products.csv", "products.tsv", "products.jsonl")
# Files that a person might take for knowledge; anything else in the folder is none of ours.
_KNOWLEDGE = frozenset({".md", ".yml", ".yaml", ".csv", ".tsv", ".jsonl", ".json", ".txt"})
_MARKDOWN = MarkdownIt("commonmark")


def load_folder(path: Path) -> Content:
    """Read every file of a knowledge folder.

    Raises:
        KnowledgeError: With all problems of all files, in the order of files and lines.
    """
    if not path.is_dir():
        what = "no such folder; create it with faq/, policies/ and products.csv"
        raise KnowledgeError((Problem(str(path), 1, 1, what),))
    entries: list[Entry] = []
    products: list[Product] = []
    problems: list[Problem] = []
    for file in sorted(path.rglob("*"), key=lambda file: file.relative_to(path).parts):
        parts = file.relative_to(path).parts
        if any(part.startswith((".", "~")) for part in parts) or not file.is_file():
            continue
        noted = Problems("/".join(parts))
        new_entries, new_products = _read_file(file, parts, noted)
        entries += new_entries
        products += new_products
        problems += noted.found
    problems += _repeated(entries, products)
    problems += (problem for entry in entries for problem in _unshowable(entry))
    if not (entries or products or problems):
        what = "holds no entry and no product; add faq/NAME.en.md or products.csv"
        problems.append(Problem(str(path), 1, 1, what))
    if problems:
        raise KnowledgeError(tuple(sorted(problems, key=lambda p: (p.file, p.line, p.column))))
    return Content(tuple(entries), tuple(products))


def _read_file(
    file: Path, parts: tuple[str, ...], problems: Problems
) -> tuple[Sequence[Entry], Sequence[Product]]:
    place, suffix = parts[0] if len(parts) > 1 else "", file.suffix.lower()
    feed = parts[0] in _FEEDS and not place
    readable = {"faq": (".md", ".yml", ".yaml"), "policies": (".md",)}.get(place, ())
    if not feed and suffix not in readable:
        if suffix in _KNOWLEDGE and file.stem.lower() != "readme":
            problems.add(1, 1, f"is not read here; {_where_it_belongs(place)}")
        return (), ()
    text = read_text(file, problems)
    if text is None:
        return (), ()
    if feed:
        kind = cast(Literal[".csv", ".tsv", ".jsonl"], suffix)
        return (), parse_products(text, kind, problems)
    if suffix != ".md":
        return parse_yaml_faq(text, problems), ()
    parse = parse_markdown_faq if place == "faq" else parse_markdown_policy
    return parse(text, problems), ()


def _where_it_belongs(place: str) -> str:
    if place == "policies":
        return "policies are NAME.LANGUAGE.md files"
    if place == "faq":
        return "FAQ files end in .md or .yml"
    return "move it into faq/ or policies/, or name it products.csv"


def _repeated(entries: list[Entry], products: list[Product]) -> Iterator[Problem]:
    first: dict[tuple[str, str], str] = {}
    keyed = [((e.id, e.language), f" in {e.language}", e.source) for e in entries]
    keyed += [((p.id, ""), "", p.source) for p in products]
    for key, where, source in keyed:
        # An entry and a product never share a key: a product's has no language.
        if key in first:
            what = f"id {key[0]!r} is already used{where} at {first[key]}; rename one"
            yield Problem(source.file, source.line, 1, what)
        else:
            first[key] = str(source)


def _unshowable(entry: Entry) -> Iterator[Problem]:
    """Yield the HTML and images in an answer: channels such as voice can't show them."""
    for token in _inside(_MARKDOWN.parse(entry.answer)):
        if token.type in ("html_block", "html_inline", "image"):
            what = "an image" if token.type == "image" else "HTML"
            yield Problem(
                entry.source.file,
                entry.source.line,
                1,
                f"the answer of {entry.id!r} holds {what}; use text, lists, **bold** and links",
            )


def _inside(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()
