"""A bot that keeps its events in a shop's database, as the real one does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rasa_sdk import Action
from sqlalchemy import Engine, insert, select, update

from bot.dialogue.tracker import Event
from bot.messages import Shopper, UserMessage
from bot.orders import tables
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database


def shop_database(folder: Path) -> Engine:
    """A shop with one customer, who lives in Leeds, and somebody's conversation."""
    engine = open_database("sqlite:///shop.db", folder)
    tables.metadata.create_all(engine)
    born = datetime(2026, 1, 2, tzinfo=UTC)
    ada = {"id": 1, "name": "Ada", "email": "ada@x.example", "phone": "", "country": "GB"}
    with engine.begin() as db:
        db.execute(insert(tables.customers).values(**ada, city="Leeds", created_at=born))
    store = ConversationStore(engine)
    store.open("somebody's", Shopper())
    store.append("somebody's", 0, [{"event": "user", "text": "private"}])
    return engine


@dataclass
class StoringBot:
    """Says what its script has; `move` changes where customers live, `city` tells it."""

    engine: Engine
    script: Mapping[str, Sequence[Event]] = field(default_factory=dict)
    stubs: Sequence[Action] = ()
    store: ConversationStore = field(init=False)

    def __post_init__(self) -> None:
        self.store = ConversationStore(self.engine)

    async def handle(self, message: UserMessage) -> Any:
        said = list(self.script.get(message.text, ()))
        city = tables.customers.c.city
        with self.engine.begin() as db:
            if message.text == "move":
                db.execute(update(tables.customers).values(city="York"))
            if message.text == "city":
                said.append({"event": "bot", "text": db.execute(select(city)).scalar_one()})
        past = self.store.open(message.conversation_id, message.shopper)
        events = [{"event": "user", "text": message.text}, *said]
        self.store.append(message.conversation_id, len(past), events)

    async def silence(self, conversation_id: str, shopper: Shopper) -> None: ...
