"""Errors as JSON with a stable code; never a stack trace."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from bot.errors import ConversationNotYours
from bot.storage.held import ConversationBusy, MessageSetAside
from speech.transcript import AudioError

log = logging.getLogger("shopclerk")

NOT_YOURS = {
    "code": "conversation_not_yours",
    "message": "this conversation belongs to another session; start a new one",
}
BUSY = {
    "code": "conversation_busy",
    "message": "the message before is still being answered; send this one again in a moment",
}
SET_ASIDE = {
    "code": "message_set_aside",
    "message": "this message could not be answered, also not when tried again; word it differently",
}
UNEXPECTED = {"code": "internal_error", "message": "something went wrong on our side"}


class ApiError(Exception):
    """A refusal with an HTTP status, a stable code and a sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def error_json(status: int, code: str, message: str) -> JSONResponse:
    """`{"error": {"code", "message"}}`."""
    return JSONResponse({"error": {"code": code, "message": message}}, status)


def validation_text(errors: Iterable[Mapping[str, Any]]) -> str:
    """What pydantic has against a body, with its places."""
    return "; ".join(f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in errors)


def install_error_handlers(api: FastAPI) -> None:
    """Answer every failure of this app in the same form."""

    @api.exception_handler(ApiError)
    async def refused(request: Request, error: ApiError) -> JSONResponse:
        return error_json(error.status, error.code, str(error))

    @api.exception_handler(AudioError)
    async def bad_audio(request: Request, error: AudioError) -> JSONResponse:
        return error_json(422, "bad_audio", str(error))

    @api.exception_handler(ConversationNotYours)
    async def not_yours(request: Request, error: ConversationNotYours) -> JSONResponse:
        return error_json(403, **NOT_YOURS)

    @api.exception_handler(ConversationBusy)
    async def busy(request: Request, error: ConversationBusy) -> JSONResponse:
        return error_json(503, **BUSY)

    @api.exception_handler(MessageSetAside)
    async def set_aside(request: Request, error: MessageSetAside) -> JSONResponse:
        return error_json(422, **SET_ASIDE)

    @api.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return error_json(422, "bad_request", validation_text(error.errors()))

    @api.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
        return error_json(error.status_code, code, str(error.detail))

    @api.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        log.error("request %s failed", request.url.path, exc_info=error)
        return error_json(500, **UNEXPECTED)
