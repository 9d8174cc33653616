"""The demo shop served by the real command, and how a shopper talks to it in a browser."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Frame, Page

ROOT = Path(__file__).parents[2]
READY_WITHIN_S = 600  # the first start of a fresh checkout trains the intent model
ANSWER_MS = 30_000  # a busy machine may take long; no test asserts how long


class Server:
    """`shopclerk run` on a copy of the demo shop: the developer's own data is left alone."""

    def __init__(self, shop: Path, *, whisper: str = "") -> None:
        self.shop = shop
        self._environment = {**os.environ, "SHOPCLERK_WHISPER": whisper, "HF_HUB_OFFLINE": "1"}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = self.shop / "server.log"
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ui", "run", "--shop", str(self.shop),
                 "--port", str(self.port)],
                cwd=ROOT, env=self._environment, stdout=out, stderr=out)
        until = time.monotonic() + READY_WITHIN_S
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > until:
                pytest.fail(f"the shop did not open:\n{log.read_text()[-3000:]}")
            time.sleep(0.5)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(30)

    def feedback(self) -> list[tuple[str, str]]:
        database = sqlite3.connect(self.shop / ".shopclerk" / "shopclerk.db")
        try:
            return database.execute("SELECT rating, reason FROM feedback ORDER BY at").fetchall()
        finally:
            database.close()

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + "health", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False


def copy_shop(demo: Path, to: Path) -> Path:
    return Path(shutil.copytree(demo, to, ignore=shutil.ignore_patterns("*.db*", "__pycache__")))


def visit(page: Page, url: str) -> None:
    page.goto(url)
    page.wait_for_selector(".chat.ready")


def answered(where: Page | Frame, before: int) -> str:
    where.wait_for_function(
        "before => !document.querySelector('.typing') && "
        "document.querySelectorAll('.said.bot').length > before", arg=before, timeout=ANSWER_MS)
    return where.locator(".log").inner_text()


def ask(where: Page | Frame, text: str) -> str:
    before = where.locator(".said.bot").count()
    where.fill("#message", text)
    where.press("#message", "Enter")
    return answered(where, before)
