"""Completes a page that Gradio serves: looks and script must be there before Gradio runs."""

from collections.abc import Callable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Replacements = tuple[tuple[bytes, bytes], ...]
"""What is put in the place of what, each once."""


class CompletedDocument:
    """ASGI middleware of the one page at `path`, wherever the application is mounted."""

    def __init__(
        self,
        app: ASGIApp,
        path: str,
        replacements: Replacements,
        headers: Callable[[Scope], Sequence[tuple[str, str]]] | None = None,
    ) -> None:
        """`headers` are added to those of the page."""
        self._app = app
        self._path = path
        self._replacements = replacements
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but the page itself."""
        if not self._is_page(scope):
            await self._app(scope, receive, send)
            return
        added = self._headers(scope) if self._headers else ()
        start: Message = {}
        body = bytearray()

        async def complete(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            headers, page = MutableHeaders(raw=list(start["headers"])), bytes(body)
            if "text/html" in headers.get("content-type", ""):
                page = self._completed(page)
                headers["content-length"] = str(len(page))
                for name, value in added:
                    headers.append(name, value)
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": page})

        # Compressed, the document could not be completed.
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, complete)

    def _is_page(self, scope: Scope) -> bool:
        if scope["type"] != "http" or scope["method"] != "GET":
            return False
        return str(scope["path"]).removeprefix(str(scope.get("root_path", ""))) == self._path

    def _completed(self, page: bytes) -> bytes:
        for place, text in self._replacements:
            page = page.replace(place, text, 1)
        return page
