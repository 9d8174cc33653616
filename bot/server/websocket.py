"""`/api/ws`: who may open a connection."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Query, WebSocket

from bot.app import Shopclerk
from bot.server.bodies import ConversationId
from bot.server.connection import Connection
from bot.server.errors import error_json

POLL_S = 1.0
"""How soon what another process said is told. What this process says is told at once."""

MAX_CONNECTIONS = 1000
"""Each asks the database every POLL_S."""


def add_websocket(api: FastAPI, clerk: Shopclerk) -> None:
    """Serve chat on a websocket."""
    connections: set[WebSocket] = set()

    @api.websocket("/api/ws")
    async def chat(
        socket: WebSocket,
        conversation_id: ConversationId | None = None,
        after: Annotated[int | None, Query(ge=0, lt=2**31)] = None,
    ) -> None:
        refusal = None
        if not _same_origin(socket):
            refusal = error_json(403, "foreign_origin", "another site's page may not chat here")
        elif len(connections) >= MAX_CONNECTIONS:
            refusal = error_json(503, "too_many_connections", "too many are open; try again later")
        if refusal is not None:
            await socket.send_denial_response(refusal)
            return
        connections.add(socket)
        try:
            await socket.accept()
            await Connection(clerk, socket, poll_s=POLL_S).serve(conversation_id, after)
        finally:
            connections.discard(socket)


def _same_origin(socket: WebSocket) -> bool:
    """Whether no other site's page is behind this.

    A browser sends our cookie along with any page's websocket, but it says whose page that is.
    """
    origin, host = socket.headers.get("origin"), socket.headers.get("host", "")
    try:
        return origin is None or urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:  # no address at all
        return False
