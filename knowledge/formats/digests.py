"""A name for what a knowledge folder says, so that callers can cache what they derive from it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict

from knowledge.entries import Content, Entry, Product


def content_digest(content: Content) -> str:
    """Return 32 hexadecimal digits that change with any value of any entry or product.

    The order of entries and their places in the files count too: both show in answers.
    """
    digest = hashlib.sha256()
    items: tuple[Entry | Product, ...] = (*content.entries, *content.products)
    for item in items:
        line = json.dumps(asdict(item), sort_keys=True, default=_plain)
        digest.update(line.encode("utf-8"))
        digest.update(b"\n")
    return digest.hexdigest()[:32]


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)  # sets have no order of their own
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
