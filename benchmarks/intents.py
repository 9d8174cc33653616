"""Intent sets of the evaluation data: the whole recipe, and a peer without fine-tuning.

    python -m benchmarks.intents [SET ...] [--dev] [--only ours|peer] [--seed N] [--json FILE]

SET: banking77, banking77-10, banking77-5, clinc150, smp2017, shop-size; without one, all. shop-size
is 50 intents x 25 examples of CLINC150's train split, asked the validation split's. SHOPCLERK_DATA
names the data's folder. Figures are printed and written to --json, or to intents.json in $OUT where
that is set, after every set. --dev leaves the test splits alone: it measures on the validation
splits of CLINC150 and SMP2017, and on 15 % of the training examples of BANKING77.
"""

import argparse
import json
import os
import platform
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.intents_peer import fit_peer
from bot.batching import MicroBatcher
from bot.cli.base import err
from bot.cli.evaluate import seeded
from bot.models import MINILM, find_encoder
from bot.progress import ProgressCallback, progress_bars
from knowledge.index.encoder import OnnxSentenceEncoder
from nlu.datasets import IntentDataset, assemble, read_dataset, read_examples
from nlu.evaluation import count, evaluate
from nlu.metrics import measure
from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example
from nlu.settings import TrainingSettings

ROOT = Path(__file__).resolve().parent.parent
DEV_SHARE = 0.15
SHOP_SIZE = "shop-size"
_SHOP_INTENTS, _SHOP_EXAMPLES = 50, 25


@dataclass(frozen=True)
class Source:
    """The files of a set; a CLINC150 file holds its validation split itself."""

    train: str
    test: str
    validation: str | None = None


SETS = {
    "banking77": Source("banking77/train.csv", "banking77/test.csv"),
    "banking77-10": Source("banking77/train_10shot.tsv", "banking77/test.csv"),
    "banking77-5": Source("banking77/train_5shot.tsv", "banking77/test.csv"),
    "clinc150": Source("clinc150/data_full.json.gz", "clinc150/data_full.json.gz"),
    "smp2017": Source("smp2017_zh/train.tsv", "smp2017_zh/test.tsv", "smp2017_zh/develop.tsv"),
    SHOP_SIZE: Source("clinc150/data_full.json.gz", "clinc150/data_full.json.gz"),
}
PEER_CACHE = Path(tempfile.gettempdir()) / "shopclerk-benchmarks"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    parser.add_argument("--dev", action="store_true", help="never read a test split")
    parser.add_argument("--only", choices=("ours", "peer"), help="leave the other one out")
    parser.add_argument("--encoder", default=MINILM, help="name or folder")
    parser.add_argument("--seed", type=int, default=TrainingSettings().seed)
    parser.add_argument("--json", type=Path, help="file for the figures")
    options = parser.parse_args()
    if unknown := set(options.sets) - SETS.keys():
        parser.error(f"no such set: {', '.join(sorted(unknown))}; choose from {', '.join(SETS)}")
    base_model = find_encoder(options.encoder, Path.cwd(), setting="or --encoder")
    results: dict[str, Any] = {
        "machine": f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores",
        "date": datetime.now(UTC).date().isoformat(),
        "split": "dev" if options.dev else "test",
        "encoder": options.encoder,
        "seed": options.seed,
        "sets": {},
    }
    target = options.json
    if target is None and "OUT" in os.environ:
        target = Path(os.environ["OUT"]) / "intents.json"
    for name in options.sets or SETS:
        dataset = read_set(name, dev=options.dev, seed=options.seed)
        figures: dict[str, Any] = {"counts": asdict(count(dataset))}
        if options.only != "peer":
            with progress_bars(err) as progress:
                figures["shopclerk"] = ours(dataset, base_model, options.seed, progress)
        if options.only != "ours":
            figures["peer"] = peer(dataset, base_model, options.seed)
        results["sets"][name] = figures
        text = json.dumps(results, indent=2)
        if target is not None:
            target.write_text(text + "\n", encoding="utf-8")
        err.print(f"{name}: done")
    print(text)


def read_set(name: str, *, dev: bool, seed: int) -> IntentDataset:
    """Return a named set; with `dev`, one whose test texts are no test split's."""
    data = Path(os.environ.get("SHOPCLERK_DATA", ROOT.parent / "shared" / "data")) / "intents"
    if not data.is_dir():
        raise SystemExit(f"{data}: not there; set SHOPCLERK_DATA to the evaluation data")
    source = SETS[name]
    train = data / source.train
    if name == SHOP_SIZE:
        return shop_size(read_examples(train), read_examples(train, split="validation"))
    validation = data / source.validation if source.validation else None
    if not dev:
        return read_dataset(train, data / source.test, validation=validation)
    taught = read_examples(train)
    if source.train == source.test:
        return assemble(taught, read_examples(train, split="validation"))
    if validation is not None:
        return assemble(taught, read_examples(validation))
    return assemble(*split_off(assemble(taught, taught).train, DEV_SHARE, seed))


def shop_size(train: Sequence[Example], asked: Sequence[Example]) -> IntentDataset:
    """Return the first intents with as many examples each, and what is asked of them."""
    intents = sorted({e.intent for e in train} - {OUT_OF_SCOPE})[:_SHOP_INTENTS]
    taught = [
        example
        for intent in intents
        for example in [e for e in train if e.intent == intent][:_SHOP_EXAMPLES]
    ]
    return assemble(taught, [e for e in asked if e.intent in intents])


def split_off(
    examples: tuple[Example, ...], share: float, seed: int
) -> tuple[list[Example], list[Example]]:
    """Return the rest and a share of every intent's examples, at least one of each."""
    chance = np.random.default_rng(seed)
    rest, held = [], []
    for intent in sorted({example.intent for example in examples}):
        own = [example for example in examples if example.intent == intent]
        order = chance.permutation(len(own))
        wanted = max(round(len(own) * share), 1)
        held += [own[row] for row in order[:wanted]]
        rest += [own[row] for row in order[wanted:]]
    return rest, held


def ours(
    dataset: IntentDataset, base_model: Path, seed: int, progress: ProgressCallback
) -> dict[str, object]:
    """Return the recipe's figures."""
    with tempfile.TemporaryDirectory(prefix="shopclerk-") as folder:
        found = evaluate(
            dataset,
            base_model,
            Path(folder),
            settings=seeded(seed),
            progress=progress,
            batcher=MicroBatcher,
        )
    return {name: part for name, part in found.figures().items() if name != "counts"}


def peer(dataset: IntentDataset, base_model: Path, seed: int) -> dict[str, object]:
    """Return the peer's figures; the time has no export, which is made once and kept."""
    encoder = OnnxSentenceEncoder.open(base_model, PEER_CACHE)
    started = time.perf_counter()
    fitted = fit_peer(dataset, encoder, seed=seed)
    training_s = time.perf_counter() - started
    return {
        "method": fitted.method,
        "metrics": asdict(measure(fitted.predict(dataset.test))),
        "training_s": round(training_s, 1),
    }


if __name__ == "__main__":
    main()
