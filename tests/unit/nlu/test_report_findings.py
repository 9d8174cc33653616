import numpy as np
import pytest

from nlu.metrics import measure
from nlu.model_files import OUT_OF_SCOPE
from nlu.predictions import Predictions
from nlu.report.audit import Taught
from nlu.report.document import Quoted
from nlu.report.findings import confusions, decisions, find, intent_figures, known_vectors
from nlu.report.space import TextSpace

NAMES = ("pay", "track")


def predictions(*rows: tuple[str, int, float, bool], names: tuple[str, ...] = NAMES) -> Predictions:
    """Rows are text, label, probability of `track` and whether it is rejected."""
    track = np.array([row[2] for row in rows])
    table = np.zeros((len(rows), len(names)))
    table[:, 0], table[:, 1] = 1 - track, track
    return Predictions(
        names,
        tuple(row[0] for row in rows),
        np.array([row[1] for row in rows], dtype=np.int64),
        table,
        np.full(len(rows), 0.8),
        np.array([row[3] for row in rows], dtype=bool),
        np.array(["zh" if row[0] > "z" else "en" for row in rows], dtype=np.str_),
    )


def taught() -> Taught:
    pairs = [
        ("pay", "pay by card"), ("pay", "card for the parcel"),
        ("track", "where is my parcel"), ("track", "我的包裹在哪里"),
    ]  # fmt: skip
    texts = [text for _, text in pairs]
    return Taught(
        tuple(Quoted(text, intent, f"a.yml:{n}") for n, (intent, text) in enumerate(pairs, 1)),
        NAMES,
        np.array([0, 0, 1, 1]),
        TextSpace.build(texts, np.zeros((4, 2), dtype=np.float32), seed=1),
    )


ASKED = predictions(
    ("where is my parcel card", 0, 0.9, False),
    ("card for the parcel", 0, 0.6, False),
    ("where is it", 1, 0.9, False),
    ("where", 1, 0.7, True),
    ("weather", -1, 0.6, False),
    ("news", -1, 0.2, True),
)
VECTORS = np.zeros((6, 2), dtype=np.float32)


def test_what_is_rejected_is_decided_as_out_of_scope() -> None:
    assert decisions(ASKED).tolist() == [1, 1, 1, 2, 1, 2]


def test_figures_by_intent_follow_the_decisions_and_begin_with_the_worst() -> None:
    figures = intent_figures(ASKED)
    assert [
        (one.intent, one.precision, one.recall, one.support, one.answered) for one in figures
    ] == [
        ("pay", None, 0.0, 2, 0),
        ("track", 0.25, 0.5, 2, 4),
        (OUT_OF_SCOPE, 0.5, 0.5, 2, 2),
    ]
    assert [one.f1 for one in figures] == pytest.approx([0, 1 / 3, 0.5])


def test_confusions_name_the_training_example_that_draws_the_text() -> None:
    found = confusions(ASKED, taught(), VECTORS)
    assert [(one.intent, one.taken_for, len(one.texts)) for one in found] == [
        ("pay", "track", 2),
        (OUT_OF_SCOPE, "track", 1),
        ("track", OUT_OF_SCOPE, 1),
    ]
    first = found[0].texts[0]
    assert (first.text, first.place, first.probability) == ("where is my parcel card", None, 0.9)
    assert first.nearest is not None
    assert first.nearest.place == "a.yml:3"


def test_a_held_out_text_that_is_an_example_has_a_place() -> None:
    assert confusions(ASKED, taught(), VECTORS)[0].texts[1].place == "a.yml:2"


def test_a_rejection_without_out_of_scope_examples_has_no_cause() -> None:
    rejected = confusions(ASKED, taught(), VECTORS)[2].texts[0]
    assert rejected.nearest is None
    assert rejected.probability == pytest.approx(0.2)  # the scope is 0.8


def test_out_of_scope_may_be_an_intent() -> None:
    asked = predictions(("weather", 2, 0.6, False), ("where", 1, 0.9, False),
                        names=(*NAMES, OUT_OF_SCOPE))  # fmt: skip
    assert decisions(asked).tolist() == [1, 1]
    assert [one.intent for one in confusions(asked, taught(), VECTORS[:2])] == [OUT_OF_SCOPE]


def test_a_text_is_never_the_cause_of_its_own_confusion() -> None:
    """An example of `track` whose held-out label says `pay`: another text of `track` is named."""
    asked = predictions(("where is my parcel", 0, 0.9, False))
    cause = confusions(asked, taught(), VECTORS[:1])[0].texts[0].nearest
    assert cause is not None
    assert cause.place == "a.yml:4"


def test_findings_hold_each_language_apart_and_bins_of_the_in_scope_texts() -> None:
    asked = predictions(("where", 1, 0.9, False), ("哪里", 1, 0.4, False), ("news", -1, 0.3, True))
    found = find(asked, taught(), VECTORS[:3])
    assert found.overall == measure(asked)
    assert [(one.language, one.metrics.rows) for one in found.languages] == [("en", 1), ("zh", 1)]
    assert sum(one.rows for one in found.reliability) == 2


def test_no_held_out_texts_give_no_figures() -> None:
    found = find(predictions(), taught(), VECTORS[:0])
    assert (found.languages, found.intents, found.confusions) == ((), (), ())
    assert found.overall.accuracy is None


def test_vectors_are_looked_up_by_normalised_text() -> None:
    asked = predictions(("WHERE  is it", 1, 0.9, False), ("else", 1, 0.9, False))
    found = known_vectors(asked, {"WHERE is it": np.array([1, 2], dtype=np.float32)}, 2)
    assert found.tolist() == [[1, 2], [0, 0]]
