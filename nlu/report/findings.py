"""What the held-out texts show: figures by intent and language, and what is taken for what."""

from collections.abc import Mapping

import numpy as np

from nlu.language import normalise
from nlu.metrics import measure, measure_languages, reliability
from nlu.model_files import OUT_OF_SCOPE
from nlu.predictions import Predictions
from nlu.report.audit import Taught, nearest_of
from nlu.report.document import (
    ConfusedText,
    Confusion,
    Findings,
    IntentFigures,
    LanguageFigures,
)
from nlu.report.probe import Labels
from nlu.report.space import Rows


def find(held_out: Predictions, taught: Taught, vectors: Rows) -> Findings:
    """Return all findings; `vectors` are (n, any) of the held-out texts, zero where unknown."""
    inside = held_out.select(~held_out.outside)
    return Findings(
        overall=measure(held_out),
        languages=tuple(
            LanguageFigures(language, metrics)
            for language, metrics in measure_languages(held_out).items()
        ),
        reliability=reliability(inside.probabilities, inside.labels),
        intents=intent_figures(held_out),
        confusions=confusions(held_out, taught, vectors),
    )


def intent_figures(held_out: Predictions) -> tuple[IntentFigures, ...]:
    """Return each intent that occurs as a label or a decision, the worst first."""
    names = _names(held_out)
    true, decided = _true(held_out, names), decisions(held_out)
    figures = []
    for label, name in enumerate(names):
        support, answered = int((true == label).sum()), int((decided == label).sum())
        right = int(((true == label) & (decided == label)).sum())
        if support or answered:
            figures.append(
                IntentFigures(
                    name, _ratio(right, answered), _ratio(right, support),
                    2 * right / (support + answered), support, answered,
                )
            )  # fmt: skip
    return tuple(sorted(figures, key=lambda one: (one.f1, -one.support, one.intent)))


def confusions(held_out: Predictions, taught: Taught, vectors: Rows) -> tuple[Confusion, ...]:
    """Return what is taken for what, the most frequent first, with the examples that cause it."""
    names = _names(held_out)
    true, decided = _true(held_out, names), decisions(held_out)
    wrong = np.flatnonzero(true != decided)
    texts = [normalise(held_out.texts[row]) for row in wrong]
    places = taught.space.place(texts, vectors[wrong])
    stands = {normalise(example.text): row for row, example in enumerate(taught.examples)}
    columns = {name: column for column, name in enumerate(taught.names)}
    by_pair: dict[tuple[int, int], list[ConfusedText]] = {}
    for row, text, place in zip(wrong.tolist(), texts, places, strict=True):
        own = stands.get(text)
        column = columns.get(names[decided[row]])
        nearest = (
            nearest_of(taught, place, column, but=() if own is None else (own,))
            if column is not None
            else None
        )
        where = None if own is None else taught.examples[own].place
        by_pair.setdefault((int(true[row]), int(decided[row])), []).append(
            ConfusedText(held_out.texts[row], where, _probability(held_out, row, decided), nearest)
        )
    found = [
        Confusion(names[label], names[other], tuple(sorted(cases, key=lambda c: -c.probability)))
        for (label, other), cases in by_pair.items()
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.texts), one.intent, one.taken_for)))


def known_vectors(held_out: Predictions, vectors: Mapping[str, Rows], width: int) -> Rows:
    """Return rows for the held-out texts, by normalised text; zero for a text without one."""
    nothing = np.zeros(width, dtype=np.float32)
    rows = [vectors.get(normalise(text), nothing) for text in held_out.texts]
    return np.array(rows, dtype=np.float32).reshape(len(rows), width)


def decisions(held_out: Predictions) -> Labels:
    """Return (n,) columns that the bot goes on with: rejected texts have that of OUT_OF_SCOPE.

    Where OUT_OF_SCOPE is no class, its column is the one after the last.
    """
    outside = _names(held_out).index(OUT_OF_SCOPE)
    return np.where(held_out.rejected, outside, held_out.best_inside)


def _names(held_out: Predictions) -> tuple[str, ...]:
    known = OUT_OF_SCOPE in held_out.names
    return held_out.names if known else (*held_out.names, OUT_OF_SCOPE)


def _true(held_out: Predictions, names: tuple[str, ...]) -> Labels:
    return np.where(held_out.outside, names.index(OUT_OF_SCOPE), held_out.labels)


def _probability(held_out: Predictions, row: int, decided: Labels) -> float:
    """Of the decision; that of a rejection is what is missing to certain scope."""
    if held_out.rejected[row]:
        return float(1 - held_out.scope[row])
    return float(held_out.probabilities[row, decided[row]])


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
