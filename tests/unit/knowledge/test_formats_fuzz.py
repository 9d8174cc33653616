"""No bytes in any file make the readers fail, and one broken file hides no other."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.entries import Files
from knowledge.formats.folder import check_files

GOOD = b"---\nlanguage: en\n---\n## Good {#good}\nThe answer.\n"
NAMES = ("faq/a.md", "faq/a.yml", "policies/a.md", "products.csv", "products.tsv", "products.jsonl")
HEADER = "id,title,description,link,image_link,availability,price"
ROW = "A1,Coat,Warm,/x,/a.svg,in_stock,1 USD"

_BEGINNINGS = {
    "faq/a.md": ["---\nlanguage: en\n---\n", "---\nlanguage: en\n---\n## Q {#a}\n", ""],
    "policies/a.md": [
        "---\nid: p\nlanguage: en\n---\n",
        "---\nid: p\nlanguage: en\n---\n# T\n",
        "",
    ],
    "faq/a.yml": ["language: en\nentries:\n  - id: a\n    question: Q\n    ", "language: en\n", ""],
    "products.csv": [f"{HEADER}\n", f"{HEADER}\n{ROW}", ""],
    "products.tsv": [f"{HEADER}\n{ROW}\n".replace(",", "\t"), ""],
    "products.jsonl": ['{"id": "A", "title": "B", ', ""],
}
_PIECES = [
    *"#{}=>[]:-&*!|'\"\\ \n\t,<()`@$?aé中0\u2028\x85\u3000\0\x07",
    "## ", "# ", "### ", "---\n", "{#a}", "{#b intent=x}", " valid-from=2026-01-02", "> ", "> ? ",
    "[a](", "[a](product:A1)", "[a](product:B) ", "](", "<b>", "![x](y)", "[r]: x\n", "```\n",
    "    ", "answer: |\n      ", 'answer: "', "answer: >\n      ", "tests: [a]\n    ",
    "translations:\n      zh: ", "- id: b\n    ", "question: R\n    ", "&a ", "*a", "!!str ", "? ",
    "\\ud800", "\\u0000", "\\x41", '""', '"x,\ny"', "1 USD", "in_stock", ROW, f"\n{ROW}\n",
    '"price": "1 USD", ', '"id": ', "}\n",
]  # fmt: skip


@st.composite
def _file(draw: st.DrawFn, name: str) -> bytes:
    beginning = draw(st.sampled_from(_BEGINNINGS[name]))
    pieces = draw(st.lists(st.sampled_from(_PIECES), max_size=14))
    return (beginning + "".join(pieces)).encode() + draw(st.binary(max_size=4) | st.just(b""))


_ANYTHING = st.fixed_dictionaries(
    {}, optional={name: _file(name) | st.binary(max_size=120) for name in NAMES}
)


def check(files: Files) -> None:
    checked = check_files({**files, "faq/good.md": GOOD})
    assert "good" in {entry.id for entry in checked.content.entries}
    for problem in checked.problems:
        assert problem.file in files
        assert min(problem.line, problem.column) >= 1
        lines = files[problem.file].decode("utf-8", "replace").replace("\r", "\n").split("\n")
        assert problem.line <= len(lines) + 1
    str(checked.problems).encode()  # a terminal can show them


@settings(max_examples=400, deadline=None)
@given(_ANYTHING)
@example({"faq/a.yml": b"language: &a [*a]"})
@example({"faq/a.yml": b"language: en\nentries: &a [*a]"})
@example({"faq/a.yml": b"%YAML 9.9\n---\na: 1"})
@example({"faq/a.yml": b"[" * 600})
@example({"products.jsonl": b'{"id": ' + b"[" * 3_000})
@example({"products.jsonl": b'{"stock": ' + b"9" * 5000 + b"}"})
@example({"faq/a.md": b"---\nlanguage: en\n---\n## Q {#a}\n\n- " + b"> " * 3000 + b"<b>"})
@example({"faq/a.md": b"---\nlanguage: en\n---\n## Q {#a}\n\n" + b"[" * 3000 + b"](x)"})
def test_no_bytes_make_the_check_fail(files: Files) -> None:
    check(files)
