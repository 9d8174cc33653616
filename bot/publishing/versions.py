"""What a version holds and which versions changed one entry."""

from collections.abc import Iterator
from itertools import islice

from bot.publishing.values import Key
from knowledge.entries import Content, Entry
from knowledge.formats.folder import check_files
from knowledge.formats.parsed import ParsedFiles
from knowledge.versions.store import Version, VersionStore

_PAGE = 50


def content_of(
    store: VersionStore, version: str | None, parsed: ParsedFiles | None = None
) -> Content:
    """Return what could be read of a version; nothing where there is none."""
    if version is None:
        return Content((), ())
    return check_files(store.files(version), parsed).content


def entry_history(
    store: VersionStore,
    key: Key,
    *,
    limit: int,
    before: str | None = None,
    parsed: ParsedFiles | None = None,
) -> tuple[Version, ...]:
    """Return the versions that changed one entry, newest first."""
    parsed = parsed or ParsedFiles()  # most files are the same in the next version
    return tuple(islice(_changing(store, key, before, parsed), limit))


def _changing(
    store: VersionStore, key: Key, before: str | None, parsed: ParsedFiles
) -> Iterator[Version]:
    def entry_in(version: str | None) -> Entry | None:
        content = content_of(store, version, parsed)
        return next((entry for entry in content.entries if entry.key == key), None)

    while page := store.log(limit=_PAGE, before=before):
        now = entry_in(page[0].id)
        for version in page:
            earlier = entry_in(version.parent)
            if (now and now.version) != (earlier and earlier.version):
                yield version
            now = earlier
        before = page[-1].id
