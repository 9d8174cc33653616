"""A fresh database for every case: what one case changes no other sees, nor the shop."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from scripted_bot import case_of, cases_of
from sqlalchemy import Engine, select
from storing_bot import StoringBot, shop_database

from bot.conversation_tests.format import Stub
from bot.conversation_tests.fresh import StubAction, bench
from bot.conversation_tests.runner import Bot, run_cases
from bot.messages import Shopper
from bot.orders import tables
from bot.storage.conversations import ConversationStore


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Engine]:
    engine = shop_database(tmp_path)
    yield engine
    engine.dispose()


def _assemble(engine: Engine, stubs: Sequence[Action]) -> tuple[Bot, ConversationStore]:
    bot = StoringBot(engine, stubs=stubs)
    return bot, bot.store


@pytest.mark.parametrize("jobs", [1, 3])
async def test_what_a_case_changes_no_other_sees(tmp_path: Path, shop: Engine, jobs: int) -> None:
    cases = cases_of(
        tmp_path,
        """
        fixtures: [{vip: {tier: gold}}]
        test_cases:
          - test_case: moves
            steps: [{user: move}, {user: city}, {bot: York}]
          - test_case: stays
            fixtures: [vip]
            steps: [{user: city}, {bot: Leeds}, {user: move}]
          - test_case: stays, too
            steps: [{user: city}, {bot: Leeds}]
        """,
    )
    with bench(shop, _assemble) as copies:
        results = await run_cases(cases, copies.open, jobs=jobs)
        assert [p.name for p in copies.folder.iterdir()] == ["orders.db"]
    assert [r.error for r in results] == [""] * 3
    assert all(r.passed for r in results)
    assert not copies.folder.exists()
    with shop.connect() as db:
        assert db.execute(select(tables.customers.c.city)).scalar_one() == "Leeds"


def test_a_copy_has_the_orders_and_nobodys_conversations(tmp_path: Path, shop: Engine) -> None:
    (case,) = [case_of(tmp_path, "- user: hi")]
    with bench(shop, _assemble) as copies, copies.open(case) as copy:
        assert copy.record.events("somebody's", Shopper()) == ()


def test_a_case_signs_in_in_the_midst_of_its_conversation(tmp_path: Path, shop: Engine) -> None:
    case = case_of(tmp_path, "- user: hi")
    guest, ada = Shopper("s1"), Shopper("s1", 1)
    with bench(shop, _assemble) as copies, copies.open(case) as copy:
        copy.record.append("c", guest, [{"event": "slot", "name": "a", "value": 1}])
        copy.record.append("c", ada, [{"event": "slot", "name": "b", "value": 2}])
        assert [e["name"] for e in copy.record.events("c", ada)] == ["a", "b"]


def test_the_bot_is_put_together_with_the_cases_stubs(tmp_path: Path, shop: Engine) -> None:
    case = case_of(tmp_path, "- user: hi", "stub_custom_actions: {action_stock: {}}")
    given: list[str] = []

    def assemble(engine: Engine, stubs: Sequence[Action]) -> tuple[Bot, ConversationStore]:
        given.extend(stub.name() for stub in stubs)
        return _assemble(engine, stubs)

    with bench(shop, assemble) as copies, copies.open(case):
        assert given == ["action_stock"]


async def test_a_stub_runs_in_the_place_of_its_action() -> None:
    event = {"event": "slot", "name": "stock", "value": 0}
    stub = Stub((event,), ({"text": "None left.", "custom": {"a": 1}}, {"response": "utter_sorry"}))
    executor = ActionExecutor()
    executor.register_action(StubAction("action_stock", stub))
    call = {"next_action": "action_stock", "tracker": {"sender_id": "x"}, "domain": {}}
    result = await executor.run({**call, "version": "3"})
    assert result.events == [event]
    assert [r["text"] for r in result.responses] == ["None left.", None]
    assert result.responses[0]["custom"] == {"a": 1}
    assert result.responses[1]["response"] == "utter_sorry"
