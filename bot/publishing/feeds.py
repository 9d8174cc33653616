"""An uploaded product feed: read row by row, compared with what is live."""

from pathlib import PurePath

from bot.publishing.values import FeedReport
from bot.snapshot import Snapshot
from knowledge.entries import Content, Problem
from knowledge.formats.folder import check_files
from knowledge.versions.changes import compare

_KINDS = (".csv", ".tsv", ".jsonl")


def feed_path(name: str) -> str:
    """Return where a feed of this file name lies in the knowledge folder."""
    return f"products{PurePath(name).suffix.lower()}"


def read_feed(name: str, data: bytes, live: Snapshot) -> tuple[FeedReport, str | None]:
    """Read a feed; its text is None where it has errors.

    A feed in another format than the live one is refused: both would be read.
    """
    path = feed_path(name)
    if not path.endswith(_KINDS):
        what = "is no product feed; save it as .csv, .tsv or .jsonl"
        return FeedReport(name, 0, (Problem(name, 1, 1, what),), ()), None
    others = [file for file in live.files if file.startswith("products.") and file != path]
    if others:
        what = f"the shop's products are in {others[0]}; save the feed in that format"
        return FeedReport(path, 0, (Problem(path, 1, 1, what),), ()), None
    checked = check_files({path: data})
    problems = checked.problems
    products = checked.content.products
    now = Content(live.content.entries, products)
    changes = compare(live.content, now).products if products else ()
    text = None if checked.errors or not products else data.decode("utf-8-sig")
    return FeedReport(path, len(products), problems, changes), text
