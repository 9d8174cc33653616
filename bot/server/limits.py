"""Bodies that are too large are refused before they are read whole."""

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.server.errors import error_json


class _TooLarge(Exception):
    pass


class LimitBody:
    """ASGI middleware: counts the bytes of a request's body."""

    def __init__(self, app: ASGIApp, *, max_bytes: int, studio_bytes: int) -> None:
        """`studio_bytes` is the limit below /studio, where product feeds are uploaded."""
        self._app = app
        self._max_bytes = max_bytes
        self._studio_bytes = studio_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer 413."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._studio_bytes if scope["path"].startswith("/studio/") else self._max_bytes
        seen = 0
        too_large = False
        answered = False

        async def counted() -> Message:
            nonlocal seen, too_large
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > most:
                too_large = True  # FastAPI turns what is raised here into a 400 of its own
                raise _TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal answered
            if answered or not too_large:
                answered = True
                await send(message)

        with suppress(_TooLarge):
            await self._app(scope, counted, noted)
        if too_large and not answered:
            refusal = error_json(
                413, "body_too_large", f"the request is larger than {most:,} bytes"
            )
            await refusal(scope, receive, send)
