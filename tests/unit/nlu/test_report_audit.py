import numpy as np
import pytest

from nlu.report.audit import (
    Taught,
    closest,
    count_distinct,
    duplicates,
    mislabelled,
    overlapping,
    thin,
)
from nlu.report.document import Quoted
from nlu.report.probe import cross_validated, stratified_folds
from nlu.report.space import TextSpace


def taught(*lines: str, vectors: dict[str, list[float]] | None = None) -> Taught:
    """Lines are `intent: text`; the place is the line's number."""
    pairs = [tuple(line.split(": ", 1)) for line in lines]
    names = tuple(sorted({intent for intent, _ in pairs}))
    texts = [text for _, text in pairs]
    known = vectors or {}
    rows = np.array([known.get(text, [0.0, 0.0]) for text in texts], dtype=np.float32)
    return Taught(
        tuple(Quoted(text, intent, f"a.yml:{n}") for n, (intent, text) in enumerate(pairs)),
        names,
        np.array([names.index(intent) for intent, _ in pairs]),
        TextSpace.build(texts, rows, seed=1),
    )


def many(intent: str, *texts: str) -> list[str]:
    return [f"{intent}: {text}" for text in texts]


TRACK = [
    f"{ask} my {what}"
    for ask in ("where is", "track", "when do I get", "please find", "any news of")
    for what in ("order", "parcel", "boots", "tent", "package", "stove")
]
PAY = [
    f"{ask} {what}"
    for ask in ("can I pay by", "do you take", "paying with", "is it fine to use", "you accept")
    for what in ("card", "paypal", "visa", "invoice", "bank transfer", "cash")
]
GREET = ["你好", "您好", "你好啊", "早上好", "晚上好", "大家好", "下午好", "你好呀"]


def test_every_class_is_spread_evenly_over_the_folds() -> None:
    labels = np.repeat([0, 1, 2], [10, 7, 2])
    folds = stratified_folds(labels, folds=5, seed=1)
    for label in range(3):
        counts = np.bincount(folds[labels == label], minlength=5)
        assert counts.max() - counts.min() <= 1


def test_cross_validation_separates_intents_of_both_scripts() -> None:
    data = taught(*many("track", *TRACK), *many("pay", *PAY), *many("greet", *GREET))
    probabilities = cross_validated(data.rows, data.labels, seed=1)
    assert probabilities.shape == (68, 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)
    assert (probabilities.argmax(axis=1) == data.labels).mean() > 0.9


def test_cross_validation_hides_the_example_itself() -> None:
    rows = np.eye(12, dtype=np.float32)
    labels = np.repeat([0, 1], 6)
    probabilities = cross_validated(rows, labels, folds=3, seed=1)
    # No row shares anything with another, so nothing can be known of one that was held out.
    assert probabilities[np.arange(12), labels].max() < 0.7


def test_an_intent_with_one_example_is_no_obstacle() -> None:
    data = taught(*many("track", *TRACK), *many("pay", *PAY), "odd: zzz")
    probabilities = cross_validated(data.rows, data.labels, seed=1)
    assert np.isfinite(probabilities).all()
    assert all(one.example.intent != "odd" for one in mislabelled(data, probabilities))


def test_a_wrong_label_is_found_with_its_intent_and_the_nearest_example() -> None:
    data = taught(*many("track", *TRACK), *many("pay", *PAY), "pay: where is my order then")
    found = mislabelled(data, cross_validated(data.rows, data.labels, seed=1))
    assert [one.example.text for one in found] == ["where is my order then"]
    assert found[0].suggested == "track"
    assert found[0].nearest.text == "where is my order"
    assert found[0].nearest.place == "a.yml:0"
    assert found[0].suggested_probability > found[0].own_probability


def test_rightly_labelled_examples_are_left_alone() -> None:
    data = taught(*many("track", *TRACK), *many("greet", *GREET))
    assert mislabelled(data, cross_validated(data.rows, data.labels, seed=1)) == ()


def test_near_copies_in_two_intents_are_reported_once_and_in_one_not_at_all() -> None:
    data = taught(
        "a: can I return my order 4417", "b: can I return my order 4230?",
        "a: 我想退货", "a: 我想要退货", "b: something else",
    )  # fmt: skip
    found = duplicates(data)
    assert [(one.first.text, one.second.text) for one in found] == [
        ("can I return my order 4417", "can I return my order 4230?")
    ]


def test_texts_of_one_meaning_in_other_words_are_no_duplicates() -> None:
    data = taught(
        "a: purchase cancelled", "b: order revoked",
        vectors={"purchase cancelled": [1, 0], "order revoked": [1, 0]},
    )  # fmt: skip
    assert duplicates(data) == ()


@pytest.mark.parametrize(
    ("taken_for", "expected"),
    [
        ([0, 0, 1, 1, 1, 0], [("a", "b", 2, 6)]),  # one of each is taken for the other
        ([0, 0, 1, 1, 1, 1], []),  # in one direction only
        ([0, 0, 0, 1, 1, 1], []),
    ],
)
def test_overlap_is_confusion_in_both_directions(
    taken_for: list[int], expected: list[tuple[str, str, int, int]]
) -> None:
    data = taught("a: one", "a: two", "a: three", "b: four", "b: five", "b: six")
    found = overlapping(data, np.eye(2)[taken_for])
    assert [(one.first, one.second, one.confused, one.examples) for one in found] == expected


def test_closest_pairs_are_the_most_alike_and_share_no_example() -> None:
    data = taught("a: red boots", "a: green tent", "b: red boot", "b: green tents", "b: red bots")
    found = closest(data, 0, 1, most=5)
    assert {(one.first.text, one.second.text) for one in found} == {
        ("red boots", "red boot"),
        ("green tent", "green tents"),
    }
    assert found[0].similarity >= found[1].similarity


def test_an_intent_is_thin_by_language_and_by_what_differs() -> None:
    words = ["red", "green", "blue", "white", "black", "grey", "pink", "brown", "cyan", "gold"]
    copies = [f"order {number}" for number in range(1001, 1013)]
    data = taught(*many("a", *words), *many("a", "红", "绿"), *many("b", *copies), *many("b", "蓝"))
    assert [(one.intent, one.language, one.examples, one.distinct) for one in thin(data)] == [
        ("b", "en", 12, 1),
        ("b", "zh", 1, 1),
        ("a", "zh", 2, 2),
    ]


def test_a_language_that_few_intents_are_taught_in_makes_none_thin() -> None:
    words = ["red", "green", "blue", "white", "black", "grey", "pink", "brown", "cyan", "gold"]
    data = taught(
        *many("a", *words), *many("b", *(word[::-1] for word in words)),
        *many("c", *(word * 2 for word in words)), "a: 红",
    )  # fmt: skip
    assert thin(data) == ()


def test_distinct_rows_are_counted_against_kept_ones() -> None:
    rows = np.array([[1, 0], [0.99, 0.141], [0, 1]], dtype=np.float32)
    assert count_distinct(rows) == 2
    assert count_distinct(rows[:0]) == 0


def test_a_placed_text_equals_itself_and_unknown_grams_are_nothing() -> None:
    data = taught(*many("track", *TRACK), *many("greet", *GREET))
    placed = data.space.place(["where is my order", "☃"], np.zeros((2, 2), dtype=np.float32))
    assert float(placed[0] @ data.rows[0]) == pytest.approx(1)
    assert not placed[1].any()
