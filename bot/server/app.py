"""The FastAPI app: chat for machines, voice, sessions, feedback, health."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any
from uuid import uuid4

from fastapi import FastAPI, File, Form, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.staticfiles import StaticFiles
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.app import Shopclerk
from bot.messages import BotMessage, Shopper, Turn, UserMessage
from bot.server.errors import ApiError, install_error_handlers
from bot.server.limits import LimitBody
from bot.server.sessions import COOKIE

_ID = Field(
    default_factory=lambda: uuid4().hex, min_length=1, max_length=128, pattern=r"^[\w.:@+-]+$"
)


def _encodable(text: str) -> str:
    """Refuse half a surrogate pair: JSON can say it, but no database or answer could carry it."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("not a valid Unicode text") from None
    return text


Text = Annotated[str, AfterValidator(_encodable)]


class ChatRequest(BaseModel):
    """One message; without a conversation id a new conversation begins."""

    model_config = ConfigDict(extra="forbid")
    conversation_id: str = _ID
    text: Text
    language: str | None = Field(None, pattern="^(en|zh)$")


class RasaMessage(BaseModel):
    """Rasa's REST channel; its metadata is ignored, since it proves nothing."""

    sender: str = _ID
    message: Text
    metadata: dict[str, Any] | None = None


class SignInRequest(BaseModel):
    """Who to be in the demo."""

    model_config = ConfigDict(extra="forbid")
    customer_id: int = Field(ge=0, lt=2**31)


class FeedbackRequest(BaseModel):
    """A thumb for one reply."""

    model_config = ConfigDict(extra="forbid")
    conversation_id: Text = Field(max_length=128)
    message_id: Text = Field(max_length=40)
    rating: str = Field(pattern="^(up|down)$")
    reason: Text = Field("", max_length=500)


def create_api(clerk: Shopclerk) -> FastAPI:
    """Build the service on a ready Shopclerk."""
    api = FastAPI(
        title="Shopclerk", docs_url="/api/docs", openapi_url="/api/openapi.json", redoc_url=None
    )
    install_error_handlers(api)
    settings = clerk.settings
    api.add_middleware(
        LimitBody,
        max_bytes=int(settings.server.max_upload_mb * 1_000_000),
        studio_bytes=int(settings.studio.max_upload_mb * 1_000_000),
    )
    _add_chat(api, clerk)
    _add_voice(api, clerk)
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


def _shopper(clerk: Shopclerk) -> Callable[[Request], Shopper]:
    return lambda request: clerk.sessions.shopper(request.cookies, request.headers)


def _checked(clerk: Shopclerk, text: str) -> str:
    limit = clerk.settings.server.max_text_chars
    if len(text) > limit:
        raise ApiError(
            413, "text_too_long", f"the text has {len(text)} characters; at most {limit} are read"
        )
    return text


def _add_chat(api: FastAPI, clerk: Shopclerk) -> None:
    shopper_of = _shopper(clerk)

    @api.post("/api/chat")
    async def chat(body: ChatRequest, request: Request) -> dict[str, Any]:
        """Take one turn."""
        return turn_json(
            await clerk.assistant.handle(
                UserMessage(
                    body.conversation_id,
                    _checked(clerk, body.text),
                    shopper_of(request),
                    channel="api",
                    language=body.language,
                )
            )
        )

    @api.get("/api/conversations/{conversation_id}")
    async def conversation(conversation_id: str, request: Request) -> dict[str, Any]:
        """What was said, for a page that is opened again."""
        events = clerk.store.read(conversation_id, shopper_of(request))
        messages = [e for e in events if e["event"] in ("user", "bot")]
        return {
            "conversation_id": conversation_id,
            "messages": [
                {"role": "user", "text": e["text"]}
                if e["event"] == "user"
                else {"role": "bot", **e["data"]}
                for e in messages
            ],
        }

    @api.post("/webhooks/rest/webhook")
    async def rasa(body: RasaMessage, request: Request) -> list[dict[str, Any]]:
        """Answer as Rasa's REST channel does."""
        turn = await clerk.assistant.handle(
            UserMessage(
                body.sender, _checked(clerk, body.message), shopper_of(request), channel="rest"
            )
        )
        return [part for reply in turn.messages for part in rasa_json(body.sender, reply)]


def _add_voice(api: FastAPI, clerk: Shopclerk) -> None:
    shopper_of = _shopper(clerk)

    @api.post("/api/voice")
    async def voice(
        request: Request,
        audio: Annotated[UploadFile, File()],
        conversation_id: Annotated[str, Form(max_length=128, pattern=r"^[\w.:@+-]*$")] = "",
    ) -> dict[str, Any]:
        """Transcribe a recording and take the turn with its words."""
        if clerk.voice is None:
            raise ApiError(503, "voice_not_set_up", clerk.voice_problem)
        transcript = await run_in_threadpool(clerk.voice.hear, await audio.read())
        heard = {"text": transcript.text, "language": transcript.language}
        if not transcript.text:
            raise ApiError(
                422,
                "nothing_said",
                "I couldn't hear any words in that recording; "
                "please try again a little closer to the microphone",
            )
        turn = await clerk.assistant.handle(
            UserMessage(
                conversation_id or uuid4().hex,
                _checked(clerk, transcript.text),
                shopper_of(request),
                channel="voice",
            )
        )
        return {"transcript": heard, **turn_json(turn)}

    @api.post("/api/speech")
    async def speech(body: ChatRequest) -> Response:
        """Speak a text."""
        if clerk.synthesizer is None:
            raise ApiError(503, "speech_not_set_up", "spoken replies are switched off here")
        wav = await run_in_threadpool(
            clerk.synthesizer.speak, _checked(clerk, body.text), language=body.language or "en"
        )
        return Response(wav, media_type="audio/wav")


def _add_session(api: FastAPI, clerk: Shopclerk) -> None:
    shopper_of = _shopper(clerk)

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
    shopper_of = _shopper(clerk)

    @api.post("/api/feedback")
    async def feedback(body: FeedbackRequest, request: Request) -> dict[str, str]:
        """Keep a thumb up or down with its reason."""
        events = clerk.store.read(body.conversation_id, shopper_of(request))
        replies = {e["data"].get("id") for e in events if e["event"] == "bot"}
        if body.message_id not in replies:
            raise ApiError(404, "no_such_message", "there is no such reply in this conversation")
        clerk.store.rate(body.conversation_id, body.message_id, body.rating, body.reason)
        return {"status": "kept"}


def turn_json(turn: Turn) -> dict[str, Any]:
    """A turn as /api/chat answers it."""
    trace = asdict(turn.trace)
    told = ("id", "file", "line", "score", "version", "link")
    trace["sources"] = [{name: cited[name] for name in told} for cited in trace["sources"]]
    return {
        "conversation_id": turn.conversation_id,
        "messages": [asdict(m) for m in turn.messages],
        "trace": trace,
    }


def rasa_json(sender: str, reply: BotMessage) -> list[dict[str, Any]]:
    """A reply as Rasa's REST channel answers it: text with buttons, then pictures."""
    parts: list[dict[str, Any]] = []
    if reply.text or reply.buttons:
        part: dict[str, Any] = {"recipient_id": sender, "text": reply.text}
        if reply.buttons:
            part["buttons"] = [asdict(b) for b in reply.buttons]
        parts.append(part)
    for card in reply.cards:
        parts.append(
            {
                "recipient_id": sender,
                "text": " · ".join(filter(None, (card.title, card.price, card.subtitle))),
            }
        )
        if card.image:
            parts.append({"recipient_id": sender, "image": card.image})
    if reply.image:
        parts.append({"recipient_id": sender, "image": reply.image})
    return parts
