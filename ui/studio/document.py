"""Completes Gradio's document: looks and script must be there before Gradio runs."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class StudioDocument:
    """ASGI middleware of the page at `/studio/`: puts `head` at the end of its head."""

    def __init__(self, app: ASGIApp, path: str, head: str) -> None:
        self._app = app
        self._path = path
        self._head = head.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on everything but the page itself."""
        root = str(scope.get("root_path", ""))
        if scope["type"] != "http" or scope["path"].removeprefix(root) != self._path:
            await self._app(scope, receive, send)
            return
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
            page = bytes(body).replace(b"</head>", self._head + b"</head>", 1)
            headers = MutableHeaders(raw=list(start["headers"]))
            headers["content-length"] = str(len(page))
            await send({**start, "headers": headers.raw})
            await send({"type": "http.response.body", "body": page})

        # Compressed, the document could not be completed.
        plain = [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]
        await self._app({**scope, "headers": plain}, receive, complete)
