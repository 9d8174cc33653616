"""Build the report from what training knows, and write it beside the model."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from nlu.language import normalise
from nlu.model_files import REPORT_PAGE
from nlu.predictions import Predictions
from nlu.rasa_format import Example
from nlu.report.advice import advise
from nlu.report.audit import Taught, audit
from nlu.report.document import IntentReport, Quoted, TrainingFacts
from nlu.report.findings import find, known_vectors
from nlu.report.page import to_html
from nlu.report.probe import cross_validated
from nlu.report.space import Rows, TextSpace

Progress = Callable[[str, int, int], None]

DOCUMENT = "report.json"
_STAGE = "looking for what to mend"


def build_report(
    *,
    examples: Sequence[Example],
    vectors: Rows,
    held_out: Predictions,
    facts: TrainingFacts,
    progress: Progress,
    held_out_vectors: Rows | None = None,
    seed: int = 7,
) -> IntentReport:
    """Return the report.

    Args:
        examples: All that trains, of at least two intents.
        vectors: (len(examples), any) unit sentence vectors; zero rows for texts of a language that
            the encoder doesn't read.
        held_out: What the model said of texts that it hadn't seen.
        facts: How training went.
        progress: Called with (stage, done, total).
        held_out_vectors: (len(held_out.texts), any); without them a held-out text has the vector
            of the same text among the examples, and one that isn't there none.
        seed: Of the folds.
    """
    first: dict[str, int] = {}
    for row, example in enumerate(examples):
        if text := normalise(example.text):
            first.setdefault(text, row)
    rows = list(first.values())
    kept = np.asarray(vectors, dtype=np.float32)[rows]
    taught = _taught([examples[row] for row in rows], list(first), kept, seed)
    probabilities = cross_validated(
        taught.rows, taught.labels, seed=seed,
        progress=lambda done, total: progress(_STAGE, done, total),
    )  # fmt: skip
    audited = audit(taught, probabilities)
    if held_out_vectors is None:
        by_text = dict(zip(first, kept, strict=True))
        held_out_vectors = known_vectors(held_out, by_text, kept.shape[1])
    findings = find(held_out, taught, held_out_vectors)
    return IntentReport(advise(audited, findings, taught.names), findings, audited, facts)


def write_report(report: IntentReport, folder: Path) -> None:
    """Write report.json and report.html into the folder."""
    (folder / DOCUMENT).write_text(report.to_json(), encoding="utf-8")
    (folder / REPORT_PAGE).write_text(to_html(report), encoding="utf-8")


def _taught(examples: Sequence[Example], texts: Sequence[str], vectors: Rows, seed: int) -> Taught:
    names = tuple(sorted({example.intent for example in examples}))
    number = {name: label for label, name in enumerate(names)}
    return Taught(
        tuple(Quoted(one.text, one.intent, f"{one.file}:{one.line}") for one in examples),
        names,
        np.array([number[one.intent] for one in examples], dtype=np.int64),
        TextSpace.build(texts, vectors, seed=seed),
    )
