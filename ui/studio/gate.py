"""Nothing of the studio is served to people who aren't signed in, nor to other sites' pages."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.server.errors import error_json
from ui.studio.access import StudioAccess

STUDIO = "/studio"
SIGN_IN, SIGN_OUT = f"{STUDIO}/sign-in", f"{STUDIO}/sign-out"

_HEADERS = {
    "x-frame-options": "DENY",
    "content-security-policy": "frame-ancestors 'none'",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


class StudioGate:
    """ASGI middleware over everything below /studio."""

    def __init__(self, app: ASGIApp, access: StudioAccess) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        if scope["type"] not in ("http", "websocket") or not _is_studio(_path(scope)):
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _guarded(message["headers"])}
            await send(message)

        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        reads = scope["type"] == "http" and scope["method"] in ("GET", "HEAD")
        if not reads and from_elsewhere(headers):
            return error_json(
                403, "other_site", "this request comes from a page of another site; open the "
                "studio at its own address",
            )
        if _path(scope) in (SIGN_IN, SIGN_OUT) or self._access.user(HTTPConnection(scope)):
            return None
        if not reads or "text/html" not in headers.get("accept", ""):
            return error_json(401, "signed_out", f"sign in at {SIGN_IN} first")
        if headers.get("sec-fetch-site") == "cross-site":
            # A link on another site: the browser kept our strict cookie back. Opened from a page
            # of our own, the studio gets it.
            return HTMLResponse(
                '<!doctype html><meta charset="utf-8"><title>Studio</title>'
                f'<meta http-equiv="refresh" content="0;url={_root(scope)}{STUDIO}/">'
                f'<a href="{_root(scope)}{STUDIO}/">Open the studio</a>'
            )
        return RedirectResponse(_root(scope) + SIGN_IN, 303)


def from_elsewhere(headers: Headers) -> bool:
    """Whether a browser says that another site's page sent this.

    Sec-Fetch-Site is the browser's own word and survives proxies that change Host; browsers send
    it over https and to localhost. Otherwise Origin must name the host that was asked. Programs
    send neither, and have no cookies that a page could borrow.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    if origin is None:
        return False
    asked = {headers.get("host", ""), headers.get("x-forwarded-host", "")} - {""}
    try:
        return urlsplit(origin).netloc not in asked
    except ValueError:
        return True


def _is_studio(path: str) -> bool:
    return path == STUDIO or path.startswith(f"{STUDIO}/")


def _root(scope: Scope) -> str:
    return str(scope.get("root_path", ""))


def _path(scope: Scope) -> str:
    """The path within this application, wherever it is mounted."""
    return str(scope["path"]).removeprefix(_root(scope))


def _guarded(raw: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    headers = MutableHeaders(raw=list(raw))
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if "text/html" in headers.get("content-type", ""):
        headers["cache-control"] = "no-store"
    return headers.raw
