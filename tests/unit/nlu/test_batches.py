import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from tokenizers import Encoding, Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from nlu.batches import Batch, in_order, shuffled

Make = Callable[[Sequence[Encoding], int], Iterator[Batch]]


def encodings(*lengths: int) -> list[Encoding]:
    """Texts of so many tokens; a text's tokens all have its length as their number."""
    words = {str(number): number for number in range(100)}
    tokenizer = Tokenizer(WordLevel(words, unk_token="0"))
    tokenizer.pre_tokenizer = Whitespace()
    return tokenizer.encode_batch([" ".join([str(length)] * length) for length in lengths])


def mixed(texts: Sequence[Encoding], size: int) -> Iterator[Batch]:
    return shuffled(texts, size, random.Random(3))


MAKES = pytest.mark.parametrize("make", [in_order, mixed])
LENGTHS = [(number * 7) % 13 + 1 for number in range(90)]


@MAKES
@pytest.mark.parametrize("count", [0, 1, 4, 5, 90])
def test_every_row_comes_once(make: Make, count: int) -> None:
    batches = list(make(encodings(*LENGTHS[:count]), 4))
    rows = [int(row) for batch in batches for row in batch.rows]
    assert sorted(rows) == list(range(count))
    assert len(batches) == -(-count // 4)
    assert all(len(batch.ids) == len(batch.mask) == len(batch.rows) <= 4 for batch in batches)


@MAKES
def test_ids_stand_under_the_mask_of_their_row(make: Make) -> None:
    for batch in make(encodings(*LENGTHS), 4):
        longest = max(LENGTHS[row] for row in batch.rows)
        for ids, mask, row in zip(batch.ids, batch.mask, batch.rows, strict=True):
            length = LENGTHS[row]
            assert mask.tolist() == [1] * length + [0] * (longest - length)
            assert ids.tolist() == [length] * length + [0] * (longest - length)


def test_in_order_begins_with_the_shortest() -> None:
    found = [LENGTHS[row] for batch in in_order(encodings(*LENGTHS), 4) for row in batch.rows]
    assert found == sorted(LENGTHS)


def test_shuffled_follows_its_chance_alone() -> None:
    def order(seed: int) -> list[int]:
        batches = shuffled(encodings(*LENGTHS), 4, random.Random(seed))
        return [int(row) for batch in batches for row in batch.rows]

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_shuffled_pads_less_than_chance_would() -> None:
    texts = encodings(*LENGTHS)
    cells = sum(batch.mask.numel() for batch in mixed(texts, 4))
    rows = list(range(len(LENGTHS)))
    random.Random(3).shuffle(rows)
    naive = [rows[at : at + 4] for at in range(0, len(rows), 4)]
    assert cells < sum(len(part) * max(LENGTHS[row] for row in part) for part in naive)


def test_an_empty_text_shows_one_token_so_that_its_mean_is_a_number() -> None:
    (batch,) = in_order(encodings(0, 2), 4)
    assert batch.mask.tolist() == [[1, 0], [1, 1]]
