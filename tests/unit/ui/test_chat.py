import asyncio
import re
from dataclasses import asdict, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from gradio import processing_utils
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from bot.dialogue.tracker import user_event
from bot.messages import BotMessage, Shopper, Trace, Turn, UserMessage
from bot.server.chat_service import ChatService
from bot.server.sessions import COOKIE, Sessions
from bot.settings import Settings, ShopSettings
from bot.storage.conversations import ConversationStore
from bot.storage.held import MessageSetAside
from speech.transcript import AudioError, Transcript
from ui.chat import Chat, build_chat
from ui.visit import new_id

TRACE = Trace("en", "", 1.0, False, (), None, (), (), "", 0.0, "")
MAYA = 7


class Assistant:
    """Answers every message alike, each id once.

    A message with "fail" is apologised for and not stored, one with "join" was answered with
    another one, and one with "set aside" is refused.
    """

    def __init__(self, store: ConversationStore) -> None:
        self._store = store
        self.last: UserMessage | None = None

    async def handle(self, message: UserMessage) -> Turn:
        self.last = message
        past = self._store.open(message.conversation_id, message.shopper)
        reply = BotMessage(f"You said {message.text}.", id="reply-1")
        if "set aside" in message.text:
            raise MessageSetAside
        if "fail" in message.text:
            return Turn(message.conversation_id, (replace(reply, text="Sorry."),), TRACE)
        if "join" in message.text:
            return Turn(message.conversation_id, (), TRACE, joined=True)
        if message.id and any(e.get("message_id") == message.id for e in past):
            return Turn(message.conversation_id, (replace(reply, id="said again"),), TRACE)
        self._store.append(message.conversation_id, len(past), [
            user_event(message.text, {}, message.channel, message_id=message.id),
            {"event": "bot", "text": reply.text, "data": asdict(reply)}])
        return Turn(message.conversation_id, (reply,), TRACE,
                    silence_s=30.0 if "ask" in message.text else None)

    async def silence(self, conversation_id: str, shopper: Shopper) -> Turn | None:
        past = self._store.open(conversation_id, shopper)
        reply = BotMessage("Are you still there?")
        self._store.append(conversation_id, len(past), [
            {"event": "bot", "text": reply.text, "data": asdict(reply)}])
        return Turn(conversation_id, (reply,), TRACE)


class Voice:
    """Hears the bytes as text; `broken` cannot be used."""

    def hear(self, recording: bytes) -> Transcript:
        if recording == b"broken":
            raise AudioError("That recording is damaged; please try again.")
        return Transcript(recording.decode(), "en", (), 1.0)


class Directory:
    def customer(self, customer_id: int) -> Any:
        return SimpleNamespace(name="Maya") if customer_id == MAYA else None


class Page:
    """The chat with one shopper in front of it, who keeps what the page gives."""

    def __init__(self, *, voice: Any = None) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool,
                               connect_args={"check_same_thread": False})
        self.store = ConversationStore(engine)
        self.assistant = Assistant(self.store)
        self.sessions = Sessions("secret", hours=1)
        clerk: Any = SimpleNamespace(
            settings=Settings(shop=ShopSettings(name="Larkfell", name_zh="云雀岭")),
            chat=ChatService(self.assistant, sleep=self.sleep), store=self.store,
            sessions=self.sessions,
            customers=Directory(), demo_customers=((MAYA, "Maya"),), voice=voice,
            voice_problem="voice needs a model", synthesizer=None)
        self.clerk = clerk
        self.chat = Chat(clerk)
        self.kept: Any = None
        self.long_enough = asyncio.Event()
        self.shopper = self.sessions.start()
        self.talk = ""
        self.all = ""

    async def sleep(self, seconds: float) -> None:
        await self.long_enough.wait()

    async def do(self, event: str, **given: Any) -> None:
        request = SimpleNamespace(cookies={COOKIE: self.sessions.token(self.shopper)}, headers={})
        data = gr.EventData(None, given)
        arguments = () if event == "fresh" else (data,)
        shown = await getattr(self.chat, event)(*arguments, self.kept, request)
        if shown is not None:
            self.kept, self.talk = shown[1], shown[0]["talk"]
            self.all = "".join(shown[0].values())


@pytest.fixture
def page() -> Page:
    return Page(voice=Voice())


@pytest.fixture
def upload(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file as Gradio keeps an upload."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "gradio"))
    file = tmp_path / "gradio" / "0123abcd" / "recording.webm"
    file.parent.mkdir(parents=True)
    return file


async def test_a_turn_is_drawn_and_goes_on_after_a_reload(page: Page) -> None:
    await page.do("open", preferred="en")
    await page.do("say", text=" hello ")
    assert "You said hello." in page.talk
    page.talk = ""
    await page.do("open")
    assert "You said hello." in page.talk


def drawn(page: Page, name: str) -> list[str]:
    return re.findall(rf'data-{name}="([^"]*)"', page.talk)


async def test_a_message_is_drawn_under_its_id_and_settled_by_its_answer(page: Page) -> None:
    await page.do("say", text="hello", id="m1")
    assert page.assistant.last is not None
    assert page.assistant.last.id == "m1"
    assert (drawn(page, "id"), drawn(page, "settled")) == (["m1"], ["m1"])
    assert drawn(page, "conversation") == [page.kept["conversation"]]
    assert drawn(page, "position") == ["2"]
    await page.do("open")
    assert (drawn(page, "id"), drawn(page, "settled")) == (["m1"], [""])


async def test_a_message_that_is_sent_again_is_drawn_once(page: Page) -> None:
    for _ in range(2):
        await page.do("say", text="hello", id="m1")
    assert drawn(page, "id") == ["m1"]
    assert page.talk.count("You said hello.") == 1
    assert drawn(page, "settled") == ["m1"]


async def test_a_message_answered_with_another_one_draws_nothing_of_its_own(page: Page) -> None:
    await page.do("say", text="hello", id="m1")
    await page.do("say", text="join that", id="m2")
    assert drawn(page, "id") == ["m1"]
    assert drawn(page, "settled") == [""]  # the drawing of the turn that answers it shows it
    assert "join that" not in page.talk


@pytest.mark.parametrize("text", ["", "  ", "x" * 4001, "please fail", "set aside"])
async def test_whatever_becomes_of_a_message_it_is_settled(page: Page, text: str) -> None:
    await page.do("say", text=text, id="m1")
    assert drawn(page, "settled") == ["m1"]


@pytest.mark.parametrize("given", [None, 5, "x" * 65, '"><b>', ["a"]])
async def test_what_is_no_id_is_left_out(page: Page, given: Any) -> None:
    await page.do("say", text="hello", id=given)
    assert page.assistant.last is not None
    assert page.assistant.last.id == ""


async def test_what_is_said_into_a_silence_is_drawn_when_the_page_looks(page: Page) -> None:
    await page.do("say", text="ask me")
    assert "still there" not in page.talk
    page.long_enough.set()
    await settle()
    await page.do("open")
    assert "Are you still there?" in page.talk
    assert drawn(page, "position") == ["3"]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_new_conversation_is_empty_and_the_old_one_stays(page: Page) -> None:
    await page.do("say", text="hello")
    old = page.kept["conversation"]
    await page.do("fresh")
    assert "You said" not in page.talk
    assert page.store.read(old, page.shopper)


async def test_somebody_elses_conversation_is_neither_shown_nor_continued(page: Page) -> None:
    await page.do("say", text="my secret")
    theirs, owner = page.kept["conversation"], page.shopper
    before = page.store.read(theirs, owner)
    page.shopper = page.sessions.start()
    for event in ("open", "say"):
        page.kept = {"conversation": theirs, "language": "en"}
        await page.do(event, text="hello")
        assert "my secret" not in page.all
        assert "belongs to another sign-in" in page.talk
        assert page.kept["conversation"] != theirs
    assert page.store.read(theirs, owner) == before


async def test_identity_comes_from_the_session_only(page: Page) -> None:
    page.kept = {"conversation": new_id(), "language": "en", "customer_id": MAYA}
    await page.do("say", text="hello", customer_id=MAYA, shopper={"customer_id": MAYA})
    assert page.assistant.last is not None
    assert page.assistant.last.shopper == page.shopper


async def test_a_failed_turn_shows_its_apology_without_thumbs(page: Page) -> None:
    await page.do("say", text="please fail")
    assert "please fail" in page.talk
    assert "Sorry." in page.talk
    assert "data-rate" not in page.talk


async def test_a_text_that_is_too_long_is_refused_with_its_length(page: Page) -> None:
    await page.do("say", text="x" * 4001)
    assert "4001" in page.talk
    assert page.assistant.last is None


async def test_the_pages_language_goes_with_the_message(page: Page) -> None:
    await page.do("open", language="zh")
    await page.do("say", text="你好")
    assert page.assistant.last is not None
    assert page.assistant.last.language == "zh"
    assert "云雀岭" in page.all
    await page.do("open", preferred="en")  # what was chosen counts more than the browser's wish
    assert "云雀岭" in page.all


async def test_after_signing_in_the_last_question_is_offered_again(page: Page) -> None:
    await page.do("say", text="Where is my order?")
    page.shopper = Shopper(page.shopper.session_id, MAYA)
    await page.do("open", signed_in=True)
    assert "signed in as Maya" in page.talk
    assert page.talk.endswith('<button type="button" class="chip" data-say="Where is my order?" '
                              'data-show="Where is my order?">Where is my order?</button></div>'
                              "</li></ol></div>")


@pytest.mark.parametrize(("recording", "expected"), [
    (b"hello", "You said hello."),
    (b"broken", "That recording is damaged"),
    (b" ", "any words in that recording"),
])
async def test_a_recording_becomes_a_turn_or_a_sentence_and_is_deleted(
    page: Page, upload: Path, recording: bytes, expected: str
) -> None:
    upload.write_bytes(recording)
    await page.do("hear", path=str(upload), id="m1")
    assert expected in page.talk.replace("&#x27;", "'")
    assert drawn(page, "settled") == ["m1"]
    assert not upload.exists()


@pytest.mark.parametrize("path", ["{tmp}/private.wav", "{tmp}/gradio/0123abcd/../../private.wav",
                                  "{tmp}/gradio/link/private.wav", "", "https://a.example/b.wav"])
async def test_no_other_file_is_read_or_deleted(page: Page, upload: Path, path: str) -> None:
    private = upload.parents[2] / "private.wav"
    private.write_bytes(b"my secret")
    (upload.parents[1] / "link").symlink_to(private.parent)
    await page.do("hear", path=path.format(tmp=private.parent))
    assert "Something went wrong" in page.talk
    assert "my secret" not in page.talk
    assert private.exists()


async def test_without_voice_the_page_says_why(upload: Path) -> None:
    page = Page(voice=None)
    upload.write_bytes(b"hello")
    await page.do("hear", path=str(upload))
    assert "voice needs a model" in page.talk
    assert "voice needs a model" in page.all.partition('class="foot"')[2]  # for the script
    assert not upload.exists()
    await page.do("say", text="hello")
    assert "You said hello." in page.talk


@pytest.mark.parametrize(("given", "counted"), [
    ({"message": "reply-1", "rating": "up"}, {"up": 1}),
    ({"message": "reply-1", "rating": "down", "reason": "wrong"}, {"down": 1}),
    ({"message": "reply-1", "rating": "down", "reason": "<b>anything"}, {}),
    ({"message": "reply-1", "rating": "great"}, {}),
    ({"message": "reply-2", "rating": "up"}, {}),
    ({}, {}),
])
async def test_a_thumb_counts_for_a_reply_of_this_conversation(
    page: Page, given: dict[str, str], counted: dict[str, int]
) -> None:
    await page.do("say", text="hello")
    await page.do("rate", **given)
    assert page.store.feedback_counts() == counted


async def test_a_thumb_for_somebody_elses_reply_is_ignored(page: Page) -> None:
    await page.do("say", text="hello")
    page.shopper = page.sessions.start()
    await page.do("rate", message="reply-1", rating="down")
    assert page.store.feedback_counts() == {}


@pytest.mark.parametrize("path", ["{tmp}/private.txt", "https://a.example/b.txt"])
async def test_gradio_neither_copies_a_file_nor_fetches_an_address(
    page: Page, upload: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = upload.parents[2] / "private.txt"
    private.write_text("my secret")
    fetched: list[Any] = []
    monkeypatch.setattr(processing_utils, "async_ssrf_protected_download",
                        lambda *a, **k: fetched.append(a))
    blocks = build_chat(page.clerk)
    inputs = {i._id: i for f in blocks.fns.values() for i in f.inputs}
    smuggled = {"path": path.format(tmp=private.parent), "meta": {"_type": "gradio.FileData"}}
    for one in inputs.values():
        with pytest.raises(gr.Error, match="takes no files"):
            await processing_utils.async_move_files_to_cache(
                smuggled, one, check_in_upload_folder=True)
    assert inputs
    assert not list(upload.parents[1].rglob("private.txt"))
    assert not fetched
