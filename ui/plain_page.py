"""A page without scripts in the shop's look: signing in, policies."""

from functools import cache
from pathlib import Path

from bot.settings import ShopSettings
from ui.brand import brand_css
from ui.markup import escape
from ui.words import shop_name

CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def plain_page(shop: ShopSettings, language: str, *, title: str, body: str, back: str) -> str:
    """Return a whole document; `body` is HTML, everything else is text.

    The page lies one folder below the chat (`/studio/sign-in`, `/policies/…`).
    """
    name = shop_name(shop, language)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f"<title>{escape(title)} · {escape(name)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="theme-color" content="{escape(shop.color)}">'
        f"<style>{brand_css(shop.color)}{_style()}</style></head><body>"
        f'<header><span class="mark" aria-hidden="true">{escape(name[:1])}</span>'
        f'<p>{escape(name)}</p><a class="back" href="../">{escape(back)}</a></header>'
        f"<main>{body}</main></body></html>"
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "assets" / "plain.css").read_text(encoding="utf-8")
