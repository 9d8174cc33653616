"""A small cross-encoder for product_search.py --reranker: MiniLM tuned on the tune half alone.

    python benchmarks/train_reranker.py FOLDER [--minutes 5] [--cache DIR]

Each step takes judged titles of a few queries, and as many that the hybrid finds near but nobody
judged, which count as irrelevant.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from sys import path as import_path

import torch

ROOT = Path(__file__).resolve().parent.parent
import_path.insert(0, str(ROOT))

from benchmarks.product_judgements import Judgements, read_judgements, to_tune_on  # noqa: E402
from benchmarks.product_search import (  # noqa: E402
    RERANKED,
    TimedEncoder,
    build_index,
    open_encoder,
)
from bot.models import MINILM, find_encoder  # noqa: E402
from knowledge.index.products import ProductIndex  # noqa: E402

QUERIES_A_STEP, TITLES_A_QUERY = 8, 2
PEAK_RATE, WARM_UP = 1e-4, 0.1
Example = tuple[str, str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--minutes", type=float, default=5)
    temporary = Path(tempfile.gettempdir()) / "shopclerk-benchmarks"
    parser.add_argument("--cache", type=Path, default=temporary)
    arguments = parser.parse_args()
    judgements = read_judgements()
    encoder = TimedEncoder(open_encoder(arguments.cache))
    index, _ = build_index(judgements.titles, encoder, arguments.cache)
    train(examples(judgements, index), arguments.folder, limit_s=arguments.minutes * 60)


def examples(judgements: Judgements, index: ProductIndex) -> Iterator[list[Example]]:
    """Yield steps without end: query, title, and relevance from 0 to 1."""
    chance = random.Random(7)
    tune = [
        place for place, query in enumerate(judgements.queries) if to_tune_on(query)
    ]  # the check half is never seen
    while True:
        step: list[Example] = []
        for place in chance.sample(tune, QUERIES_A_STEP):
            query, known = judgements.queries[place], judgements.relevance[place]
            near = index.search(query, language="en", limit=RERANKED)
            others = [int(hit.product.id) for hit in near if int(hit.product.id) not in known]
            judged = chance.sample(sorted(known), min(TITLES_A_QUERY, len(known)))
            unjudged = chance.sample(others, min(TITLES_A_QUERY, len(others)))
            for number in (*judged, *unjudged):
                relevance = (known.get(number, 1.0) - 1) / 2
                step.append((query, judgements.titles[number], relevance))
        yield step


def train(steps: Iterator[list[Example]], folder: Path, *, limit_s: float) -> None:
    """Fit for so long, and write the model into the folder."""
    from sentence_transformers import CrossEncoder

    torch.manual_seed(7)
    model = CrossEncoder(str(find_encoder(MINILM, ROOT)), num_labels=1, max_length=64, device="cpu")
    network, tokenizer = model.model, model.tokenizer
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    loss_of = torch.nn.BCEWithLogitsLoss()
    network.train()
    started, losses = time.monotonic(), []
    while (done := (time.monotonic() - started) / limit_s) < 1:
        step = next(steps)
        rate = PEAK_RATE * min(done / WARM_UP, (1 - done) / (1 - WARM_UP))
        for group in optimizer.param_groups:
            group["lr"] = rate
        asked, titles, relevance = zip(*step, strict=True)
        read = tokenizer(
            list(asked), list(titles), padding=True, truncation=True, max_length=64,
            return_tensors="pt",
        )  # fmt: skip
        loss = loss_of(network(**read).logits.squeeze(-1), torch.tensor(relevance))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
        if len(losses) % 20 == 0:
            print(f"{len(losses)} steps, loss {sum(losses[-20:]) / 20:.4f}", flush=True)
    network.eval()
    model.save_pretrained(str(folder))


if __name__ == "__main__":
    main()
