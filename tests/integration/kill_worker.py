"""One process of the kill test: senders who talk through a turn queue until they are told to stop.

    python -m tests.integration.kill_worker FOLDER NUMBER

FOLDER/plan.json says what to do (see kill_harness.Plan). FOLDER/NUMBER.log is the senders' memory,
written as they go, so that it survives kill -9: `send` and `again`, `turn` (its turn has begun)
and `done`, each with a message's id. A worker that starts again sends every other message that was
under way once more, by its id, as an app does that got no reply; of the rest the sender is gone.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Awaitable, Callable
from importlib import import_module
from pathlib import Path
from typing import TextIO

from bot.dialogue.tracker import Event, replay, slot_event, user_event
from bot.messages import Shopper, UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database
from bot.storage.held import Answered, LostLease
from bot.storage.turns import TurnQueue, Work

Turn = Callable[[UserMessage, Callable[[], None]], Awaitable[None]]
"""Takes a message through its turn, calling the function when the turn has begun."""

SHOPPER = Shopper("killed")
CONVERSATIONS = 16
NEW_CONVERSATIONS_S = 4
LEASE_S = 0.5
MAX_ATTEMPTS = 50
"""Far more than in life: here a process is killed several times a second."""


def small_flow(queue: TurnQueue) -> Turn:
    """Turns that count: the next number, each message, a slot that counts them, a reply to each."""

    async def take(message: UserMessage, begun: Callable[[], None]) -> None:
        async with queue.turn(message) as work:
            if isinstance(work, Work):
                begun()
                await asyncio.sleep(random.uniform(0, 0.015))  # what understanding takes
                await work.more()
                await work.finish(turn_events(work))
            else:
                assert isinstance(work, Answered)
                assert work.replies

    return take


def turn_events(work: Work) -> list[Event]:
    heard = work.messages
    count = replay(work.past).slots.get("count", 0) + len(heard)
    number = sum(e["event"] == "turn" for e in work.past)
    return [
        {"event": "turn", "number": number, "size": 2 * len(heard) + 2},
        *({**user_event(m.text, {}, m.channel), "message_id": m.id} for m in heard),
        slot_event("count", count),
        *({"event": "bot", "text": f"{m.text}: {number}"} for m in heard),
    ]


class Senders:
    """The shoppers of one process."""

    def __init__(self, take: Turn, folder: Path, number: str) -> None:
        self._take = take
        self._stop = folder / "stop"
        self._number = number
        path = folder / f"{number}.log"
        lines = [line.split() for line in path.read_text().splitlines()] if path.exists() else []
        sent = {line[1]: line[2] for line in lines if line[0] == "send"}
        done = {line[1] for line in lines if line[0] == "done"}
        self._again = [(id, c) for id, c in sent.items() if id not in done and _comes_again(id)]
        self._next = len(sent)
        self._log: TextIO = path.open("a", buffering=1)

    async def talk(self) -> None:
        """Send one message after the other."""
        while self._again or not self._stop.exists():
            id, conversation = self._repeated() if self._again else self._new()
            await self._send(UserMessage(conversation, f"text {id}", SHOPPER, id=id))

    def _repeated(self) -> tuple[str, str]:
        id, conversation = self._again.pop()
        self._log.write(f"again {id}\n")
        return id, conversation

    def _new(self) -> tuple[str, str]:
        id = f"{self._number}.{self._next}"
        self._next += 1
        when = int(time.time() / NEW_CONVERSATIONS_S)  # the same in all processes; none gets long
        conversation = f"{when}-{random.randrange(CONVERSATIONS)}"
        self._log.write(f"send {id} {conversation}\n")
        return id, conversation

    async def _send(self, message: UserMessage) -> None:
        while True:
            try:
                await self._take(message, lambda: self._note("turn", message))
                break
            except LostLease:  # the machine was too busy for a heartbeat; another turn has it
                self._note("lost", message)
        self._note("done", message)

    def _note(self, what: str, message: UserMessage) -> None:
        self._log.write(f"{what} {message.id}\n")


def _comes_again(id: str) -> bool:
    return int(id.split(".")[1]) % 2 == 0


async def main(folder: Path, number: str) -> None:
    plan = json.loads((folder / "plan.json").read_text())
    store = ConversationStore(open_database(plan["url"], folder))
    queue = TurnQueue(store, lease_s=LEASE_S, max_attempts=MAX_ATTEMPTS)
    module, name = plan["turns"].split(":")
    senders = Senders(getattr(import_module(module), name)(queue), folder, number)
    async with asyncio.TaskGroup() as group:
        for _ in range(plan["senders"]):
            group.create_task(senders.talk())


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
