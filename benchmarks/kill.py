"""kill -9 during turns, and what a turn's transactions cost, on SQLite and on PostgreSQL.

    python benchmarks/kill.py [--kills 200] [--turns 2000] [--out FILE.json]

The kills are those of tests/integration/test_kill_turns.py, only more: in turns that only count,
and in turns of the whole assistant (without models). The cost is that of a turn
in which nothing happens: a message received, its conversation held, two events kept, the
conversation let go; one after the other, in conversations of ten turns. PostgreSQL is Debian's, on
a local socket; here it syncs every commit to the disk, as it does by default.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.messages import Shopper, UserMessage  # noqa: E402  the repo's root comes first
from bot.storage.conversations import ConversationStore  # noqa: E402
from bot.storage.database import open_database  # noqa: E402
from bot.storage.turns import TurnQueue, Work  # noqa: E402
from tests.integration.kill_assistant import is_whole, whole_bot  # noqa: E402
from tests.integration.kill_harness import Plan, run  # noqa: E402
from tests.integration.postgres_server import MISSING, installed_at, running  # noqa: E402

TURNS_A_CONVERSATION = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    programs = installed_at()
    if programs is None:
        sys.exit(MISSING)
    result: dict[str, object] = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
    }
    with running(programs, ("listen_addresses=", "max_connections=200")) as server:
        for name in ("sqlite", "postgresql"):
            with tempfile.TemporaryDirectory() as folder:
                urls = [
                    server.new_database() if name == "postgresql" else f"sqlite:///{folder}/{n}.db"
                    for n in ("turns", "kills", "bot")
                ]
                (Path(folder) / "bot").mkdir()
                result[name] = {
                    "empty_turn": asyncio.run(_empty_turns(urls[0], arguments.turns)),
                    "kill": asdict(run(Plan(urls[1], arguments.kills), Path(folder))),
                    "kill_with_assistant": _kill_assistants(urls[2], arguments.kills, folder),
                }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n")


def _kill_assistants(url: str, kills: int, folder: str) -> dict[str, float]:
    plan = Plan(url, kills, turns="tests.integration.kill_assistant:whole_bot")
    return asdict(run(plan, Path(folder) / "bot", make_turn=whole_bot, is_whole=is_whole))


async def _empty_turns(url: str, turns: int) -> dict[str, float]:
    engine = open_database(url, Path())
    queue = TurnQueue(ConversationStore(engine))
    took_ms = []
    for number in range(turns):
        message = UserMessage(f"c{number // TURNS_A_CONVERSATION}", "hello", Shopper("bench"))
        started = time.perf_counter()
        async with queue.turn(message) as work:
            assert isinstance(work, Work)
            await work.finish([{"event": "user", "text": "hello"}, {"event": "bot", "text": "hi"}])
        took_ms.append((time.perf_counter() - started) * 1000)
    engine.dispose()
    cuts = statistics.quantiles(took_ms, n=100)
    return {f"p{percent}_ms": round(cuts[percent - 1], 2) for percent in (50, 95, 99)}


if __name__ == "__main__":
    main()
