import numpy as np
import pytest
from sklearn.metrics import f1_score, roc_auc_score

from nlu.metrics import (
    Metrics,
    area_under_roc,
    expected_calibration_error,
    macro_f1,
    measure,
    reliability,
)
from nlu.model_files import OUT_OF_SCOPE
from nlu.predictions import Predictions


def predictions(
    names: str, rows: list[tuple[int, list[float], float, bool]], *, language: str = "en"
) -> Predictions:
    """Rows of (label, probabilities, scope, rejected)."""
    labels, probabilities, scope, rejected = zip(*rows, strict=True) if rows else ((),) * 4
    return Predictions(
        tuple(names.split()),
        tuple(f"text {number}" for number in range(len(rows))),
        np.array(labels, dtype=np.int64),
        np.array(probabilities, dtype=np.float64).reshape(len(rows), len(names.split())),
        np.array(scope, dtype=np.float64),
        np.array(rejected, dtype=np.bool_),
        np.array([language] * len(rows), dtype=np.str_),
    )


WITH_CLASS = predictions(
    f"a b {OUT_OF_SCOPE}",
    [
        (0, [0.8, 0.1, 0.1], 0.9, False),  # right
        (0, [0.3, 0.1, 0.6], 0.4, True),  # right among its own intents, but rejected
        (1, [0.6, 0.3, 0.1], 0.9, False),  # wrong
        (1, [0.1, 0.7, 0.2], 0.8, False),  # right
        (2, [0.1, 0.1, 0.8], 0.2, True),  # rejected rightly
        (2, [0.2, 0.7, 0.1], 0.9, False),  # taken for an intent
    ],
)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("steps", [3, 1000])  # few steps: many ties
def test_auroc_equals_scikit_learns(seed: int, steps: int) -> None:
    chance = np.random.default_rng(seed)
    inside = chance.integers(0, steps, 80) / steps + 0.1
    outside = chance.integers(0, steps, 30) / steps
    expected = roc_auc_score([1] * 80 + [0] * 30, np.concatenate([inside, outside]))
    assert area_under_roc(inside, outside) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("inside", "outside", "expected"),
    [
        ([0.9, 0.8], [0.1], 1.0),
        ([0.1], [0.9, 0.8], 0.0),
        ([0.5], [0.5], 0.5),
        ([], [0.5], None),
        ([0.5], [], None),
    ],
)
def test_auroc_of_edge_cases(
    inside: list[float], outside: list[float], expected: float | None
) -> None:
    assert area_under_roc(np.array(inside), np.array(outside)) == expected


@pytest.mark.parametrize("seed", range(5))
def test_macro_f1_equals_scikit_learns(seed: int) -> None:
    chance = np.random.default_rng(seed)
    # Columns 0 and 9 occur nowhere, 1 only as an answer, 8 only as a label.
    labels, answers = chance.integers(2, 9, 60), chance.integers(1, 8, 60)
    assert macro_f1(labels, answers) == pytest.approx(f1_score(labels, answers, average="macro"))


def test_all_figures_of_a_small_case() -> None:
    assert measure(WITH_CLASS) == Metrics(
        rows=4,
        outside_rows=2,
        accuracy=3 / 4,
        accuracy_with_rejections=2 / 4,
        macro_f1=pytest.approx((4 / 5 + 2 / 3) / 2),
        rejected_in_scope=1 / 4,
        out_of_scope_recall=1 / 2,
        auroc=(4 + 2 * 0.5) / (4 * 2),
        calibration_error=pytest.approx((0.2 + 2 * 0.6 + 0.3) / 4),
        calibration_error_with_outside=pytest.approx((2 * 0.2 + 2 * 0.6 + 2 * 0.2) / 6),
    )


def test_out_of_scope_texts_without_a_class_for_them() -> None:
    asked = predictions("a b", [(0, [0.9, 0.1], 0.9, False), (-1, [0.6, 0.4], 0.6, True)])
    found = measure(asked)
    assert (found.rows, found.outside_rows) == (1, 1)
    assert (found.accuracy, found.out_of_scope_recall, found.auroc) == (1.0, 1.0, 1.0)
    assert found.calibration_error == pytest.approx(0.1)
    assert found.calibration_error_with_outside == pytest.approx((0.1 + 0.6) / 2)


@pytest.mark.parametrize(
    ("rows", "missing"),
    [
        ([], {"accuracy", "macro_f1", "calibration_error", "out_of_scope_recall", "auroc"}),
        ([(0, [1.0, 0.0], 1.0, False)], {"out_of_scope_recall", "auroc"}),
        ([(-1, [1.0, 0.0], 1.0, False)], {"accuracy", "macro_f1", "calibration_error", "auroc"}),
    ],
)
def test_a_figure_without_rows_is_none(
    rows: list[tuple[int, list[float], float, bool]], missing: set[str]
) -> None:
    found = measure(predictions("a b", rows))
    for name in ("accuracy", "macro_f1", "calibration_error", "out_of_scope_recall", "auroc"):
        assert (getattr(found, name) is None) == (name in missing), name


def test_reliability_bars_hold_every_text_once() -> None:
    chance = np.random.default_rng(3)
    shares = chance.dirichlet([0.3, 0.3, 0.3], 500)
    shares[0] = [1.0, 0.0, 0.0]
    labels = chance.integers(0, 3, 500)
    bars = reliability(shares, labels)
    top = shares.max(axis=1)
    assert len(bars) == 10
    assert sum(bar.rows for bar in bars) == 500
    for bar in bars:
        own = (top > bar.low) & (top <= bar.high)
        assert bar.rows == own.sum()
        if bar.rows:
            assert bar.confidence == pytest.approx(top[own].mean())
            assert bar.accuracy == pytest.approx((shares.argmax(axis=1) == labels)[own].mean())
        else:
            assert bar.confidence is None


def test_a_sure_and_right_model_has_no_calibration_error() -> None:
    assert expected_calibration_error(np.eye(3), np.arange(3)) == 0.0
    assert expected_calibration_error(np.eye(3), np.array([1, 2, 0])) == 1.0


@pytest.mark.parametrize("rows", [np.array([4, 1]), np.arange(6) % 3 == 1])
def test_selected_rows_stay_together(rows: np.ndarray) -> None:
    some = WITH_CLASS.select(rows)
    assert some.texts == ("text 4", "text 1") if rows.dtype != np.bool_ else ("text 1", "text 4")
    for row, text in enumerate(some.texts):
        whole = int(text.removeprefix("text "))
        assert some.labels[row] == WITH_CLASS.labels[whole]
        assert some.scope[row] == WITH_CLASS.scope[whole]
        assert some.outside[row] == (whole >= 4)


def test_columns_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match=r"probabilities has shape \(1, 2\) and not \(1, 3\)"):
        Predictions(
            ("a", "b", "c"), ("x",), np.array([0]), np.array([[0.5, 0.5]]), np.array([1.0]),
            np.array([False]), np.array(["en"]),
        )  # fmt: skip
