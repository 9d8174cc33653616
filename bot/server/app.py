"""The FastAPI app: chat for machines, voice, sessions, feedback, health."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from bot.app import Shopclerk
from bot.messages import Shopper
from bot.server.bodies import FeedbackRequest, SignInRequest
from bot.server.chat_routes import add_chat, add_voice
from bot.server.errors import ApiError, install_error_handlers
from bot.server.limits import LimitBody
from bot.server.sessions import COOKIE
from bot.server.websocket import add_websocket


def create_api(clerk: Shopclerk) -> FastAPI:
    """Build the service on a ready Shopclerk."""

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with clerk.chat.running():
            yield

    api = FastAPI(
        title="Shopclerk",
        docs_url="/api/docs",
        openapi_url="/api/openapi.json",
        redoc_url=None,
        lifespan=running,
    )
    install_error_handlers(api)
    settings = clerk.settings
    api.add_middleware(
        LimitBody,
        max_bytes=int(settings.server.max_upload_mb * 1_000_000),
        studio_bytes=int(settings.studio.max_upload_mb * 1_000_000),
    )
    add_chat(api, clerk)
    add_voice(api, clerk)
    add_websocket(api, clerk)
    _add_session(api, clerk)
    _add_feedback(api, clerk)

    @api.get("/health")
    async def health() -> dict[str, str]:
        """Answers only once everything is loaded."""
        return {"status": "ok", "shop": clerk.settings.shop.name}

    pictures = clerk.shop_dir / "pictures"
    if pictures.is_dir():
        api.mount("/pictures", StaticFiles(directory=pictures), name="pictures")
    return api


def _add_session(api: FastAPI, clerk: Shopclerk) -> None:
    def shopper_of(request: Request) -> Shopper:
        return clerk.sessions.shopper(request.cookies, request.headers)

    def signed(response: Response, shopper: Shopper) -> dict[str, Any]:
        token = clerk.sessions.token(shopper)
        response.set_cookie(
            COOKIE, token, max_age=clerk.sessions.max_age_s, httponly=True, samesite="lax"
        )
        return {"customer_id": shopper.customer_id, "token": token}

    @api.get("/api/session")
    async def session(request: Request) -> dict[str, Any]:
        """Who the session belongs to."""
        shopper = shopper_of(request)
        customer = (
            clerk.customers.customer(shopper.customer_id)
            if shopper.customer_id is not None
            else None
        )
        return {
            "customer_id": customer.id if customer else None,
            "name": customer.name if customer else None,
        }

    @api.post("/api/sign-in")
    async def sign_in(body: SignInRequest, request: Request, response: Response) -> dict[str, Any]:
        """Demo only: be one of the demo customers."""
        if not clerk.settings.identity.demo_sign_in:
            raise ApiError(403, "sign_in_off", "the demo sign-in is switched off in this shop")
        if clerk.customers.customer(body.customer_id) is None:
            raise ApiError(404, "no_such_customer", "there is no such demo customer")
        before = shopper_of(request)
        session_id = before.session_id or clerk.sessions.start().session_id
        return signed(response, Shopper(session_id, body.customer_id))

    @api.post("/api/sign-out")
    async def sign_out(response: Response) -> dict[str, Any]:
        """Forget who it is; what follows is a new anonymous session."""
        return signed(response, clerk.sessions.start())


def _add_feedback(api: FastAPI, clerk: Shopclerk) -> None:
    @api.post("/api/feedback")
    async def feedback(body: FeedbackRequest, request: Request) -> dict[str, str]:
        """Keep a thumb up or down with its reason."""
        shopper = clerk.sessions.shopper(request.cookies, request.headers)
        events = clerk.store.read(body.conversation_id, shopper)
        replies = {e["data"].get("id") for e in events if e["event"] == "bot"}
        if body.message_id not in replies:
            raise ApiError(404, "no_such_message", "there is no such reply in this conversation")
        clerk.store.rate(body.conversation_id, body.message_id, body.rating, body.reason)
        return {"status": "kept"}
