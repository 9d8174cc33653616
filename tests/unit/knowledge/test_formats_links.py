"""Where links may lead, where they stand in an answer, and product links made real."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.formats.folder import check_files
from knowledge.formats.links import address_fault, link_fault, resolve_links
from knowledge.formats.markdown_marks import find_marks

LINKS = {"A1": "https://shop.example/a", "B(2)": "/p/b (2)", "C": ""}


@pytest.mark.parametrize(
    "target",
    [
        "https://shop.example",
        "HTTP://shop.example:8080/a?b=c#d",
        "mailto:help@shop.example?subject=Hi",
        "tel:+1-503-555-0100",
        "product:LK-1042",
        "/returns",
        "/",
    ],
)
def test_good_links(target: str) -> None:
    assert link_fault(target) is None


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("", "no target"),
        ("https://a b", "a space"),
        ("https://a\tb", "a space"),
        ("https://", "names no site"),
        ("https://[", "names no site"),
        ("javascript:alert(1)", "start with javascript:"),
        ("JavaScript:alert(1)", "start with JavaScript:"),
        ("data:text/html,x", "start with data:"),
        ("file:///etc/passwd", "start with file:"),
        ("mailto:help", "no e-mail address"),
        ("mailto:", "no e-mail address"),
        ("tel:", "no telephone number"),
        ("tel:+()", "no telephone number"),
        ("product:", "names no product"),
        ("www.x.com/a", "write https://www.x.com/a"),
        ("www.x.com:80", "write https://www.x.com:80"),
        ("me@x.com", "write mailto:me@x.com"),
        ("//x.com", "another site"),
        ("/\\x.com", "another site"),
        ("#top", "leads nowhere"),
        ("returns.md", "leads nowhere"),
        ("x" * 100, f"'{'x' * 57}…'"),
    ],
)
def test_bad_links_come_with_a_remedy(target: str, words: str) -> None:
    fault = link_fault(target)
    assert fault is not None
    assert words in fault
    assert "; " in fault


@pytest.mark.parametrize("target", ["mailto:a@b.c", "tel:1", "product:A"])
def test_a_feed_links_to_pages_and_files_only(target: str) -> None:
    assert address_fault(target) is not None


@pytest.mark.parametrize(
    ("answer", "resolved"),
    [
        ("Take [a coat](product:A1).", "Take [a coat](https://shop.example/a)."),
        ("[a](product:A1) [b](product:A1)", "[a](https://shop.example/a) [b](https://shop.example/a)"),
        ("- x\n- > [a\n  > b](product:A1)", "- x\n- > [a\n  > b](https://shop.example/a)"),
        ("[b](<product:B(2)>)", "[b](/p/b%20%282%29)"),
        ("[**no** page](product:C) here", "**no** page here"),
        ("[gone](product:Z)", "gone"),
        ("`[a](product:A1)`", "`[a](product:A1)`"),
        ("\\[a](product:A1)", "\\[a](product:A1)"),
        ("product:A1 [x](/y)", "product:A1 [x](/y)"),
        ("[a](product:A\\1)", "a"),
    ],
)  # fmt: skip
def test_product_links_become_real(answer: str, resolved: str) -> None:
    assert resolve_links(answer, LINKS) == resolved


@pytest.mark.parametrize(
    ("path", "start", "line", "margin"),
    [
        ("faq/a.en.md", "---\nlanguage: en\n---\n## Q {#a}\n", 5, ""),
        ("faq/a.yml", "language: en\nentries:\n- id: a\n  question: q\n  answer: |\n", 6, "    "),
    ],
)
def test_thousands_of_links_are_each_told_where_they_stand(
    path: str, start: str, line: int, margin: str
) -> None:
    # Counted from the answer's start for each of them, these took a minute.
    count = 6000
    text = start + "".join(f"{margin}- see [x](product:P{n})\n" for n in range(count))
    found = [p for p in check_files({path: text.encode()}).problems if "no product" in p.what]
    column = len(f"{margin}- see [x](") + 1
    assert [(p.line, p.column) for p in found] == [(line + n, column) for n in range(count)]


_PIECES = st.sampled_from(
    ["[a](product:A1)", "[", "](", ")", "<b>", "`", "\n", "\n\n", "- ", "> ", "    ", "\\", "![", 
     "é中", "*", "[r]", "[r]: /x\n", "word ", "\t", "<http://x>", "1. ", "```", "# "]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=14).map("".join))
def test_marks_stand_where_they_say(answer: str) -> None:
    for mark in find_marks(answer):
        assert 0 <= mark.start < mark.end <= len(answer) + 1
        start = answer[mark.start]
        assert start == {"html": "<", "autolink": "<", "image": "!"}.get(mark.kind, "["), mark
        if mark.target_end:
            assert answer[mark.target_start : mark.target_end] == mark.target


@settings(max_examples=60, deadline=None)
@given(st.lists(_PIECES, max_size=10).map("".join))
def test_no_product_link_is_left_over(answer: str) -> None:
    resolved = find_marks(resolve_links(answer, LINKS))
    assert not [mark for mark in resolved if mark.target == "product:A1" and mark.kind == "link"]
