"""Our actions as a rasa-sdk action server, for a Rasa assistant that calls `/webhook`.

rasa-sdk's server has no authentication of its own, so a shared secret stands before it.
"""

import hmac
import os
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.errors import ConfigError

SECRET_VARIABLE = "SHOPCLERK_ACTIONS_SECRET"
_LOCAL = ("127.0.0.1", "::1", "localhost")


def create_action_server(executor: ActionExecutor, *, host: str) -> Sanic[Any, Any]:
    """Return rasa-sdk's own server (an ASGI app), open only to callers with the secret.

    Without a secret it may only listen on this machine, since whoever may call it may act for
    any customer.

    Raises:
        ConfigError: an address that others can reach, and no secret.
    """
    secret = os.environ.get(SECRET_VARIABLE, "")
    if not secret and host not in _LOCAL:
        raise ConfigError(
            f"serving actions on {host} without a secret would let anybody act for any customer; "
            f"set {SECRET_VARIABLE}, or serve on 127.0.0.1"
        )
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])

    @app.on_request
    async def check_secret(request: Request) -> HTTPResponse | None:
        given = request.headers.get("authorization", "")
        if secret and not hmac.compare_digest(given.encode(), f"Bearer {secret}".encode()):
            return json({"error": "the Authorization header does not carry the secret"}, 401)
        return None

    return app
