"""`shopclerk models pull` against a hub on this machine, and against none."""

import hashlib
import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import pytest
import whisper

from speech.openai_whisper import cached_checkpoint
from speech.pull import pull_model
from speech.transcript import SpeechModelError

ROOT = Path(__file__).parents[2]
REPO = "Systran/faster-whisper-base"
COMMIT = "0" * 39 + "1"
CHECKPOINT = b"not really a checkpoint" * 100_000
FILES = {
    "model.bin": b"weights" * 100_000,
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.txt": b"a",
    "README.md": b"not asked for",
}


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of the Hugging Face hub, and of OpenAI's file store, as a download asks for."""

    asked: ClassVar[list[str]] = []

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        path = self.path.split("?")[0]
        self.asked.append(path)
        name = path.rsplit("/", 1)[-1]
        headers = {}
        if path == "/":
            data = b"welcome"
        elif path.startswith(f"/api/models/{REPO}/revision/"):
            data = json.dumps({"id": REPO, "sha": COMMIT, "siblings": []}).encode()
        elif path.startswith(f"/api/models/{REPO}/tree/"):
            data = json.dumps(
                [
                    {"type": "file", "path": name, "size": len(content), "oid": self.oid(content)}
                    for name, content in FILES.items()
                ]
            ).encode()
        elif path.startswith(f"/{REPO}/resolve/") and name in FILES:
            data = FILES[name]
            headers = {"ETag": f'"{self.oid(data)}"', "X-Repo-Commit": COMMIT}
        elif name == "base.pt":
            data = CHECKPOINT
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        for key, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    @staticmethod
    def oid(content: bytes) -> str:
        return hashlib.sha1(content).hexdigest()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[str]:
    Hub.asked.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def pull_by_itself(model: str, endpoint: str, home: Path) -> list[str]:
    """Pull in a process of its own: huggingface_hub reads its settings when imported."""
    code = (
        "import sys; from speech.pull import pull_model; "
        "from speech.transcript import SpeechModelError\n"
        "try: print(pull_model(sys.argv[1], 'auto', print))\n"
        "except SpeechModelError as error: print('refused:', error)"
    )
    settings = {
        "HF_ENDPOINT": endpoint, "HF_HOME": str(home), "HF_HUB_OFFLINE": "0",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", code, model],
        env=os.environ | settings, capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    return done.stdout.splitlines()


def test_a_model_is_pulled_once_from_the_hub(hub: str, tmp_path: Path) -> None:
    *progress, place = pull_by_itself("base", hub, tmp_path)
    folder = Path(place)
    assert {file.name for file in folder.iterdir()} == FILES.keys() - {"README.md"}
    assert (folder / "model.bin").read_bytes() == FILES["model.bin"]
    stage, done, total = progress[-1].rsplit(" ", 2)
    assert stage == f"downloading {REPO}"
    assert done == total

    Hub.asked.clear()
    assert pull_by_itself("base", hub, tmp_path) == [place]
    assert not Hub.asked


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        ("nobody/nothing", "has no model 'nobody/nothing'"),
        ("big", "'big' is neither"),
    ],
)
def test_a_model_that_does_not_exist(hub: str, tmp_path: Path, model: str, expected: str) -> None:
    (refusal,) = pull_by_itself(model, hub, tmp_path)
    assert refusal.startswith("refused:")
    assert expected in refusal


def test_without_a_network_the_remedy_is_named(tmp_path: Path) -> None:
    (refusal,) = pull_by_itself("base", "http://127.0.0.1:9", tmp_path)
    assert refusal.startswith("refused: could not download the speech model 'base'")
    assert "put a checkpoint on this machine" in refusal


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "whisper"


def test_a_checkpoint_is_pulled_once(
    hub: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    digest = hashlib.sha256(CHECKPOINT).hexdigest()
    monkeypatch.setitem(whisper._MODELS, "base", f"{hub}/models/{digest}/base.pt")
    progress: list[tuple[str, int, int]] = []
    for _ in range(2):
        place = pull_model("base", "openai-whisper", lambda *seen: progress.append(seen))
        assert place == cached_checkpoint("base")
        assert place.read_bytes() == CHECKPOINT
    assert progress[-1] == ("downloading base.pt", len(CHECKPOINT), len(CHECKPOINT))
    assert len(Hub.asked) == 1


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/" + "0" * 64 + "/base.pt", "arrived damaged"),
        ("missing/" + "0" * 64 + "/gone.pt", "could not download"),
    ],
)
def test_a_failed_download_leaves_nothing_behind(
    hub: str, cache: Path, monkeypatch: pytest.MonkeyPatch, path: str, expected: str
) -> None:
    monkeypatch.setitem(whisper._MODELS, "base", f"{hub}/{path}")
    with pytest.raises(SpeechModelError, match=expected):
        pull_model("base", "openai-whisper", lambda *_: None)
    assert not list(cache.iterdir())


@pytest.mark.parametrize(
    ("model", "engine", "expected"),
    [
        ("models/shop.pt", "auto", "nothing to download"),
        (str(ROOT), "auto", "nothing to download"),
        ("huge", "openai-whisper", "knows no model 'huge'"),
        ("base", "kaldi", "'kaldi' is unknown"),
    ],
)
def test_what_cannot_be_pulled(cache: Path, model: str, engine: str, expected: str) -> None:
    with pytest.raises(SpeechModelError, match=expected):
        pull_model(model, engine, lambda *_: None)
