"""Chat for machines: a message in text or voice, what was said, and Rasa's REST channel."""

from typing import Annotated, Any
from uuid import uuid4

from fastapi import FastAPI, File, Form, Query, Request, Response, UploadFile
from fastapi.concurrency import run_in_threadpool

from bot.app import Shopclerk
from bot.messages import Shopper, UserMessage
from bot.server.bodies import ChatRequest, MessageId, RasaMessage, SpeechRequest, checked
from bot.server.errors import ApiError
from bot.server.rendering import conversation_json, rasa_json, turn_json


def add_chat(api: FastAPI, clerk: Shopclerk) -> None:
    """Take messages and tell what was said."""
    limit = clerk.settings.server.max_text_chars

    def shopper_of(request: Request) -> Shopper:
        return clerk.sessions.shopper(request.cookies, request.headers)

    @api.post("/api/chat")
    async def chat(body: ChatRequest, request: Request) -> dict[str, Any]:
        """Take one turn."""
        message = UserMessage(
            body.conversation_id,
            checked(body.text, limit),
            shopper_of(request),
            channel="api",
            language=body.language,
            id=body.message_id,
        )
        return turn_json(await clerk.chat.take(message))

    # Not `async`: the page asks this every two seconds, and a database may be slow.
    @api.get("/api/conversations/{conversation_id}")
    def conversation(
        conversation_id: str,
        request: Request,
        after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    ) -> dict[str, Any]:
        """What was said, all of it or what came after the first events."""
        past = clerk.store.since(conversation_id, after, shopper_of(request))
        return conversation_json(conversation_id, past, after)

    @api.post("/webhooks/rest/webhook")
    async def rasa(body: RasaMessage, request: Request) -> list[dict[str, Any]]:
        """Answer as Rasa's REST channel does."""
        message = UserMessage(
            body.sender,
            checked(body.message, limit),
            shopper_of(request),
            channel="rest",
            metadata=body.told,
        )
        turn = await clerk.chat.take(message)
        return [part for reply in turn.messages for part in rasa_json(body.sender, reply)]


def add_voice(api: FastAPI, clerk: Shopclerk) -> None:
    """Take recordings, and speak."""
    limit = clerk.settings.server.max_text_chars

    @api.post("/api/voice")
    async def voice(
        request: Request,
        audio: Annotated[UploadFile, File()],
        conversation_id: Annotated[str, Form(max_length=128, pattern=r"^[\w.:@+-]*$")] = "",
        message_id: Annotated[MessageId, Form()] = "",
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
        message = UserMessage(
            conversation_id or uuid4().hex,
            checked(transcript.text, limit),
            clerk.sessions.shopper(request.cookies, request.headers),
            channel="voice",
            id=message_id,
        )
        return {"transcript": heard, **turn_json(await clerk.chat.take(message))}

    @api.post("/api/speech")
    async def speech(body: SpeechRequest) -> Response:
        """Speak a text."""
        if clerk.synthesizer is None:
            raise ApiError(503, "speech_not_set_up", "spoken replies are switched off here")
        text = checked(body.text, limit)
        wav = await run_in_threadpool(clerk.synthesizer.speak, text, language=body.language or "en")
        return Response(wav, media_type="audio/wav")
