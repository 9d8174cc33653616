"""Kills processes in the middle of turns and looks whether anything was lost or doubled."""

import asyncio
import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from bot.dialogue.tracker import Event
from bot.messages import UserMessage
from bot.storage.conversations import ConversationStore
from bot.storage.database import open_database
from bot.storage.held import ConversationBusy
from bot.storage.tables import inbox, leases
from bot.storage.turns import TurnQueue
from tests.integration.kill_worker import LEASE_S, MAX_ATTEMPTS, SHOPPER, Turn, small_flow

ROOT = Path(__file__).resolve().parents[2]
TURNS_WITHIN_S = 120
TURNS_OF_A_LIFE = 15
KILLED_WITHIN_S = 0.03


@dataclass(frozen=True)
class Plan:
    """What the workers do. `turns` names a function like kill_worker.small_flow."""

    url: str
    kills: int
    workers: int = 3
    senders: int = 4
    turns: str = "tests.integration.kill_worker:small_flow"


@dataclass(frozen=True)
class Outcome:
    """What became of it. `stuck` conversations took no further turn; `torn` ones have a gap."""

    kills: int
    kills_during_a_turn: int
    conversations: int
    turns: int
    messages: int
    sent_again: int
    lost_leases: int
    lost: int
    doubled: int
    stuck: int
    torn: int
    left_in_inbox: int
    left_leases: int
    duration_s: float


def run(
    plan: Plan,
    folder: Path,
    *,
    make_turn: Callable[[TurnQueue], Turn] = small_flow,
    is_whole: Callable[[Sequence[Event]], bool] | None = None,
) -> Outcome:
    """Kill as often as planned while all workers talk, then look at every conversation.

    `make_turn` is what `plan.turns` names, and `is_whole` says whether a conversation's events are
    whole turns.
    """
    started = time.monotonic()
    chance = random.Random(plan.kills)
    with _workers(plan, folder) as workers:
        caught = sum(
            workers.kill(i % plan.workers, chance.uniform(0, KILLED_WITHIN_S))
            for i in range(plan.kills)
        )
        workers.stop()
        lines = [line for number in range(plan.workers) for line in workers.log(number)]
    conversations = sorted({line[2] for line in lines if line[0] == "send"})
    engine = open_database(plan.url, folder)
    try:
        store = ConversationStore(engine)
        queue = TurnQueue(store, lease_s=LEASE_S, max_attempts=MAX_ATTEMPTS)
        stuck = asyncio.run(_one_more_turn(make_turn(queue), conversations))
        talks = [store.read(conversation, SHOPPER) for conversation in conversations]
        with engine.connect() as db:
            waiting, held = (
                db.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (inbox, leases)
            )
    finally:
        engine.dispose()
    heard = Counter(e["message_id"] for talk in talks for e in talk if e["event"] == "user")
    kept = {line[1] for line in lines if line[0] in ("turn", "done")}
    return Outcome(
        kills=plan.kills,
        kills_during_a_turn=caught,
        conversations=len(conversations),
        turns=len({(i, e["timestamp"]) for i, talk in enumerate(talks) for e in talk}),
        messages=len(heard),
        sent_again=sum(line[0] == "again" for line in lines),
        lost_leases=sum(line[0] == "lost" for line in lines),
        lost=len(kept - heard.keys()),
        doubled=sum(times > 1 for times in heard.values()),
        stuck=stuck,
        torn=sum(not (is_whole or counts_right)(talk) for talk in talks),
        left_in_inbox=waiting,
        left_leases=held,
        duration_s=round(time.monotonic() - started, 1),
    )


def counts_right(talk: Sequence[Event]) -> bool:
    """Whether the conversation is whole turns of `small_flow`, each one further than the last."""
    position = number = count = 0
    while position < len(talk):
        turn = talk[position : position + talk[position].get("size", 1)]
        heard = (len(turn) - 2) // 2
        count += heard
        kinds = ["turn", *["user"] * heard, "slot", *["bot"] * heard]
        if [e["event"] for e in turn] != kinds or len({e["timestamp"] for e in turn}) != 1:
            return False
        if turn[0]["number"] != number or turn[heard + 1]["value"] != count:
            return False
        position += len(turn)
        number += 1
    return True


class _Workers:
    """Processes that talk; one that is killed starts again."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._earlier = [0] * count  # lines of a worker's log from its lives before
        self._processes = [self._start(number) for number in range(count)]

    def log(self, number: int) -> list[list[str]]:
        """Return what the worker's senders did, in all its lives."""
        path = self._folder / f"{number}.log"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def kill(self, number: int, after_s: float) -> bool:
        """Kill -9, a moment after some turn began; say whether one was under way."""
        deadline = time.monotonic() + TURNS_WITHIN_S
        while len(self._begun(number)) < TURNS_OF_A_LIFE:
            assert self._processes[number].poll() is None, f"worker {number} ended by itself"
            assert time.monotonic() < deadline, f"worker {number} takes no turns"
            time.sleep(0.005)
        time.sleep(after_s)
        self._processes[number].kill()
        self._processes[number].wait()
        done = {line[1] for line in self.log(number) if line[0] == "done"}
        under_way = self._begun(number) - done
        self._earlier[number] = len(self.log(number))
        self._processes[number] = self._start(number)
        return bool(under_way)

    def stop(self) -> None:
        """Let them finish what they are at."""
        (self._folder / "stop").touch()
        for process in self._processes:
            assert process.wait(TURNS_WITHIN_S) == 0

    def end(self) -> None:
        """Leave no process behind, whatever happened."""
        for process in self._processes:
            process.kill()
            process.wait()

    def _begun(self, number: int) -> set[str]:
        return {line[1] for line in self.log(number)[self._earlier[number] :] if line[0] == "turn"}

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "tests.integration.kill_worker", self._folder, str(number)]
        return subprocess.Popen(command, cwd=ROOT)


@contextmanager
def _workers(plan: Plan, folder: Path) -> Iterator[_Workers]:
    (folder / "plan.json").write_text(json.dumps(asdict(plan)))
    workers = _Workers(folder, plan.workers)
    try:
        yield workers
    finally:
        workers.end()


async def _one_more_turn(take: Turn, conversations: Sequence[str]) -> int:
    """Say something more in each conversation; return how many did not go on."""
    stuck = 0
    for conversation in conversations:
        message = UserMessage(conversation, "still there?", SHOPPER, id=f"last {conversation}")
        try:
            await take(message, lambda: None)
        except ConversationBusy:
            stuck += 1
    return stuck
