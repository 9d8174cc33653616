"""A PostgreSQL server of one's own for tests: Debian's, in a temporary folder, on a local socket.

Where PostgreSQL is not installed the tests on it are skipped; with SHOPCLERK_REQUIRE_POSTGRES=1,
which CI sets, they fail.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

READY_WITHIN_S = 60
FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200",
             "listen_addresses=", "logging_collector=off")  # fmt: skip
MISSING = "PostgreSQL is not installed: apt-get install postgresql"


class PostgresServer:
    """A running server; each test gets a database of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def new_database(self) -> str:
        """Make an empty database and return its SQLAlchemy URL."""
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self._url("postgres", driver=""), autocommit=True) as db:
            db.execute(f"CREATE DATABASE {name}")
        return self._url(name, driver="+psycopg")

    def _url(self, database: str, *, driver: str) -> str:
        return f"postgresql{driver}://postgres@/{database}?host={self._folder}"


def installed_at() -> Path | None:
    """Return the folder of PostgreSQL's programs: Debian's newest, else the one in PATH."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parts[4]))
    in_path = shutil.which("initdb")
    found = [*debian[::-1], *([Path(in_path).resolve().parent] if in_path else [])]
    return next((path for path in found if (path / "postgres").is_file()), None)


def server_or_skip() -> Iterator[PostgresServer]:
    """Run a server; the body of a session fixture."""
    programs = installed_at()
    if programs is None:
        if os.environ.get("SHOPCLERK_REQUIRE_POSTGRES") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with running(programs) as server:
        yield server


@contextmanager
def running(programs: Path, settings: tuple[str, ...] = FOR_TESTS) -> Iterator[PostgresServer]:
    """Run a server in a new folder until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="shopclerk-postgres-"))
    user: dict[str, Any] = {}
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        shutil.chown(folder, "postgres", "postgres")
    try:
        make = [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust",
                "--no-sync", "--encoding=UTF8", "--locale=C"]  # fmt: skip
        made = subprocess.run(make, capture_output=True, text=True, timeout=READY_WITHIN_S,
                              cwd=folder, **user)  # fmt: skip
        assert made.returncode == 0, made.stderr
        options = [part for setting in settings for part in ("-c", setting)]
        command = [programs / "postgres", "-D", folder / "data", "-k", folder, *options]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **user)
        try:
            server = PostgresServer(folder)
            _await_ready(server, process, folder / "log")
            yield server
        finally:
            process.send_signal(signal.SIGINT)  # the fast way down: clients are thrown out
            process.wait(READY_WITHIN_S)
    finally:
        shutil.rmtree(folder)


def _await_ready(server: PostgresServer, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            server.new_database()
            return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start: {log.read_text()[-2000:]}")
            time.sleep(0.05)
