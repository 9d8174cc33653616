"""Where an entry stands among the files, and which files hold entries."""

from collections.abc import Sequence

from knowledge.editing.errors import EditError
from knowledge.entries import Entry, Files
from knowledge.formats.folder import check_files, parse_file
from knowledge.formats.parsed import ParsedFiles

_YAML = (".yml", ".yaml")


def is_yaml(path: str) -> bool:
    """Whether the path is that of a YAML file."""
    return path.lower().endswith(_YAML)


def find(files: Files, key: tuple[str, str], parsed: ParsedFiles) -> Entry | None:
    """Return the entry with that key, None if there is none.

    Raises:
        EditError: Two entries have the key, so that an edit could reach the wrong one.
    """
    name = key[0]
    paths = [path for path in sorted(files) if holds_entries(path)]
    # Parsing every file for one entry would be slow, and an id nearly always stands as it is:
    # in full in an FAQ, behind the policy's id in a policy.
    parts = [_encoded(name), _encoded(name.partition("/")[0])]
    likely = [path for path in paths if any(part in files[path] for part in parts)]
    found = _with_key(files, likely, key, parsed)
    if not found:  # an id written with escapes: "\u9000"
        rest = [path for path in paths if path not in likely and is_yaml(path)]
        rest = [path for path in rest if b"\\" in files[path]]
        found = _with_key(files, rest, key, parsed)
    if len(found) > 1:
        places = " and ".join(str(entry.source) for entry in found)
        raise EditError(f"the id {name!r} stands twice, at {places}; rename one in its file first")
    return found[0] if found else None


def existing(files: Files, key: tuple[str, str], parsed: ParsedFiles) -> Entry:
    """Return the entry with that key.

    Raises:
        EditError: There is none, or two.
    """
    entry = find(files, key, parsed)
    if entry is not None:
        return entry
    name, language = key
    errors = check_files(files, parsed).errors
    broken = {problem.file: problem for problem in reversed(errors)}
    for path, problem in sorted(broken.items()):
        if holds_entries(path) and _encoded(name.partition("/")[0]) in files[path]:
            raise EditError(f"{name!r} ({language}) can't be read; mend {problem}")
    raise EditError(f"there is no {name!r} in {language!r} any more; it was removed or renamed")


def holds_entries(path: str) -> bool:
    """Whether the path is that of a file which entries stand in."""
    lower = path.lower()
    return (path.startswith("faq/") and lower.endswith((".md", *_YAML))) or (
        path.startswith("policies/") and lower.endswith(".md")
    )


def _encoded(name: str) -> bytes:
    return name.encode("utf-8", "surrogatepass")  # a browser may send what no file can hold


def _with_key(
    files: Files, paths: Sequence[str], key: tuple[str, str], parsed: ParsedFiles
) -> list[Entry]:
    read = (parsed.read_one(path, files[path], parse_file) for path in paths)
    return [placed.entry for file in read for placed in file.entries if placed.entry.key == key]
