"""What the page needs before Gradio runs: a session, the looks, and a first picture at once."""

import hashlib
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import Shopclerk
from bot.server.sessions import COOKIE
from ui.brand import brand_css
from ui.markup import escape
from ui.words import shop_name, words_of

ASSETS = Path(__file__).parent / "assets"


class ShopPage:
    """Middleware of the page at `/`: gives visitors a session and completes Gradio's document."""

    def __init__(self, app: ASGIApp, clerk: Shopclerk) -> None:
        self._app = app
        self._clerk = clerk
        self._head = page_head(clerk).encode()
        self._boot = page_boot(clerk).encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but the page itself."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        cookie = self._cookie(scope)
        start: Message = {}
        body = bytearray()

        async def complete(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers = MutableHeaders(raw=list(start["headers"]))
            if "text/html" in headers.get("content-type", ""):
                page = self._completed(bytes(body))
                headers["content-length"] = str(len(page))
                headers["cache-control"] = "no-store"  # it carries the visitor's session cookie
                headers["referrer-policy"] = "same-origin"
                if cookie:
                    headers.append("set-cookie", cookie)
            else:
                page = bytes(body)
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": page})

        # Compressed, the document could not be completed.
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, complete)

    def _completed(self, page: bytes) -> bytes:
        page = page.replace(b'<html\n\tlang="en"', b'<html\n\tlang="' + self._language + b'"', 1)
        page = page.replace(b'width=device-width, initial-scale=1, shrink-to-fit=no',
                            b'width=device-width, initial-scale=1, viewport-fit=cover, '
                            b'interactive-widget=resizes-content', 1)
        page = page.replace(b"</head>", self._head + b"</head>", 1)
        return page.replace(b"<gradio-app", self._boot + b"<gradio-app", 1)

    @property
    def _language(self) -> bytes:
        return self._clerk.settings.shop.language.encode()

    def _cookie(self, scope: Scope) -> str | None:
        """An anonymous visitor's session: a new one, or the same with its time renewed.

        A customer's is left as it is. How long a sign-in lasts is the shop's decision, and its
        own login may have set the cookie for the whole domain.
        """
        sessions, request = self._clerk.sessions, Request(scope)
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
        f'<script src="ui/voice.js?{_digest("voice.js")}"></script>'
        f'<script src="ui/chat.js?{_digest("chat.js")}"></script>'
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
