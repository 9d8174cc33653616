"""The chat page: Gradio's state, events and upload around our own markup.

The page is drawn from the conversation store after every event, so that a reload, a second tab or
a restarted server shows the same conversation. The browser holds its id and language only.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import gradio as gr

from bot.app import Shopclerk
from bot.errors import ConversationNotYours
from bot.messages import BotMessage, Button, Shopper, Turn, UserMessage
from bot.storage.held import MessageSetAside
from speech.transcript import AudioError
from ui.drawing import Drawing, Outcome, Remark
from ui.transcript import Asked, Place
from ui.uploads import refuse_foreign_files, take_upload
from ui.visit import Visit, kept_language, read_visit
from ui.words import words_of

_EVENTS = ("open", "say", "hear", "rate", "fresh")
_ON_LOAD = ("window.shopclerk.connect(element, watch, upload, {"
            + ", ".join(f"{e}: data => trigger('{e}', data)" for e in _EVENTS) + "});")

View = tuple[dict[str, str], dict[str, str]]
"""The page's three parts, and what the browser keeps."""


def build_chat(clerk: Shopclerk) -> gr.Blocks:
    """The page as Gradio blocks; its looks come with `ui/assets/chat.css`."""
    chat = Chat(clerk)
    blocks: gr.Blocks
    with gr.Blocks(analytics_enabled=False, title=clerk.settings.shop.name, fill_width=True,
                   delete_cache=(600, 600)) as blocks:
        # The secret only scrambles what lies in the shopper's own browser; a fixed one keeps it
        # readable after a restart. What protects a conversation is the session that owns it.
        kept = gr.BrowserState(None, storage_key="shopclerk-chat", secret="shopclerk")
        page = gr.HTML(chat.blank(), html_template="${value.top}${value.talk}${value.foot}",
                       js_on_load=_ON_LOAD, apply_default_css=False, elem_id="chat")
        # Without Gradio's queue an event is one request and one answer: nothing to re-establish
        # after a lost connection, and no limit of one event at a time.
        quick: dict[str, Any] = {
            "queue": False, "show_progress": "hidden", "api_visibility": "private"}
        events = (
            page.open(chat.open, [kept], [page, kept], **quick),
            page.say(chat.say, [kept], [page, kept], trigger_mode="multiple", **quick),
            page.fresh(chat.fresh, [kept], [page, kept], **quick),
            page.rate(chat.rate, [kept], None, **quick),
            page.hear(chat.hear, [kept], [page, kept], **quick),
        )
        for event in events:
            event.failure(None, js="() => window.shopclerk.failed()", **quick)
    refuse_foreign_files(kept)
    return blocks


class Chat:
    """What happens on the page."""

    def __init__(self, clerk: Shopclerk) -> None:
        self._clerk = clerk
        self._drawing = Drawing(clerk)

    def blank(self) -> dict[str, str]:
        """The page before the browser has told what it keeps."""
        visit = read_visit(None, Shopper(), [self._clerk.settings.shop.language])
        return self._drawing.parts(visit, [], Remark(), Place())

    async def open(self, data: gr.EventData, kept: Any, request: gr.Request) -> View:
        """Draw the kept conversation. Also after signing in, and for the other language."""
        given = _given(data)
        visit = self._visit(kept, request, given.get("language"), given.get("preferred"))
        name = self._drawing.customer(visit.shopper)
        return self._view(visit, self._welcome(visit, name)
                          if given.get("signed_in") and name else None)

    async def fresh(self, kept: Any, request: gr.Request) -> View:
        """Begin a new conversation; the old one stays in the store."""
        return self._view(self._visit(kept, request).fresh())

    async def say(self, data: gr.EventData, kept: Any, request: gr.Request) -> View:
        """Take one turn."""
        visit, given = self._visit(kept, request), _given(data)
        text = str(given.get("text") or "").strip()
        return await self._turn(visit, Asked(text, text, id=_id(given)), "page")

    async def hear(self, data: gr.EventData, kept: Any, request: gr.Request) -> View:
        """Take one turn with what a recording says. The recording is deleted at once."""
        visit, given = self._visit(kept, request), _given(data)
        words, unheard = words_of(visit.language), Outcome(Asked("", "", id=_id(given)))
        recording = await asyncio.to_thread(take_upload, str(given.get("path") or ""))
        if self._clerk.voice is None:
            problem = self._drawing.voice_problem(visit.language)
            return self._view(visit, Remark(problem), unheard)
        if recording is None:
            return self._view(visit, Remark(words.failed), unheard)
        try:
            transcript = await asyncio.to_thread(self._clerk.voice.hear, recording)
        except AudioError as error:
            return self._view(visit, Remark(str(error)), unheard)
        text = transcript.text.strip()
        if not text:
            return self._view(visit, Remark(words.no_words), unheard)
        return await self._turn(visit, Asked(text, text, spoken=True, id=_id(given)), "voice")

    async def rate(self, data: gr.EventData, kept: Any, request: gr.Request) -> None:
        """Keep a thumb for a reply of this shopper's conversation; anything else is ignored."""
        given = _given(data)
        visit = self._visit(kept, request)
        rating, message_id = str(given.get("rating")), str(given.get("message"))
        reason = str(given.get("reason") or "")
        reasons = {"", *(code for code, _ in words_of("en").reasons)}
        try:
            said = self._drawing.said(visit)
        except ConversationNotYours:
            return
        ours = any(isinstance(m, BotMessage) and m.id == message_id for m in said)
        if ours and rating in ("up", "down") and reason in reasons:
            self._clerk.store.rate(visit.conversation_id, message_id, rating, reason)

    async def _turn(self, visit: Visit, asked: Asked, channel: str) -> View:
        words, count = words_of(visit.language), len(asked.text)
        limit = self._clerk.settings.server.max_text_chars
        if not asked.text:
            return self._view(visit, None, Outcome(asked))
        if count > limit:
            remark = Remark(words.too_long.format(count=count, limit=limit))
            return self._view(visit, remark, Outcome(asked))
        remark = Remark()
        try:
            turn = await self._take(visit, asked, channel)
        except ConversationNotYours:
            visit, remark = visit.fresh(), Remark(words.not_yours)
            turn = await self._take(visit, asked, channel)
        except MessageSetAside:  # sending it once more would not help
            return self._view(visit, Remark(words.failed), Outcome(asked))
        return self._view(visit, remark, Outcome(asked, turn))

    async def _take(self, visit: Visit, asked: Asked, channel: str) -> Turn:
        return await self._clerk.chat.take(UserMessage(
            visit.conversation_id, asked.text, visit.shopper, channel=channel,
            language=visit.language, id=asked.id))

    def _visit(
        self, kept: Any, request: gr.Request, wished: Any = None, preferred: Any = None
    ) -> Visit:
        shopper = self._clerk.sessions.shopper(dict(request.cookies), dict(request.headers))
        return read_visit(kept, shopper, [wished, kept_language(kept), preferred,
                                          self._clerk.settings.shop.language])

    def _view(
        self, visit: Visit, remark: Remark | None = None, outcome: Outcome | None = None
    ) -> View:
        parts, visit = self._drawing.page(visit, remark, outcome)
        return parts, visit.kept

    def _welcome(self, visit: Visit, name: str) -> Remark:
        """What a shopper sees on signing in, and their last question to ask again."""
        words = words_of(visit.language)
        notice = words.signed_in.format(name=name)
        try:
            asked = [m for m in self._drawing.said(visit) if isinstance(m, Asked)]
        except ConversationNotYours:
            return Remark(notice)
        if not asked:
            return Remark(notice)
        return Remark(f"{notice} {words.ask_again}", (Button(asked[-1].shown, asked[-1].text),))


def _given(data: gr.EventData) -> Mapping[str, Any]:
    """What the page's script sent with an event."""
    given = data._data
    return given if isinstance(given, dict) else {}


def _id(given: Mapping[str, Any]) -> str:
    """The page's own name for a message: the same when it is sent again."""
    name = given.get("id")
    return name if isinstance(name, str) and len(name) <= 64 and name.isalnum() else ""
