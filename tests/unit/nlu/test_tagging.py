import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from nlu.alignment import normalise_with_offsets
from nlu.annotations import parse_annotations
from nlu.rasa_format import Example
from nlu.tagging import IGNORED, Combination, TagScheme, padded
from nlu.understanding import Entity

CITY_FROM, CITY_TO, PRODUCT = (
    Combination("city", "from"),
    Combination("city", "to"),
    Combination("product_type"),
)
SCHEME = TagScheme((CITY_FROM, CITY_TO, PRODUCT))
B_FROM, I_FROM, B_TO, I_TO, B_PRODUCT, I_PRODUCT = range(1, 7)


def example(marked: str) -> Example:
    text, entities = parse_annotations(marked)
    return Example(text, "any", entities, "nlu.yml", 1)


def pieces(text: str) -> list[tuple[int, int]]:
    """Stand-in tokens: a start sign, words in pieces of up to four letters, other signs alone."""
    return [(0, 0), *(m.span() for m in re.finditer(r"[A-Za-z]{1,4}|[^\sA-Za-z]", text)), (0, 0)]


def logits(tags: Sequence[int], size: int = SCHEME.size) -> NDArray[np.float64]:
    """Logits that are sure of these tags; `IGNORED` is sure of none."""
    rows = np.zeros((len(tags), size))
    for row, tag in enumerate(tags):
        if tag != IGNORED:
            rows[row, tag] = 10
    return rows


@pytest.mark.parametrize(
    ("marked", "labels"),
    [
        ("a [tent](product_type)?", [0, B_PRODUCT, 0]),
        ("[jackets](product_type) [tent](product_type)", [B_PRODUCT, I_PRODUCT, B_PRODUCT]),
        ("[rain coat](product_type)", [B_PRODUCT, I_PRODUCT]),
        ('to [Rome]{"entity": "city", "role": "to"}', [0, B_TO]),
        ("in [Rome](city)", [0, IGNORED]),
        ("on [monday](date)", [0, 0, 0]),
        ("ｔｗｏ　　[ｔｅｎｔ](product_type)", [0, B_PRODUCT]),
        ("[帳篷](product_type)好", [B_PRODUCT, I_PRODUCT, 0]),
    ],
)
def test_labels(marked: str, labels: list[int]) -> None:
    taught = SCHEME.taught(example(marked))
    assert SCHEME.labels(taught, pieces(taught.text)) == [IGNORED, *labels, IGNORED]


def test_what_rules_find_in_an_unannotated_text_teaches_nothing() -> None:
    unsure = [Entity("product_type", "tent", "tent", 2, 6), Entity("date", "x", "monday", 10, 16)]
    taught = SCHEME.taught(example("a tent on monday"), unsure=unsure)
    assert SCHEME.labels(taught, pieces(taught.text)[1:-1]) == [0, IGNORED, 0, 0, 0]


def test_an_annotation_counts_more_than_a_lookup() -> None:
    unsure = [Entity("product_type", "tent", "tent", 2, 6)]
    taught = SCHEME.taught(example('a [tent]{"entity": "city", "role": "to"}'), unsure=unsure)
    assert SCHEME.labels(taught, [(0, 1), (2, 6)]) == [0, B_TO]


@pytest.mark.parametrize(
    ("altered", "spans"),
    [
        ("from Rome to Oslo", [(5, 9), (13, 17)]),
        ("From ROME to oslo", [(5, 9), (13, 17)]),
        ("from Roe to Oslo", [(5, 8), (12, 16)]),
        ("form Rome t Olso", [(5, 9), (12, 16)]),
        ("Rome to Oslo", [(0, 4), (8, 12)]),
        ("from Rome", [(5, 9)]),
        ("", []),
    ],
)
def test_spans_follow_an_altered_text(altered: str, spans: list[tuple[int, int]]) -> None:
    marked = 'from [Rome]{"entity":"city","role":"from"} to [Oslo]{"entity":"city","role":"to"}'
    moved = SCHEME.taught(example(marked)).altered(altered)
    assert [(span.start, span.end) for span in moved.spans] == spans


@pytest.mark.parametrize(
    ("text", "tags", "found"),
    [
        ("a tent?", [0, B_PRODUCT, 0], ["tent"]),
        ("jackets tent", [B_PRODUCT, I_PRODUCT, B_PRODUCT], ["jackets", "tent"]),
        ("rain coat", [B_PRODUCT, I_PRODUCT], ["rain coat"]),
        ("rain coat", [I_PRODUCT, I_PRODUCT], ["rain coat"]),
        ("jackets", [B_PRODUCT, B_PRODUCT], ["jackets"]),
        ("Ｂｉｇ　ＴＥＮＴ", [0, B_PRODUCT], ["ＴＥＮＴ"]),
        ("好帳篷", [0, B_PRODUCT, I_PRODUCT], ["帳篷"]),
        ("帳篷", [B_PRODUCT, B_PRODUCT], ["帳", "篷"]),
        ("caf\u200be\u0301s", [B_PRODUCT, I_PRODUCT, I_PRODUCT], ["caf\u200be\u0301s"]),
        ("nothing here", [0, 0, 0], []),
    ],
)
def test_decoded_spans_are_exact_in_the_typed_text(
    text: str, tags: list[int], found: list[str]
) -> None:
    aligned = normalise_with_offsets(text)
    spans = SCHEME.decode(logits([IGNORED, *tags, IGNORED]), pieces(aligned.text), aligned)
    assert [text[span.start : span.end] for span in spans] == found
    assert {span.entity for span in spans} <= {"product_type"}


def test_roles_are_decoded_and_part_neighbours() -> None:
    aligned = normalise_with_offsets("Rome Oslo")
    (first, second) = SCHEME.decode(logits([B_FROM, I_TO]), [(0, 4), (5, 9)], aligned)
    assert (first.entity, first.role, second.role) == ("city", "from", "to")


def test_an_unsure_span_is_dropped_and_padding_is_not_read() -> None:
    aligned = normalise_with_offsets("a tent")
    rows = logits([0, B_PRODUCT, B_PRODUCT])
    assert len(SCHEME.decode(rows, [(0, 1), (2, 6)], aligned)) == 1
    rows[1] *= 0.23  # e^2.3 is about 10: its probability is 10 / (10 + 6), and "goes on" has 1 / 16
    assert len(SCHEME.decode(rows, [(0, 1), (2, 6)], aligned, least=0.6)) == 1
    assert SCHEME.decode(rows, [(0, 1), (2, 6)], aligned, least=0.7) == ()


def test_a_space_within_a_token_is_not_part_of_a_span() -> None:
    aligned = normalise_with_offsets("a tent now")
    (span,) = SCHEME.decode(logits([0, B_PRODUCT, 0]), [(0, 1), (1, 6), (6, 10)], aligned)
    assert (span.start, span.end) == (2, 6)


@pytest.mark.parametrize("text", ["", "😀", "   "])
def test_a_text_without_words_has_no_spans(text: str) -> None:
    aligned = normalise_with_offsets(text)
    assert SCHEME.decode(np.zeros((1, SCHEME.size)), [(0, 0)], aligned) == ()
    assert TagScheme().decode(np.zeros((1, 1)), [(0, 1)], normalise_with_offsets("a")) == ()


@given(st.lists(st.sampled_from(["tent", "rain coats", "Ａ", "ｶﾞ", "帳篷", "e\u0301", "x"])))
def test_what_is_labelled_is_decoded_again(words: list[str]) -> None:
    marked = " , ".join(f"[{word}](product_type)" for word in words)
    taught = SCHEME.taught(example(marked))
    text = example(marked).text
    offsets = pieces(taught.text)
    rows = logits(SCHEME.labels(taught, offsets))
    spans = SCHEME.decode(rows, offsets, normalise_with_offsets(text))
    assert [text[span.start : span.end] for span in spans] == words


@pytest.mark.parametrize(
    ("marked", "kept"),
    [
        ("[a{}](thing)", [Combination("thing")]),
        ("[a](thing){}", [Combination("thing")]),
        ("[a](thing)", []),  # one text, however often
        ("[a{}](date)", []),
        ('[a{}]{{"entity": "date", "role": "due"}}', [Combination("date", "due")]),
        ('[a{}]{{"entity": "x", "group": "1"}}', [Combination("x", None, "1")]),
    ],
)
def test_what_is_worth_learning(marked: str, kept: list[Combination]) -> None:
    examples = [example(marked.format(n)) for n in range(10)]
    assert list(TagScheme.of(examples).combinations) == kept
    assert TagScheme.of(examples, fewest=11) == TagScheme()


def test_a_scheme_survives_json() -> None:
    assert TagScheme.from_json(SCHEME.to_json()) == SCHEME


def test_padding_teaches_nothing() -> None:
    assert padded([[1, 2], [3]], 3).tolist() == [[1, 2, IGNORED], [3, IGNORED, IGNORED]]
