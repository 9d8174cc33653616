"""A document (PDF, DOCX, HTML, XLSX and plain text) into a knowledge file that a lead reviews."""

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from knowledge.editing import document_layout
from knowledge.editing.document_text import showable
from knowledge.editing.errors import EditError
from knowledge.editing.fields import short_digest, slug
from knowledge.formats import reading
from knowledge.formats.folder import check_file
from knowledge.formats.parsed import ParsedFiles
from knowledge.formats.reading import Problems, Text

if TYPE_CHECKING:
    from markitdown import FileConversionException

LARGEST_BYTES = 20_000_000
LARGEST_UNPACKED_BYTES = 100_000_000
LONGEST_TEXT = 2_000_000
"""Characters of the result; about 1,000 pages."""
_ZIPPED = (".docx", ".xlsx")
_PLAIN = (".txt", ".md", ".csv")
_READ = (".pdf", ".docx", ".html", ".htm", ".xlsx", *_PLAIN)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # Office files with a password, and those before 2007
_FRONT_MATTER = re.compile(r"\A---\n.*?^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_EMPTY_CELL = re.compile(r"(?<=\|) NaN (?=\|)")


@dataclass(frozen=True)
class ImportedDocument:
    """A knowledge file to review: its path, its text, and what the conversion left out."""

    file: str
    text: str
    notes: tuple[str, ...]


def document_to_markdown(name: str, data: bytes, *, language: str) -> ImportedDocument:
    """Turn a document into a policy file, or an FAQ file where its headings are questions.

    Args:
        name: The document's file name; its ending says what it is.
        data: What it holds.
        language: The language that it is written in.

    Raises:
        EditError: It can't be read; names the file and the remedy.
    """
    problems = Problems(name)
    if reading.language(Text(language, 1, 1), problems) is None:
        raise EditError(problems.found[0].what)
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _READ:
        raise EditError(f"{name} can't be imported; save it as one of {', '.join(_READ)}")
    if not data:
        raise EditError(f"{name} is empty; choose another file")
    if len(data) > LARGEST_BYTES:
        raise EditError(f"{name} has more than {LARGEST_BYTES // 10**6} MB; divide it")
    markdown = _text(name, data) if suffix in (".txt", ".md") else _converted(name, suffix, data)
    if len(markdown) > LONGEST_TEXT:
        raise EditError(f"{name} has more than {LONGEST_TEXT:,} characters; divide it")
    if suffix == ".xlsx":
        markdown = _EMPTY_CELL.sub("  ", markdown)
    stem = PurePosixPath(name.replace("\\", "/")).stem
    document = slug(stem) or f"document-{short_digest(stem)}"
    try:
        text, notes = showable(markdown)
        if not re.search(r"\w", text):
            raise EditError(f"{name} holds no text, perhaps scanned pages; export it with its text")
        laid_out = document_layout.lay_out(text, document, _title(stem), language)
    except (RecursionError, ValueError, IndexError) as error:
        raise EditError(f"{name} is nested too deeply to be read; simplify it") from error
    path = f"{laid_out.folder}/{document}.{language}.md"
    errors = check_file(path, laid_out.text.encode("utf-8"), ParsedFiles()).errors
    if errors:
        raise EditError(f"{name} can't be put in our format ({errors[0]}); copy its text instead")
    return ImportedDocument(path, laid_out.text, (*notes, *laid_out.notes))


def _title(stem: str) -> str:
    words = " ".join(re.sub(r"[_{}#\x00-\x1f-]+", " ", stem).split())
    return words[:1].upper() + words[1:] if words else "Document"


def _text(name: str, data: bytes) -> str:
    problems = Problems(name)
    text = reading.decode(data, problems)
    if text is None:
        raise EditError(str(problems.found[0]))
    return _FRONT_MATTER.sub("", text)


def _converted(name: str, suffix: str, data: bytes) -> str:
    _refuse_unreadable(name, suffix, data)
    # Imported here: it brings pandas and PDF readers with it, which only an import needs.
    from markitdown import (
        DocumentConverter,
        FileConversionException,
        MarkItDown,
        MarkItDownException,
        StreamInfo,
    )
    from markitdown import converters as by_format

    by_suffix: dict[str, type[DocumentConverter]] = {
        ".pdf": by_format.PdfConverter,
        ".docx": by_format.DocxConverter,
        ".xlsx": by_format.XlsxConverter,
        ".csv": by_format.CsvConverter,
    }
    # The one reader that is needed, rather than all built-in ones: those of other formats fetch
    # pages and start programs.
    markitdown = MarkItDown(enable_builtins=False, enable_plugins=False)
    markitdown.register_converter(by_suffix.get(suffix, by_format.HtmlConverter)())
    charset = None
    if suffix == ".csv":
        data, charset = _text(name, data).encode("utf-8"), "utf-8"
    info = StreamInfo(extension=".html" if suffix == ".htm" else suffix, charset=charset)
    try:
        return markitdown.convert_stream(io.BytesIO(data), stream_info=info).markdown
    except FileConversionException as error:
        raise EditError(f"{name} {_why(error)}") from error
    except MarkItDownException as error:
        raise EditError(f"{name} can't be read as {suffix}; save it anew in its program") from error


def _why(error: "FileConversionException") -> str:
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

    kinds = [attempt.exc_info[0] for attempt in error.attempts or [] if attempt.exc_info]
    if any(issubclass(kind, PDFPasswordIncorrect | PDFEncryptionError) for kind in kinds):
        return "has a password; save a copy without one"
    return "is damaged or no such file inside; open it in its program and save it anew"


def _refuse_unreadable(name: str, suffix: str, data: bytes) -> None:
    """Refuse broken, locked and far too large files before a reader opens them."""
    if suffix == ".pdf" and b"%PDF-" not in data[:1024]:
        raise EditError(f"{name} is no PDF inside; export it as PDF again")
    if suffix not in _ZIPPED:
        return
    if data.startswith(_OLE):
        raise EditError(
            f"{name} has a password or is of an old format; save a copy as {suffix} without one"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise EditError(f"{name} is damaged; open it in its program and save it anew") from error
    if any(member.flag_bits & 1 for member in members):
        raise EditError(f"{name} has a password; save a copy without one")
    if sum(member.file_size for member in members) > LARGEST_UNPACKED_BYTES:
        most = LARGEST_UNPACKED_BYTES // 10**6
        raise EditError(f"{name} unpacks to more than {most} MB; remove pictures or divide it")
