"""The chat page: Gradio's state, events and upload around our own markup.

The page is drawn from the conversation store after every event, so that a reload, a second tab or
a restarted server shows the same conversation. The browser holds its id and language only.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gradio as gr

from bot.app import Shopclerk
from bot.errors import ConversationNotYours
from bot.messages import BotMessage, Button, Shopper, Turn, UserMessage
from speech.transcript import AudioError
from ui.frame import Frame, render_composer, render_header
from ui.transcript import Asked, Page, read_events, render_transcript
from ui.words import LANGUAGES, shop_name, suggestions, words_of

RATINGS = ("up", "down")
_EVENTS = ("open", "say", "rate", "fresh")
_ON_LOAD = ("window.shopclerk.connect(element, watch, {"
            + ", ".join(f"{e}: data => trigger('{e}', data)" for e in _EVENTS) + "});")

View = tuple[dict[str, str], dict[str, str]]
"""The page's three parts, and what the browser keeps."""


@dataclass(frozen=True)
class Visit:
    """Who looks at which conversation, in which language."""

    conversation_id: str
    language: str
    shopper: Shopper

    @property
    def kept(self) -> dict[str, str]:
        """What the browser keeps."""
        return {"conversation": self.conversation_id, "language": self.language}


def build_chat(clerk: Shopclerk) -> gr.Blocks:
    """The page as Gradio blocks; its looks come with `ui/assets/chat.css`."""
    chat = Chat(clerk)
    shop = clerk.settings.shop
    with gr.Blocks(analytics_enabled=False, title=shop.name, fill_width=True,
                   delete_cache=(600, 600)) as blocks:
        # The secret only scrambles what lies in the shopper's own browser; a fixed one keeps it
        # readable after a restart. What protects a conversation is the session that owns it.
        kept = gr.BrowserState(None, storage_key="shopclerk-chat", secret="shopclerk")
        page = gr.HTML(chat.blank(), html_template="${value.top}${value.talk}${value.foot}",
                       js_on_load=_ON_LOAD, apply_default_css=False, elem_id="chat")
        voice = gr.UploadButton(type="filepath", file_types=["audio", "video"], elem_id="voice",
                                visible="hidden")
        # Without Gradio's queue an event is one request and one answer: nothing to re-establish
        # after a lost connection, and no limit of one event at a time.
        quick = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        page.open(chat.open, [kept], [page, kept], **quick)
        page.say(chat.say, [kept], [page, kept], **quick)
        page.fresh(chat.fresh, [kept], [page, kept], **quick)
        page.rate(chat.rate, [kept], None, **quick)
        voice.upload(chat.hear, [voice, kept], [page, kept, voice], **quick)
    return blocks


class Chat:
    """What happens on the page."""

    def __init__(self, clerk: Shopclerk) -> None:
        self._clerk = clerk

    def blank(self) -> dict[str, str]:
        """The page before the browser has told what it keeps."""
        return self._draw(Visit("", self._clerk.settings.shop.language, Shopper()), [])

    async def open(self, data: gr.EventData, kept: Any, request: gr.Request) -> View:
        """Draw the kept conversation. Also after signing in, and for the other language."""
        given = _given(data)
        visit = self._visit(kept, request, given.get("language"), given.get("preferred"))
        notice, choices = "", ()
        name = self._customer(visit.shopper)
        if given.get("signed_in") and name:
            notice = words_of(visit.language).signed_in.format(name=name)
            notice, choices = self._offer_again(visit, notice)
        return self._view(visit, notice=notice, choices=choices)

    async def fresh(self, kept: Any, request: gr.Request) -> View:
        """Begin a new conversation; the old one stays in the store."""
        visit = self._visit(kept, request)
        return self._view(replace(visit, conversation_id=_new_id()))

    async def say(self, data: gr.EventData, kept: Any, request: gr.Request) -> View:
        """Take one turn."""
        visit = self._visit(kept, request)
        return await self._turn(visit, str(_given(data).get("text") or ""), "page")

    async def hear(
        self, path: str | None, kept: Any, request: gr.Request
    ) -> tuple[dict[str, str], dict[str, str], None]:
        """Take one turn with what a recording says. The recording is deleted at once."""
        visit = self._visit(kept, request)
        words = words_of(visit.language)
        recording = await asyncio.to_thread(_take, path)
        if self._clerk.voice is None:
            return *self._view(visit, notice=self._clerk.voice_problem), None
        try:
            transcript = await asyncio.to_thread(self._clerk.voice.hear, recording)
        except AudioError as error:
            return *self._view(visit, notice=str(error)), None
        if not transcript.text.strip():
            return *self._view(visit, notice=words.no_words), None
        return *await self._turn(visit, transcript.text, "voice"), None

    async def rate(self, data: gr.EventData, kept: Any, request: gr.Request) -> None:
        """Keep a thumb for a reply of this shopper's conversation; anything else is ignored."""
        given = _given(data)
        visit = self._visit(kept, request)
        rating, message_id = str(given.get("rating")), str(given.get("message"))
        reasons = {code for code, _ in words_of("en").reasons}
        reason = str(given.get("reason") or "")
        _, said = self._read(visit)
        ours = any(isinstance(m, BotMessage) and m.id == message_id for m in said)
        if ours and rating in RATINGS and (not reason or reason in reasons):
            self._clerk.store.rate(visit.conversation_id, message_id, rating, reason)

    async def _turn(self, visit: Visit, text: str, channel: str) -> View:
        words, text = words_of(visit.language), text.strip()
        limit = self._clerk.settings.server.max_text_chars
        if not text:
            return self._view(visit)
        if len(text) > limit:
            notice = words.too_long.format(count=len(text), limit=limit)
            return self._view(visit, notice=notice)
        notice = ""
        try:
            turn = await self._handle(visit, text, channel)
        except ConversationNotYours:
            visit = replace(visit, conversation_id=_new_id())
            notice = words.not_yours
            turn = await self._handle(visit, text, channel)
        return self._view(visit, notice=notice, turn=turn, asked=Asked(text, text))

    async def _handle(self, visit: Visit, text: str, channel: str) -> Turn:
        return await self._clerk.assistant.handle(UserMessage(
            visit.conversation_id, text, visit.shopper, channel=channel, language=visit.language))

    def _visit(self, kept: Any, request: gr.Request, *languages: Any) -> Visit:
        """Nothing that the browser keeps is trusted; the session alone says who it is."""
        memory: Mapping[str, Any] = kept if isinstance(kept, dict) else {}
        shopper = self._clerk.sessions.shopper(dict(request.cookies), dict(request.headers))
        wished, *rest = (*languages, None)
        known = [x for x in (wished, memory.get("language"), *rest,
                             self._clerk.settings.shop.language) if x in LANGUAGES]
        conversation = str(memory.get("conversation") or "")
        valid = 8 <= len(conversation) <= 64 and conversation.replace("-", "").replace(
            "_", "").isalnum() and conversation.isascii()
        return Visit(conversation if valid else _new_id(), known[0] if known else "en", shopper)

    def _read(self, visit: Visit) -> tuple[Visit, list[Asked | BotMessage]]:
        """Return the conversation, or a new one where it is somebody else's."""
        try:
            events = self._clerk.store.read(visit.conversation_id, visit.shopper)
        except ConversationNotYours:
            return replace(visit, conversation_id=_new_id()), []
        return visit, read_events(events, words_of(visit.language))

    def _offer_again(self, visit: Visit, notice: str) -> tuple[str, tuple[Button, ...]]:
        _, said = self._read(visit)
        asked = [m for m in said if isinstance(m, Asked)]
        if not asked:
            return notice, ()
        again = words_of(visit.language).ask_again
        return f"{notice} {again}", (Button(asked[-1].shown, asked[-1].text),)

    def _view(
        self,
        visit: Visit,
        *,
        notice: str = "",
        choices: tuple[Button, ...] = (),
        turn: Turn | None = None,
        asked: Asked | None = None,
    ) -> View:
        before = visit.conversation_id
        visit, said = self._read(visit)
        if visit.conversation_id != before and not notice:
            notice = words_of(visit.language).not_yours
        kept_ids = {m.id for m in said if isinstance(m, BotMessage)}
        if turn and asked and not any(m.id in kept_ids for m in turn.messages):
            # A turn that failed is not stored. Its apology must be seen all the same; it has no
            # thumbs, since there is nothing in the store that a rating could belong to.
            said = [*said, asked, *(replace(m, id="") for m in turn.messages)]
        return self._draw(visit, said, notice=notice, choices=choices), visit.kept

    def _draw(
        self,
        visit: Visit,
        said: Sequence[Asked | BotMessage],
        *,
        notice: str = "",
        choices: tuple[Button, ...] = (),
    ) -> dict[str, str]:
        shop, words = self._clerk.settings.shop, words_of(visit.language)
        customer = self._customer(visit.shopper)
        greeting = words.hello_name.format(name=customer) if customer else words.hello
        page = Page(greeting, words.help.format(shop=shop_name(shop, visit.language)),
                    suggestions(shop, visit.language), notice, choices)
        frame = self._frame(visit.language, customer)
        return {"top": render_header(frame), "talk": render_transcript(said, page, words),
                "foot": render_composer(frame)}

    def _frame(self, language: str, customer: str | None) -> Frame:
        clerk = self._clerk
        return Frame(
            shop=clerk.settings.shop,
            language=language,
            customer=customer,
            demo_customers=clerk.demo_customers,
            voice_problem="" if clerk.voice else clerk.voice_problem,
            speaks=clerk.synthesizer is not None,
            max_upload_mb=clerk.settings.server.max_upload_mb,
            max_seconds=clerk.settings.speech.max_seconds,
            max_chars=clerk.settings.server.max_text_chars,
        )

    def _customer(self, shopper: Shopper) -> str | None:
        if shopper.customer_id is None:
            return None
        customer = self._clerk.customers.customer(shopper.customer_id)
        return customer.name if customer else None


def _given(data: gr.EventData) -> Mapping[str, Any]:
    """What the page's script sent with an event."""
    given = data._data
    return given if isinstance(given, dict) else {}


def _take(path: str | None) -> bytes:
    """Read an uploaded recording and delete it: the shop promises to keep none."""
    if not path:
        return b""
    file = Path(path)
    try:
        return file.read_bytes()
    finally:
        file.unlink(missing_ok=True)


def _new_id() -> str:
    return secrets.token_urlsafe(18)
