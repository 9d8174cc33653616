from pathlib import Path

import pytest

from nlu.annotations import parse_annotations
from nlu.rasa_format import TrainingDataError, read_training_data
from nlu.understanding import Entity

GOOD = """version: "3.1"
nlu:
- intent: track_order
  examples: |
    - where is order [4417](order_number)

    # a remark
    - 我的[帐篷]{"entity": "product_type", "value": "tent"}到哪了
- intent: greet
  metadata: {sensitivity: low}
  examples:
    - hello
    - text: good morning
      metadata: {formal: true}
- synonym: grey
  examples: |
    - gray
- lookup: colour
  examples: |
    - grey
    - gray
- regex: voucher
  examples: |
    - V-\\d{6}
"""


def test_reads_examples_with_places_and_lists(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.yml").write_text(GOOD, encoding="utf-8")
    data = read_training_data(tmp_path)
    assert [(e.text, e.intent, e.file, e.line) for e in data.examples] == [
        ("where is order 4417", "track_order", "sub/a.yml", 5),
        ("我的帐篷到哪了", "track_order", "sub/a.yml", 8),
        ("hello", "greet", "sub/a.yml", 12),
        ("good morning", "greet", "sub/a.yml", 13),
    ]
    assert data.examples[1].entities == (Entity("product_type", "tent", "帐篷", 2, 4),)
    assert dict(data.synonyms) == {"gray": "grey"}
    assert dict(data.lookups) == {"colour": ("grey", "gray")}
    assert dict(data.regexes) == {"voucher": (r"V-\d{6}",)}


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("nlu: [", "a.yml:1:7: bad YAML"),
        ("nlu:\n- intent: a\n  intent: b\n", "a.yml:3:3: bad YAML"),
        ("- just a list", "a.yml:1:1: no `nlu:` list"),
        ("nlu: text", "a.yml:1:1: `nlu` is not a list"),
        ("nlu:\n- hello\n", "a.yml:2:3: not exactly one of intent"),
        ("nlu:\n- examples: |\n    - x\n", "a.yml:2:3: not exactly one of intent"),
        ("nlu:\n- intent:\n  examples: |\n    - x\n", "a.yml:2:3: intent without a name"),
        ("nlu:\n- intent: a\n", "a.yml:2:3: intent 'a' has no examples"),
        ("nlu:\n- intent: a\n  examples: |\n    # none\n", "a.yml:2:3: intent 'a' has no examples"),
        ("nlu:\n- intent: a\n  examples: |\n    - x\n    -\n", "a.yml:5:5: empty example"),
        ("nlu:\n- intent: a\n  examples: |\n    x\n", "a.yml:4:1: 'x' is not a list item"),
        ("nlu:\n- intent: a\n  examples: {b: c}\n", "a.yml:3:3: `examples` is neither"),
        ("nlu:\n- intent: a\n  example: |\n    - x\n", "a.yml:3:3: unknown key 'example'"),
        ("stories: []\n", "a.yml:1:1: unknown key 'stories'"),
        ("nlu:\n- intent: a\n  examples: |\n    - x [y](\n", "a.yml:4:7: malformed entity"),
        ("nlu:\n- regex: r\n  examples: |\n    - (\n", "a.yml:4:7: bad regex"),
        (
            "nlu:\n- intent: a\n  examples: |\n    - Hi!\n- intent: b\n  examples: |\n    - hi!\n",
            "a.yml:7:7: 'hi!' teaches 'b' here and 'a' at ",
        ),
        (
            "nlu:\n- synonym: a\n  examples: |\n    - x\n- synonym: b\n  examples: |\n    - x\n",
            "a.yml:7:7: 'x' is a synonym of 'a' and of 'b'",
        ),
    ],
)
def test_problem_names_place_and_remedy(tmp_path: Path, source: str, problem: str) -> None:
    (tmp_path / "a.yml").write_text(source, encoding="utf-8")
    with pytest.raises(TrainingDataError) as caught:
        read_training_data(tmp_path)
    first = caught.value.problems[0]
    assert first.removeprefix(f"{tmp_path}/").startswith(problem)
    assert "; " in first


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("nlu: [", encoding="utf-8")
    (tmp_path / "b.yml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.yml").write_text("nlu:\n- intent: a\n- intent: b\n", encoding="utf-8")
    with pytest.raises(TrainingDataError) as caught:
        read_training_data(tmp_path)
    files = [problem.removeprefix(f"{tmp_path}/")[:5] for problem in caught.value.problems]
    assert files == ["a.yml", "b.yml", "c.yml", "c.yml"]


def test_empty_folder_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(TrainingDataError, match="no intent examples"):
        read_training_data(tmp_path)


@pytest.mark.parametrize(
    ("marked", "bare", "entities"),
    [
        ("plain [text] stays", "plain [text] stays", ()),
        ("[M](size)", "M", (Entity("size", "M", "M", 0, 1),)),
        ("in [grey](colour:gray)", "in grey", (Entity("colour", "gray", "grey", 3, 7),)),
        (
            'under [$50]{"entity": "money", "value": "50", "role": "max"}, [red](colour)',
            "under $50, red",
            (Entity("money", "50", "$50", 6, 9, "max"), Entity("colour", "red", "red", 11, 14)),
        ),
    ],
)
def test_annotations(marked: str, bare: str, entities: tuple[Entity, ...]) -> None:
    assert parse_annotations(marked) == (bare, entities)


@pytest.mark.parametrize(
    "marked",
    ["[](size)", "[x]()", "[x](a b)", "[x]{entity: size}", '[x]{"value": "y"}', '[x]{"entity": 1}',
     '[x]{"entity": "size", "colour": "y"}', "[x](size"],
)  # fmt: skip
def test_malformed_annotation_is_refused(marked: str) -> None:
    with pytest.raises(ValueError, match=r"annotation|entity name"):
        parse_annotations(marked)
