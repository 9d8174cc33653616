"""The demo shop as a whole: real models, real index, real database."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi.testclient import TestClient

from bot.app import Shopclerk
from bot.evaluation import Outcome, evaluate, tally
from bot.messages import Shopper, Turn, UserMessage
from bot.server.app import create_api
from bot.shop import read_shop
from knowledge.formats.folder import load_folder
from knowledge.formats.questions import load_questions

ROOT = Path(__file__).parents[2]


def ask(demo: Shopclerk, *texts: str, customer: int | None = None) -> list[Turn]:
    """One conversation; customers 1 to 6 are the demo's personas."""
    conversation, shopper = uuid4().hex, Shopper("test", customer)

    async def talk() -> list[Turn]:
        return [
            await demo.assistant.handle(UserMessage(conversation, text, shopper)) for text in texts
        ]

    return asyncio.run(talk())


def test_the_shops_own_questions(demo: Shopclerk) -> None:
    files = read_shop(demo.shop_dir)
    entries = load_folder(demo.shop_dir / "knowledge").entries
    graded = asyncio.run(
        evaluate(
            demo.assistant,
            load_questions(demo.shop_dir / "tests" / "questions.yml"),
            flows=files.flows,
            entry_intents={e.id: e.intent for e in entries if e.intent},
        )
    )
    counted = tally([g for g in graded if g.question.acceptable])
    assert counted.share(Outcome.RIGHT) >= 0.85
    assert counted.share(Outcome.WRONG) <= 0.05


@pytest.mark.parametrize(
    ("text", "entry", "language"),
    [
        ("how long does delivery take", "delivery-period", "en"),
        ("i forgot my password", "recover-password", "en"),
        ("怎么退货？", "return-item", "zh"),
        ("可以用支付宝付款吗", "alipay", "zh"),
    ],
)
def test_an_answer_is_an_entrys_own_text_with_its_source(
    demo: Shopclerk, text: str, entry: str, language: str
) -> None:
    [turn] = ask(demo, text)
    entries = load_folder(demo.shop_dir / "knowledge").entries
    [source] = turn.trace.sources
    [found] = [e for e in entries if (e.id, e.language) == (source.id, language)]
    assert entry in source.id
    assert turn.messages[-1].text == found.answer
    assert (source.file, source.line) == (found.source.file, found.source.line)
    line = (demo.shop_dir / "knowledge" / source.file).read_text().splitlines()[source.line - 1]
    assert source.id in line or found.question in line


def test_what_the_shop_cannot_know_is_not_answered(demo: Shopclerk) -> None:
    for text in ("what's the capital of Peru", "写一首关于月亮的诗", "🏔️🏔️🏔️", "asdf qwer zxcv"):
        [turn] = ask(demo, text)
        assert turn.trace.sources == (), text
        assert turn.messages[-1].buttons[-1].payload == "/contact_human_agent", text


def test_products_fit_what_was_asked_and_follow_ups_narrow_it(demo: Shopclerk) -> None:
    first, cheaper = ask(
        demo, "I need a waterproof jacket under $150", "do you have something cheaper"
    )
    cards = first.messages[0].cards
    assert first.trace.actions == ("action_recommend_product",)
    assert cards
    prices = [float(c.price.removeprefix("$")) for c in cards]
    assert max(prices) <= 150
    assert all(c.image.startswith("/pictures/") for c in cards)
    assert not any("Kids" in c.title for c in cards)
    assert cheaper.messages[0].cards
    assert all(float(c.price[1:]) < min(prices) for c in cheaper.messages[0].cards)


def test_orders_are_shown_to_their_owner_only(demo: Shopclerk) -> None:
    [mine] = ask(demo, "where is my order", customer=2)
    number = next(e["value"] for e in _slots(demo, mine) if e["name"] == "order_number")
    [stranger] = ask(demo, f"where is my order {number}", customer=3)
    [nobody] = ask(demo, f"where is my order {number}")
    [invented] = ask(demo, "where is my order 3999", customer=3)
    assert number in mine.messages[0].text
    assert stranger.messages[0].text == invented.messages[0].text.replace("3999", number)
    assert "sign in" in nobody.messages[0].text
    assert not stranger.messages[0].cards


def _slots(demo: Shopclerk, turn: Turn) -> list[dict[str, str]]:
    events = demo.store.read(turn.conversation_id, Shopper("test", 2))
    return [dict(e) for e in events if e["event"] == "slot" and e["value"]]


def test_a_risky_order_is_not_cancelled_by_the_bot(demo: Shopclerk) -> None:
    [turn] = ask(demo, "cancel my order please", customer=5)
    assert "action_handover" in turn.trace.actions
    assert "A colleague has to look at this" in turn.messages[0].text
    waiting = {h.conversation_id: h for h in demo.store.handovers()}
    assert "risk high" in waiting[turn.conversation_id].facts
    said = " ".join(m.text for m in turn.messages)
    assert "risk" not in said.lower()


def test_the_service_answers_as_documented(demo: Shopclerk) -> None:
    with TestClient(create_api(demo)) as client:
        body = client.post("/api/chat", json={"text": "do you ship to canada"}).json()
        assert set(body["trace"]) >= {
            "language", "intent", "probability", "out_of_scope", "entities", "flow", "actions",
            "sources", "decision", "latency_ms",
        }  # fmt: skip
        assert set(body["trace"]["sources"][0]) == {
            "id", "file", "line", "score", "version", "link"}
        rasa = client.post("/webhooks/rest/webhook", json={"sender": "r-1", "message": "hello"})
        assert rasa.json()[0]["recipient_id"] == "r-1"
        assert client.get("/health").status_code == 200


def test_the_actions_answer_a_rasa_server(demo: Shopclerk) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ui", "actions", "--shop", str(demo.shop_dir)]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "SHOPCLERK_ACTIONS_SECRET": "open-sesame"},
        stdout=subprocess.DEVNULL,
    )
    call = {
        "next_action": "action_recommend_product",
        "sender_id": "rasa-1",
        "tracker": {
            "sender_id": "rasa-1",
            "slots": {"language": "en"},
            "latest_message": {
                "text": "a tent",
                "entities": [{"entity": "product_type", "value": "tent"}],
            },
            "events": [],
            "active_loop": {},
        },
        "domain": {},
    }
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until and process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{url}/health").status_code == 401:
                    break
            time.sleep(0.2)
        assert httpx.post(f"{url}/webhook", json=call).status_code == 401
        secret = {"Authorization": "Bearer open-sesame"}
        answer = httpx.post(f"{url}/webhook", json=call, headers=secret)
        assert answer.status_code == 200
        assert answer.json()["responses"][0]["elements"]
    finally:
        process.terminate()
        process.wait(30)


def test_the_readmes_python(
    demo: Shopclerk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    code = (ROOT / "README.md").read_text().split("```python\n")[1].split("```")[0]
    exec(compile(code, "README.md", "exec"), {})
    assert "delivery.en.md:" in capsys.readouterr().out
