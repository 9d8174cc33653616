import gzip
import json
import os
from pathlib import Path

import pytest

from nlu.datasets import DatasetError, IntentDataset, assemble, read_dataset, read_examples
from nlu.model_files import OUT_OF_SCOPE
from nlu.rasa_format import Example

CLINC = {
    "train": [["pay my bill", "pay_bill"], ["say hi", "greeting"]],
    "oos_train": [["who won the cup", "oos"]],
    "val": [["bill payment", "pay_bill"]],
    "oos_val": [["sing a song", "oos"]],
    "test": [["pay the bill", "pay_bill"]],
    "oos_test": [["how tall is it", "oos"]],
}
CSV = "text,intent\npay my bill,pay\nhello,greet\n"
RASA = """nlu:
- intent: Track-Order
  examples: |
    - where is [4417](order_number)
- intent: greet
  examples: |
    - hello
"""


def pairs(examples: tuple[Example, ...]) -> list[tuple[str, str]]:
    return [(example.text, example.intent) for example in examples]


def write(path: Path, content: str | object) -> Path:
    text = content if isinstance(content, str) else json.dumps(content)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def example(text: str, intent: str, line: int = 1) -> Example:
    return Example(text, intent, (), "data.csv", line)


@pytest.mark.parametrize("name", ["data_full.json", "data_full.json.gz", "DATA.JSON"])
def test_clinc_lists_become_splits_and_oos_becomes_out_of_scope(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, CLINC)
    data = read_dataset(path, path)
    assert pairs(data.train) == [
        ("pay my bill", "pay_bill"), ("say hi", "greeting"), ("who won the cup", OUT_OF_SCOPE),
    ]  # fmt: skip
    assert pairs(data.validation) == [("bill payment", "pay_bill"), ("sing a song", OUT_OF_SCOPE)]
    assert pairs(data.test) == [("pay the bill", "pay_bill"), ("how tall is it", OUT_OF_SCOPE)]
    assert data.leaked == data.repeated == 0


def test_clinc_places_are_numbers_in_their_list(tmp_path: Path) -> None:
    path = write(tmp_path / "data.json", CLINC)
    found = read_examples(path, split="train")
    assert [(e.file, e.line) for e in found] == [
        (f"{path}:train", 1), (f"{path}:train", 2), (f"{path}:oos_train", 1),
    ]  # fmt: skip


def test_a_validation_file_goes_before_the_training_files_lists(tmp_path: Path) -> None:
    train = write(tmp_path / "train.json", CLINC)
    other = write(tmp_path / "other.json", {"val": [["settle it", "pay_bill"]]})
    data = read_dataset(train, train, validation=other)
    assert pairs(data.validation) == [("settle it", "pay_bill")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.csv", "\ufeff" + CSV.replace("\n", "\r\n")),
        ("a.csv.gz", CSV),
        ("a.csv", 'id,Category,Utterance\n1,pay,"pay my bill"\n\n2,greet,hello\n'),
        ("a.tsv", "query\tlabel\npay my bill\tpay\nhello\tgreet"),
        ("a.TSV", "sentence\tdomain\npay my bill\tPAY\n hello \t greet "),
    ],
)
def test_tables_are_read_by_the_names_of_their_columns(
    tmp_path: Path, name: str, content: str
) -> None:
    assert pairs(read_examples(write(tmp_path / name, content))) == [
        ("pay my bill", "pay"), ("hello", "greet"),
    ]  # fmt: skip


def test_a_quoted_text_may_hold_separators_quotation_marks_and_lines(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'text,intent\n"a ""b"", c\nd",pay\nhello,greet\n')
    found = read_examples(path)
    assert pairs(found) == [('a "b", c\nd', "pay"), ("hello", "greet")]
    assert [e.line for e in found] == [2, 4]


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("Refund_not_showing_up", "refund not showing up"),
        ("card arrival", "Card-Arrival"),
        ("reverted_card_payment?", "Reverted card payment?"),
        ("oos", "out of scope"),
    ],
)
def test_labels_meet_whatever_their_case_and_separators(
    tmp_path: Path, train: str, test: str
) -> None:
    data = read_dataset(
        write(tmp_path / "train.tsv", f"text\tintent\na\t{train}\nb\tgreet\n"),
        write(tmp_path / "test.csv", f"text,category\nc,{test}\n"),
    )
    assert data.test[0].intent == data.train[0].intent


def test_rasa_names_stay_as_written_and_other_formats_meet_them(tmp_path: Path) -> None:
    nlu = tmp_path / "nlu"
    nlu.mkdir()
    write(nlu / "orders.yml", RASA)
    data = read_dataset(nlu, write(tmp_path / "test.csv", "text,intent\nmy parcel,track order\n"))
    assert pairs(data.train) == [("where is 4417", "Track-Order"), ("hello", "greet")]
    assert pairs(data.test) == [("my parcel", "Track-Order")]


@pytest.mark.parametrize("name", ["orders.yml", "orders.yaml"])
def test_one_rasa_file_is_read_with_its_entities_and_places(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / name, RASA)
    write(tmp_path / "broken.yml", "nlu: {")  # a neighbour that nobody named
    monkeypatch.chdir(tmp_path)
    found = read_examples(Path(name))
    assert (found[0].file, found[0].line) == (name, 4)
    assert found[0].entities[0].name == "order_number"


def test_repeated_texts_stay_once_and_leaked_ones_are_counted() -> None:
    train = [example("Pay my  bill", "pay"), example("Ｐay my bill", "x"), example("hi", "greet")]
    test = [example("hi", "greet"), example(" hi", "greet"), example("bye", "greet")]
    assert assemble(train, test) == IntentDataset(
        train=(train[0], train[2]), validation=(), test=(test[0], test[2]), leaked=1, repeated=2
    )


def test_out_of_scope_may_be_tested_without_being_trained() -> None:
    data = assemble([example("a", "x"), example("b", "y")], [example("c", OUT_OF_SCOPE)])
    assert data.test[0].intent == OUT_OF_SCOPE


def test_labels_that_training_lacks_are_listed() -> None:
    train = [example("a", "x"), example("b", "y")]
    test = [example("c", "z", 7), example("d", "x", 8), example("e", "w", 9)]
    with pytest.raises(DatasetError) as raised:
        assemble(train, test, validation=[example("f", "v", 3)])
    assert raised.value.problems == (
        "data.csv:3: validation labels that no training example has: 'v' (data.csv:3); "
        "add training examples for them, or correct the labels",
        "data.csv:7: test labels that no training example has: 'z' (data.csv:7), "
        "'w' (data.csv:9); add training examples for them, or correct the labels",
    )


@pytest.mark.parametrize(
    ("train", "test", "message"),
    [
        ([], [example("a", "x")], "training file: 0 intent"),
        ([example("a", "x")], [example("a", "x")], "data.csv:1: 1 intent to train on"),
        ([example("a", "x"), example("b", "y")], [], "test file: no examples to test on"),
    ],
)
def test_too_little_to_train_or_test_on_is_refused(
    train: list[Example], test: list[Example], message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        assemble(train, test)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", "x", ":1: the name tells no format"),
        ("a.csv", "", ":1: no column is named text, utterance, query or sentence; name"),
        ("a.csv", "text,class\na,b\n", ":1: no column is named intent, label, category or domain"),
        ("a.csv", CSV + "well, hello,greet\n", ":4: 3 columns, where the first line names 2"),
        ("a.csv", CSV + ",greet\n", ":4: no text; fill it in or delete the line"),
        ("a.csv", CSV + "bye,\n", ":4: no label; fill it in or delete the line"),
        ("a.csv", CSV + '"never closed,greet\nhello,greet\n', ":4: bad quotation marks"),
        ("a.json", '{"train": [\n[}', ":2: bad JSON"),
        ("a.json", "[]", ":1: no JSON object; write {\"train\": [[text, intent], ...]}"),
        ("a.json", {"test": []}, ":1: no list named train or oos_train; write"),
        ("a.json", {"train": 3}, ":1: train is no list"),
        ("a.json", {"train": [["a", "b"], ["a"]]}, ":1: item 2 of train is not [text, intent]"),
        ("a.yml", "nlu:\n- intent: greet\n", ":2:3: intent 'greet' has no examples"),
        ("a.yaml", "nlu: []\n", ":1:1: no intent examples"),
    ],
)
def test_faulty_files_are_refused_with_place_and_remedy(
    tmp_path: Path, name: str, content: object, message: str
) -> None:
    path = write(tmp_path / name, content)
    with pytest.raises(DatasetError) as raised:
        read_examples(path)
    assert raised.value.problems[0].startswith(f"{path}{message}")
    assert "; " in raised.value.problems[0]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b"text,intent\n\xff,greet\n", ":2: not UTF-8 text"),
        ("a.csv.gz", b"text,intent\n", ":1: can't be read"),
        ("a.csv.gz", gzip.compress(os.urandom(99))[:-20], ":1: can't be read"),
    ],
)
def test_bytes_that_are_no_text_are_refused(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(DatasetError) as raised:
        read_examples(path)
    assert str(raised.value).startswith(f"{path}{message}")


@pytest.mark.parametrize("name", ["a.csv", "a.json", "a.yml"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(DatasetError, match=name):
        read_examples(tmp_path / name)


def test_every_problem_of_a_table_is_told_at_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "text,intent\n,greet\nhello,\n")
    with pytest.raises(DatasetError) as raised:
        read_examples(path)
    assert len(raised.value.problems) == 2


def test_a_named_validation_file_without_examples_is_refused(tmp_path: Path) -> None:
    train = write(tmp_path / "train.json", CLINC)
    empty = write(tmp_path / "empty.json", {"val": []})
    with pytest.raises(DatasetError, match="no validation examples"):
        read_dataset(train, train, validation=empty)
