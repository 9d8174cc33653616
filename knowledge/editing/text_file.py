"""A file's text with its own line ends and byte-order mark, so that both survive an edit."""

import io
from dataclasses import dataclass

from knowledge.editing.errors import EditError
from knowledge.formats import reading
from knowledge.formats.reading import Problems

_BOM = "\ufeff"


@dataclass(frozen=True)
class TextFile:
    """One file: its path, its text as it stands (without the mark) and its line end."""

    path: str
    text: str
    newline: str = "\n"
    marked: bool = False

    @classmethod
    def read(cls, path: str, data: bytes) -> "TextFile":
        """Decode a file.

        Raises:
            EditError: It is not UTF-8.
        """
        problems = Problems(path)
        if reading.decode(data, problems) is None:
            raise EditError(str(problems.found[0]))
        text = data.decode("utf-8")
        marked = text.startswith(_BOM)
        text = text.removeprefix(_BOM)
        first = next(iter(io.StringIO(text, newline="")), "\n")
        newline = next((end for end in ("\r\n", "\n", "\r") if first.endswith(end)), "\n")
        return cls(path, text, newline, marked)

    @property
    def lines(self) -> list[str]:
        """The lines with their ends; numbered as the readers of knowledge files number them."""
        return list(io.StringIO(self.text, newline=""))

    @property
    def plain(self) -> str:
        """The text with LF line ends, as the readers see it."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n")

    def ended(self, lines: list[str]) -> list[str]:
        """Return new lines with this file's line end behind each."""
        return [line + self.newline for line in lines]

    def encoded(self, text: str) -> bytes:
        """Return another text as this file's bytes."""
        return ((_BOM if self.marked else "") + text).encode("utf-8")
