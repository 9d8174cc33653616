"""One text turn over HTTP: latency at one client, turns per second with 32, start-up, memory.

    python benchmarks/turn.py [--shop bot/demo] [--turns 1500] [--clients 32] [--out FILE.json]

Starts the real server on a loopback port and talks to POST /api/chat. The texts are the shop's test
questions with varying courtesies, so that hardly any is sent twice and no cache answers for the
model. Client and server share the machine's cores.
"""

import argparse
import asyncio
import itertools
import json
import os
import platform
import random
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from knowledge.formats.questions import load_questions  # noqa: E402  the repo's root comes first

COURTESIES = ("", " please", " thanks", " pls", "??", " asap", " hi", " hello", " cheers", " ok")
TURNS_A_CONVERSATION = 5
RASA = {"p50_ms": 58, "p99_ms": 928, "turns_per_s": 18, "start_s": 67, "memory_mb": 1100}
"""Rasa 3.6.21's starter bot on such a machine, measured by the project's owners."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", type=Path, default=ROOT / "bot" / "demo")
    parser.add_argument("--turns", type=int, default=1500)
    parser.add_argument("--clients", type=int, default=32)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    texts = _texts(arguments.shop)
    with _server(arguments.shop) as (port, process, start_s):
        asyncio.run(_drive(port, itertools.islice(texts, 50), clients=1))  # warm up
        alone = asyncio.run(_drive(port, itertools.islice(texts, 400), clients=1))
        started = time.perf_counter()
        together = asyncio.run(
            _drive(port, itertools.islice(texts, arguments.turns), clients=arguments.clients)
        )
        elapsed = time.perf_counter() - started
        memory = _memory_mb(process.pid)
    result = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "one_client": _latency(alone),
        f"{arguments.clients}_clients": {
            **_latency(together),
            "turns_per_s": round(len(together) / elapsed, 1),
        },
        "second_start_s": round(start_s, 1),
        "memory_mb": round(memory),
        "ratio_to_rasa": {
            "p50": round(statistics.median(alone) / RASA["p50_ms"], 3),
            "turns_per_s": round(len(together) / elapsed / RASA["turns_per_s"], 1),
        },
    }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


def _texts(shop: Path) -> Iterator[str]:
    questions = [q.question for q in load_questions(shop / "tests" / "questions.yml")]
    pairs = [q + c for c in COURTESIES for q in questions]
    random.Random(7).shuffle(pairs)
    return itertools.cycle(pairs)


@contextmanager
def _server(shop: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]", float]]:
    """Start the server twice: once to prepare what is missing, once to be timed."""
    for attempt in (1, 2):
        port = _free_port()
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "ui", "run", "--shop", str(shop), "--port", str(port)],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        try:
            _wait_ready(port, process, limit_s=900)
            if attempt == 2:
                yield port, process, time.perf_counter() - started
        finally:
            process.terminate()
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_ready(port: int, process: "subprocess.Popen[bytes]", *, limit_s: float) -> None:
    end = time.monotonic() + limit_s
    while time.monotonic() < end:
        if process.poll() is not None:
            raise SystemExit(f"the server ended with code {process.returncode}")
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as connection:
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                if b" 200 " in connection.recv(64):
                    return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the server was not ready in time")


async def _drive(port: int, texts: Iterator[str], *, clients: int) -> list[float]:
    """Send all texts over `clients` connections; return each turn's latency in milliseconds."""
    latencies: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        conversation = ""
        for turn, text in enumerate(texts):
            if turn % TURNS_A_CONVERSATION == 0:
                conversation = uuid4().hex
            body = json.dumps({"conversation_id": conversation, "text": text}).encode()
            head = (
                "POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            started = time.perf_counter()
            writer.write(head.encode() + body)
            headers = await reader.readuntil(b"\r\n\r\n")
            length = next(
                int(line.split(b":")[1])
                for line in headers.split(b"\r\n")
                if line.lower().startswith(b"content-length")
            )
            answer = await reader.readexactly(length)
            latencies.append((time.perf_counter() - started) * 1000)
            if b" 200 " not in headers.split(b"\r\n", 1)[0]:
                raise SystemExit(f"the server refused {text!r}: {answer!r}")
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return latencies


def _latency(milliseconds: list[float]) -> dict[str, float]:
    ordered = sorted(milliseconds)
    return {
        "turns": len(ordered),
        "p50_ms": round(statistics.median(ordered), 2),
        "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 2),
    }


def _memory_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
