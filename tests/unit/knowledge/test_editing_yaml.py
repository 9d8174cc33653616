"""Edits of YAML files: values change, comments, order, quotes and blank lines stay."""

from dataclasses import replace

import pytest

from knowledge.editing.fields import EntryFields, fields_of
from knowledge.editing.writing import EditError, put_entry, remove_entry
from knowledge.entries import Entry, Files
from knowledge.formats.folder import check_files

YAML = """# Gift cards, by the support team
language: en   # of the questions below

entries:
    # the usual one
    - id: balance      # never change
      intent: 'gift_card'
      tags: [gift,  "card"]
      question: "How do I check it?"
      phrasings:
        - how much is left
        # typed by a shopper
        - 'what''s on it'   # often

        - balance
      answer: |  # checked in May
        Open **it**.

        - now
      translations:
        zh:
          question: 怎么查？
          phrasings: [还剩多少, 余额]
          answer: 打开。

    - question: Folded?
      id: folded
      answer: >-
        One
        line.
    # before the last
    - {id: flow, question: In braces?, answer: "Yes, it is."}
# the end
"""
FILES = {"faq/g.yml": YAML.encode(), "faq/o.en.md": b"---\nlanguage: en\n---\n## O {#o}\nA\n"}


def entry(files: Files, name: str, language: str = "en") -> Entry:
    return next(e for e in check_files(files).content.entries if e.key == (name, language))


def edited(name: str, files: Files = FILES, language: str = "en", **change: object) -> str:
    """Return the text of the file with the entry after a change."""
    fields = fields_of(entry(files, name, language))
    result = put_entry(files, replace(fields, **change), replacing=fields.key)  # type: ignore[arg-type]
    assert [path for path in files if files[path] != result[path]] in ([], [fields.file])
    return result[fields.file].decode()


@pytest.mark.parametrize(
    "key", [("balance", "en"), ("balance", "zh"), ("folded", "en"), ("flow", "en")]
)
def test_an_entry_put_back_as_it_was_changes_no_byte(key: tuple[str, str]) -> None:
    assert put_entry(FILES, fields_of(entry(FILES, *key)), replacing=key) == FILES


ANSWER = "        Open **it**.\n\n        - now\n"
ITEMS = YAML[YAML.index("        - how much") : YAML.index("      answer: |")]


@pytest.mark.parametrize(
    ("name", "change", "old", "new"),
    [
        ("balance", {"question": 'Why "so"?'}, '"How do I check it?"', '"Why \\"so\\"?"'),
        ("balance", {"intent": "it's"[:2]}, "'gift_card'", "'it'"),
        ("balance", {"id": "card-balance"}, "id: balance", "id: card-balance"),
        ("balance", {"intent": ""}, "      intent: 'gift_card'\n", ""),
        ("balance", {"tags": ("new", "gift")}, '[gift,  "card"]', "[gift, new]"),
        ("balance", {"tags": ()}, '      tags: [gift,  "card"]\n', ""),
        (
            "balance",
            {"valid_from": "2026-12-01"},
            '"card"]\n',
            '"card"]\n      valid-from: 2026-12-01\n',
        ),
        ("balance", {"answer": "A\n\n\n  B: #c"}, ANSWER, "        A\n\n\n          B: #c\n"),
        ("balance", {"answer": "A"}, ANSWER, "        A\n"),
        (
            "balance",
            {"phrasings": ("how much is left", "what's on it", "balance", "a: b")},
            "- balance\n",
            '- balance\n        - "a: b"\n',
        ),
        (
            "balance",
            {"phrasings": ("how much is left", "balance")},
            "        - 'what''s on it'   # often\n",
            "",
        ),
        (
            "balance",
            {"phrasings": ("yes", "what's on it", "balance")},
            "- how much is left",
            '- "yes"',
        ),
        (
            "balance",
            {"phrasings": ()},
            "      phrasings:\n" + ITEMS,
            "        # typed by a shopper\n",
        ),
        (
            "balance",
            {"tests": ("t",)},
            "      answer: |  #",
            "      tests:\n        - t\n      answer: |  #",
        ),
        (
            "folded",
            {"answer": "Two\nlines."},
            ">-\n        One\n        line.",
            "|-\n        Two\n        lines.",
        ),
        ("folded", {"question": "- odd: #"}, "Folded?", '"- odd: #"'),
        ("folded", {"question": "No"}, "Folded?", '"No"'),
        ("folded", {"intent": "x"}, "id: folded\n", "id: folded\n      intent: x\n"),
        ("flow", {"answer": "Two\nlines."}, '"Yes, it is."', '"Two\\nlines."'),
        ("flow", {"question": "a, b"}, "In braces?", '"a, b"'),
        (
            "flow",
            {"intent": "x", "tags": ("a", "b")},
            "{id: flow",
            "{id: flow, intent: x, tags: [a, b]",
        ),
    ],
)
def test_only_the_changed_value_is_rewritten(
    name: str, change: dict[str, object], old: str, new: str
) -> None:
    assert YAML.count(old) == 1
    assert edited(name, **change) == YAML.replace(old, new)


@pytest.mark.parametrize(
    ("change", "old", "new"),
    [
        ({"question": "查？"}, "怎么查？", "查？"),
        ({"answer": "一\n二"}, "打开。", "|\n            一\n            二"),
        ({"phrasings": ("余额", "a, b")}, "[还剩多少, 余额]", '[余额, "a, b"]'),
        ({"phrasings": ()}, "          phrasings: [还剩多少, 余额]\n", ""),
        (
            {"tests": ("多少",)},
            "          answer: 打",
            "          tests:\n            - 多少\n          answer: 打",
        ),
        ({"intent": "other"}, "'gift_card'", "'other'"),
        ({"id": "saldo"}, "id: balance", "id: saldo"),
    ],
)
def test_a_translation_is_edited_in_its_place(
    change: dict[str, object], old: str, new: str
) -> None:
    assert edited("balance", language="zh", **change) == YAML.replace(old, new)


def test_languages_share_topic_and_tags() -> None:
    files = {"faq/g.yml": edited("balance", language="zh", intent="other", tags=("x",)).encode()}
    assert entry(files, "balance").intent == "other"
    assert entry(files, "balance").tags == {"x"}


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_and_byte_order_mark_stay(newline: str) -> None:
    files = {"faq/g.yml": ("\ufeff" + YAML.replace("\n", newline)).encode()}
    text = edited("balance", files, answer="A\n\nB", tests=("t",), valid_from="2026-12-01")
    plain = edited("balance", answer="A\n\nB", tests=("t",), valid_from="2026-12-01")
    assert text == "\ufeff" + plain.replace("\n", newline)


NEW = EntryFields("new", "en", "New: one?", "A\n\nB", file="faq/g.yml")
ADDED = """    - id: new
      question: "New: one?"
      answer: |
        A

        B
"""


def test_a_new_entry_goes_to_the_end() -> None:
    text = put_entry(FILES, NEW)["faq/g.yml"].decode()
    assert text == YAML.replace("# the end\n", ADDED + "# the end\n")


def test_a_blank_line_comes_between_entries_where_the_others_have_one() -> None:
    first = "language: en\nentries:\n- id: a\n  question: A\n  answer: a\n"
    before = first + "\n- id: b\n  question: B\n  answer: b"
    text = put_entry({"faq/g.yml": before.encode()}, replace(NEW, answer="x"))["faq/g.yml"].decode()
    assert text == before + '\n\n- id: new\n  question: "New: one?"\n  answer: |\n    x'


def test_a_missing_file_is_made() -> None:
    fields = replace(
        NEW, intent="x", tags=("a",), phrasings=("p", "yes"), tests=("t",), valid_until="2026-12-01"
    )
    assert put_entry({}, fields)["faq/g.yml"].decode() == (
        "language: en\nentries:\n  - id: new\n    intent: x\n    tags: [a]\n"
        "    valid-until: 2026-12-01\n"
        '    question: "New: one?"\n    phrasings:\n      - p\n      - "yes"\n    tests:\n'
        "      - t\n    answer: |\n      A\n\n      B\n"
    )


@pytest.mark.parametrize("empty", ["entries: []\n# c\n", "entries:\n# c\n", "# c\n"])
def test_an_empty_file_takes_an_entry(empty: str) -> None:
    files = {"faq/g.yml": f"language: en\n{empty}".encode()}
    result = put_entry(files, NEW)
    assert fields_of(entry(result, "new")) == NEW
    assert "# c\n" in result["faq/g.yml"].decode()


def test_a_new_language_joins_the_entry() -> None:
    first = replace(
        fields_of(entry(FILES, "folded")), language="zh", question="折叠？", answer="一"
    )
    text = put_entry(FILES, first)["faq/g.yml"].decode()
    added = "      translations:\n        zh:\n          question: 折叠？\n"
    added += "          answer: |\n            一\n"
    assert text == YAML.replace("        line.\n", "        line.\n" + added)
    second = replace(fields_of(entry(FILES, "balance")), language="de", phrasings=())
    text = put_entry(FILES, second)["faq/g.yml"].decode()
    assert text.index("        zh:\n") < text.index("        de:\n") < text.index("Folded")


@pytest.mark.parametrize(
    ("key", "old", "new"),
    [
        (("folded", "en"), YAML[YAML.index("    - question: F") : YAML.index("    # before")], ""),
        (("flow", "en"), YAML[YAML.index("    - {id") : YAML.index("# the end")], ""),
        (
            ("balance", "zh"),
            YAML[YAML.index("      trans") : YAML.index("\n    - question: F")],
            "",
        ),
    ],
)
def test_removing_takes_the_entry_alone(key: tuple[str, str], old: str, new: str) -> None:
    assert remove_entry(FILES, key)["faq/g.yml"].decode() == YAML.replace(old, new)


def test_one_of_several_translations_goes_alone() -> None:
    second = replace(fields_of(entry(FILES, "balance")), language="de", phrasings=())
    files = put_entry(FILES, second)
    assert remove_entry(files, ("balance", "de")) == FILES


@pytest.mark.parametrize(
    ("comment", "left"), [("", None), ("# c\n", "# c\nlanguage: en\nentries: []\n")]
)
def test_the_last_entry_takes_its_file_along(comment: str, left: str | None) -> None:
    text = comment + "language: en\nentries:\n  - id: a\n    question: Q\n    answer: A\n"
    result = remove_entry({"faq/g.yml": text.encode()}, ("a", "en"))
    assert result == ({} if left is None else {"faq/g.yml": left.encode()})


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (replace(NEW, id="o"), "already used in 'en' at faq/o.en.md:4"),
        (replace(NEW, language="zh"), "is in 'en' and has no 'new' to translate"),
        (replace(NEW, id="flow", language="zh"), "written within { }"),
    ],
)
def test_new_entries_that_do_not_fit_are_refused(fields: EntryFields, told: str) -> None:
    with pytest.raises(EditError) as caught:
        put_entry(FILES, fields)
    assert told in str(caught.value)


def test_a_language_that_others_are_translated_from_stays() -> None:
    with pytest.raises(EditError, match=r"translated \(zh\) from en; remove the translations"):
        remove_entry(FILES, ("balance", "en"))


def test_values_shared_by_an_anchor_are_not_changed_behind_the_back() -> None:
    text = YAML.replace("question: Folded?", "question: &q Folded?").replace("In braces?", "*q")
    with pytest.raises(EditError):
        edited("folded", {"faq/g.yml": text.encode()}, question="Other?")


def test_a_list_with_comments_in_brackets_is_left_to_the_file() -> None:
    text = YAML.replace("[还剩多少, 余额]", "[还剩多少, # c\n            余额]")
    with pytest.raises(EditError, match="holds comments"):
        edited("balance", {"faq/g.yml": text.encode()}, "zh", phrasings=("a",))


def test_other_entries_may_be_broken() -> None:
    text = YAML.replace("      id: folded", "      idd: folded")
    expected = text.replace("In braces?", "New?")
    assert edited("flow", {"faq/g.yml": text.encode()}, question="New?") == expected


def test_an_id_written_with_escapes_is_found() -> None:
    text = 'language: zh\nentries:\n  - id: "\\u9000"\n    question: Q\n    answer: A\n'
    files = {"faq/g.yml": text.encode()}
    assert edited("退", files, "zh", answer="B") == text.replace("A\n", "B\n")
