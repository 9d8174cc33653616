"""What the studio's users may be called, and when two names mean the same person."""

import unicodedata

MAX_NAME_CHARS = 40


def name_key(name: str) -> str:
    """What a typed name is looked up by: capitals and spaces around it don't matter."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def name_problem(name: str) -> str:
    """Say why nobody can be called that, with the remedy; empty when somebody can.

    The name is also the author's in the knowledge's history, where `<` and `>` have a meaning.
    """
    if not name.strip():
        return "the name is empty; write one"
    if len(name) > MAX_NAME_CHARS:
        return f"the name has {len(name)} characters; {MAX_NAME_CHARS} are the most"
    if name != name.strip():
        return f"the name {name!r} has spaces around it; remove them"
    if not name.isprintable() or set(name) & set("<>"):
        return f"the name {name!r} has a line break, < or > in it; leave them out"
    return ""
