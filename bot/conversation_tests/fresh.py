"""A database of its own for every case: the shop's orders as they are, and no conversations."""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa_sdk import Action
from sqlalchemy import Engine, insert, select

from bot.conversation_tests.format import Case, Stub
from bot.conversation_tests.runner import Bot, Copy
from bot.dialogue.tracker import Event
from bot.messages import Shopper
from bot.orders import tables
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database

Assemble = Callable[[Engine, Sequence[Action]], tuple[Bot, ConversationStore]]
"""Puts the shop's bot together on another database; the actions replace those of their names."""

_ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class Bench:
    """Gives each case a copy of the shop; what it changes is gone with it."""

    folder: Path
    assemble: Assemble

    @property
    def _orders(self) -> Path:
        return self.folder / "orders.db"

    @contextmanager
    def open(self, case: Case) -> Iterator[Copy]:
        """Give the case a bot on a fresh database, its actions stubbed as it says."""
        with TemporaryDirectory(dir=self.folder) as own:
            file = Path(own) / "shop.db"
            shutil.copyfile(self._orders, file)
            engine = open_database(f"sqlite:///{file}", self.folder)
            try:
                stubs = [StubAction(name, stub) for name, stub in case.stubs.items()]
                bot, store = self.assemble(engine, stubs)
                yield Copy(bot, _StoreRecord(store))
            finally:
                engine.dispose()


@contextmanager
def bench(shop: Engine, assemble: Assemble) -> Iterator[Bench]:
    """Copy the shop's orders once; the cases' databases are copies of that.

    Args:
        shop: the shop's own database, which is only read.
        assemble: puts the bot together on another database.
    """
    with TemporaryDirectory(prefix="shopclerk-test-") as folder:
        made = Bench(Path(folder), assemble)
        engine = open_database(f"sqlite:///{made._orders}", Path(folder))
        try:
            _copy_orders(shop, engine)
        finally:
            engine.dispose()  # the last connection writes the log back: the file is whole
        yield made


def _copy_orders(shop: Engine, copy: Engine) -> None:
    tables.metadata.create_all(copy)
    with shop.connect() as source, copy.begin() as target:
        for table in tables.metadata.sorted_tables:
            for rows in source.execute(select(table)).mappings().partitions(_ROWS_AT_ONCE):
                target.execute(insert(table), [dict(row) for row in rows])


@dataclass(frozen=True)
class _StoreRecord:
    """The runner's view of a store of conversations."""

    store: ConversationStore

    def events(self, conversation_id: str, shopper: Shopper) -> Sequence[Event]:
        return self.store.read(conversation_id, shopper)

    def append(self, conversation_id: str, shopper: Shopper, events: Sequence[Event]) -> None:
        position = len(self.store.open(conversation_id, shopper))
        self.store.append(conversation_id, position, events)


class StubAction(Action):  # type: ignore[misc]  # rasa-sdk is untyped
    """Says and does what a test's `stub_custom_actions` has for the action."""

    def __init__(self, name: str, stub: Stub) -> None:
        self._name = name
        self._stub = stub

    def name(self) -> str:
        """The name of the action that it stands for."""
        return self._name

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Mapping[str, Any]]:
        """Send the stub's responses; return its events."""
        for response in self._stub.responses:
            said = dict(response)
            dispatcher.utter_message(json_message=said.pop("custom", None), **said)
        return [dict(event) for event in self._stub.events]
