"""Safe HTML: text escaped, Markdown rendered without raw HTML, only harmless addresses."""

import html
from collections.abc import MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict


def escape(text: object) -> str:
    """Text for element content or a quoted attribute."""
    return html.escape(str(text), quote=True)


def safe_url(url: str) -> str:
    """Return the address when it is http(s) or a path on this site, else nothing."""
    cleaned = url.strip()
    if any(ord(c) < 32 for c in cleaned) or "\\" in cleaned:
        return ""
    try:
        parts = urlsplit(cleaned)
    except ValueError:
        return ""
    if parts.scheme in ("http", "https") and parts.netloc:
        return cleaned
    here = not parts.scheme and not parts.netloc
    return cleaned if here and cleaned.startswith("/") else ""


def render_markdown(text: str) -> str:
    """A reply's Markdown as HTML. Raw HTML stays text; pictures become links."""
    return str(_MARKDOWN.render(text)).strip()


def _open_link(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],
) -> str:
    """Links open beside the chat, which would be gone otherwise, and learn nothing about it."""
    tokens[index].attrSet("target", "_blank")
    tokens[index].attrSet("rel", "noopener noreferrer")
    return str(renderer.renderToken(tokens, index, options, env))


_MARKDOWN = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(
    ["table", "strikethrough"]
).disable("image")
_MARKDOWN.add_render_rule("link_open", _open_link)
