"""Headings are found without reading the Markdown where that gives the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.formats import markdown_sections
from knowledge.formats.markdown_sections import find_headings

_PIECES = st.sampled_from(
    ["# a\n", "## b #\n", "#", "#c\n", "####### d\n", "\n", "\n\n", "- ", "> ", "1. ", "word",
     "word\n", " ",
     "\t", "    ", "===\n", "---\n", "[r]: /x 'y\n", "[r]:\n", "'\n", "`", "\\", "*", "    code\n"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_both_ways_find_the_same_headings(text: str) -> None:
    found = find_headings(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markdown_sections, "_HIDES_HEADINGS", re.compile(""))
        assert find_headings(text) == found


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("# a\ntext\n## b", [(0, 1), (2, 2)]),
        ("```\n# a\n```\n# b", [(3, 1)]),
        ("~~~\n# a\n", []),
        ("<!--\n# a\n-->\n# b", [(3, 1)]),
        ("  # a\n    # code", [(0, 1)]),
        ("- x\n  # in the list\n# b", [(2, 1)]),
        ("#no heading\n- # nor this\n> # nor this", []),
    ],
)
def test_only_headings_outside_of_all_else_divide_a_file(
    text: str, headings: list[tuple[int, int]]
) -> None:
    assert find_headings(text) == headings
