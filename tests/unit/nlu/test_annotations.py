import pytest

from nlu.annotations import parse_annotations
from nlu.understanding import Entity


@pytest.mark.parametrize(
    ("marked", "entity"),
    [
        ("[tent](product_type)", Entity("product_type", "tent", "tent", 0, 4)),
        ("[grey](colour:gray)", Entity("colour", "gray", "grey", 0, 4)),
        ("[gray]( colour )", None),
        (
            '[Berlin]{"entity": "city", "role": "from"}',
            Entity("city", "Berlin", "Berlin", 0, 6, "from"),
        ),
        (
            '[Berlin]{"entity": "city", "group": "1"}',
            Entity("city", "Berlin", "Berlin", 0, 6, None, "1"),
        ),
        (
            '[NY]{"entity": "city", "role": "to", "group": "2", "value": "New York"}',
            Entity("city", "New York", "NY", 0, 2, "to", "2"),
        ),
        (
            '[NY]{"entity": "city", "role": "", "group": "", "value": ""}',
            Entity("city", "NY", "NY", 0, 2),
        ),
    ],
)
def test_one_annotation(marked: str, entity: Entity | None) -> None:
    if entity is None:
        with pytest.raises(ValueError, match="malformed entity name"):
            parse_annotations(marked)
    else:
        assert parse_annotations(marked) == (entity.text, (entity,))


@pytest.mark.parametrize(
    ("marked", "what"),
    [
        ('[a]{"entity": "x", "colour": "y"}', "unknown annotation key 'colour'"),
        ('[a]{"entity": "x", "group": 1}', "quote it"),
        ('[a][{"entity": "x"}, {"entity": "y"}]', "malformed entity annotation"),
        ('[a]{"role": "x"}', "names no entity"),
        ('[]{"entity": "x"}', "malformed entity annotation"),
        ("[a](two words)", "malformed entity name"),
    ],
)
def test_a_malformed_annotation_says_what_to_write(marked: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        parse_annotations(marked)


def test_offsets_count_in_the_bare_text() -> None:
    bare, entities = parse_annotations(
        'from [Berlin]{"entity": "city", "role": "from"} to [Köln]{"entity": "city", "role": "to"}'
    )
    assert bare == "from Berlin to Köln"
    assert [bare[e.start : e.end] for e in entities] == ["Berlin", "Köln"]
    assert [e.role for e in entities] == ["from", "to"]
