"""What the page needs before Gradio runs: a session, the looks, and a first picture at once."""

import hashlib
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import Scope

from bot.app import Shopclerk
from bot.server.sessions import COOKIE, Sessions
from ui.brand import brand_css
from ui.document import CompletedDocument
from ui.markup import escape
from ui.words import shop_name, words_of

ASSETS = Path(__file__).parent / "assets"
SCRIPTS = ("voice.js", "outbox.js", "news.js", "chat.js")  # the last one begins


def complete_shop_page(api: FastAPI, clerk: Shopclerk) -> None:
    """Give the page at `/` its looks, and visitors a session."""
    language = clerk.settings.shop.language.encode()
    api.add_middleware(CompletedDocument, path="/", replacements=(
        (b'<html\n\tlang="en"', b'<html\n\tlang="' + language + b'"'),
        (b"width=device-width, initial-scale=1, shrink-to-fit=no",
         b"width=device-width, initial-scale=1, viewport-fit=cover, "
         b"interactive-widget=resizes-content"),
        (b"</head>", page_head(clerk).encode() + b"</head>"),
        (b"<gradio-app", page_boot(clerk).encode() + b"<gradio-app"),
    ), headers=lambda scope: _headers(clerk.sessions, scope))


def _headers(sessions: Sessions, scope: Scope) -> list[tuple[str, str]]:
    told = [("cache-control", "no-store"),  # the page carries the visitor's session cookie
            ("referrer-policy", "same-origin")]
    cookie = _cookie(sessions, scope)
    return [*told, ("set-cookie", cookie)] if cookie else told


def _cookie(sessions: Sessions, scope: Scope) -> str | None:
    """An anonymous visitor's session: a new one, or the same with its time renewed.

    A customer's is left as it is. How long a sign-in lasts is the shop's decision, and its
    own login may have set the cookie for the whole domain.
    """
    request = Request(scope)
    shopper = sessions.shopper(request.cookies, request.headers)
    if shopper.signed_in:
        return None
    token = sessions.token(shopper if shopper.session_id else sessions.start())
    secure = "; Secure" if scope.get("scheme") == "https" else ""
    return (f"{COOKIE}={token}; Max-Age={sessions.max_age_s}; Path=/; HttpOnly; "
            f"SameSite=lax{secure}")


def page_head(clerk: Shopclerk) -> str:
    """Looks and script, in the document itself so that nothing is seen unstyled."""
    color = clerk.settings.shop.color
    return (
        f'<meta name="theme-color" content="{escape(color)}">'
        f"<style>{brand_css(color)}</style>"
        f'<link rel="stylesheet" href="ui/chat.css?{_digest("chat.css")}">'
        + "".join(f'<script src="ui/{name}?{_digest(name)}"></script>' for name in SCRIPTS)
    )


def page_boot(clerk: Shopclerk) -> str:
    """What is seen while Gradio loads; the script takes it away."""
    shop = clerk.settings.shop
    name = shop_name(shop, shop.language)
    no_script = words_of(shop.language).no_script.format(phone=shop.phone, email=shop.email)
    return (f'<div id="boot" aria-hidden="true"><span class="mark">{escape(name[:1])}</span>'
            f'<span class="dots"><i></i><i></i><i></i></span></div>'
            f"<noscript>{escape(no_script)}</noscript>")


def _digest(name: str) -> str:
    return hashlib.sha256((ASSETS / name).read_bytes()).hexdigest()[:12]
