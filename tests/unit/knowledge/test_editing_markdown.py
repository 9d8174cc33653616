"""Edits of Markdown files: the entry changes, every other byte stays."""

from dataclasses import replace

import pytest

from knowledge.editing.fields import EntryFields, fields_of
from knowledge.editing.writing import EditError, put_entry, remove_entry
from knowledge.entries import Entry, Files
from knowledge.formats.folder import check_files

FAQ = """---
# kept by the shop
language: en
tags: [delivery]
---
# Delivery

## How long? {#period  intent=delivery_period tags=time}
> when will it come
> ? is it slow

Takes **3–5 days**.

```
## not a heading
```

## Next {#next}

Second answer.


## Last {#last}
Third answer."""
POLICY = """---
id: returns
language: en
intent: check_return_policy
tags: [rules]
valid-until: 2030-01-01
---
# Returns policy

Intro.
## Time limit
Sixty days.
### Sale items
The same.
### Gifts {intent=gift}
Also.
## Socks {#socks intent=return_item}
> ? can I return socks

No socks.
"""
FILES = {"faq/a.en.md": FAQ.encode(), "policies/r.en.md": POLICY.encode(), "products.csv": b"x"}


def entry(files: Files, name: str) -> Entry:
    return next(e for e in check_files(files).content.entries if e.id == name)


def edited(name: str, files: Files = FILES, **change: object) -> str:
    """Return the text of the file with the entry after a change."""
    fields = fields_of(entry(files, name))
    changed = replace(fields, **change)  # type: ignore[arg-type]
    result = put_entry(files, changed, replacing=fields.key)
    assert [path for path in files if files[path] != result[path]] in ([], [fields.file])
    return result[fields.file].decode()


@pytest.mark.parametrize(
    "name",
    ["period", "next", "last", "returns", "returns/time-limit", "returns/socks"],
)
def test_an_entry_put_back_as_it_was_changes_no_byte(name: str) -> None:
    fields = fields_of(entry(FILES, name))
    assert put_entry(FILES, fields, replacing=fields.key) == FILES


PERIOD = "## How long? {#period  intent=delivery_period tags=time}"


@pytest.mark.parametrize(
    ("name", "change", "old", "new"),
    [
        (
            "period",
            {"answer": "Now.\n\nTwo."},
            "Takes **3–5 days**.\n\n```\n## not a heading\n```",
            "Now.\n\nTwo.",
        ),
        (
            "period",
            {"question": "How {long}?"},
            PERIOD,
            "## How {long}? {#period intent=delivery_period tags=time}",
        ),
        ("period", {"id": "days"}, PERIOD, "## How long? {#days intent=delivery_period tags=time}"),
        ("period", {"intent": ""}, PERIOD, "## How long? {#period tags=time}"),
        (
            "period",
            {"tags": ("delivery",)},
            PERIOD,
            "## How long? {#period intent=delivery_period}",
        ),
        (
            "period",
            {"tags": ("delivery", "next day")},
            PERIOD,
            '## How long? {#period intent=delivery_period tags="next day"}',
        ),
        (
            "next",
            {"valid_from": "2026-12-01"},
            "## Next {#next}",
            "## Next {#next valid-from=2026-12-01}",
        ),
        ("period", {"phrasings": ("a", " ", "b")}, "> when will it come\n", "> a\n> b\n"),
        ("period", {"tests": ()}, "> ? is it slow\n", ""),
        ("period", {"tests": (), "phrasings": ()}, "> when will it come\n> ? is it slow\n", ""),
        ("next", {"tests": ("where",)}, "## Next {#next}\n\n", "## Next {#next}\n> ? where\n\n"),
        ("last", {"tests": ("where",)}, "{#last}\n", "{#last}\n> ? where\n\n"),
        ("last", {"answer": "A\r\nB  \rC\u2028D\ufeff"}, "Third answer.", "A\nB  \nC\nD"),
        ("last", {"answer": "a\n---\nb"}, "Third answer.", "a\n---\nb"),
        ("last", {"answer": "\n  - a\n\n\n  - b\n"}, "Third answer.", "  - a\n\n\n  - b"),
        ("last", {"answer": "<b>\n\n![x](y)"}, "Third answer.", "<b>\n\n![x](y)"),
        ("returns", {"answer": "Short."}, "Intro.", "Short."),
        ("returns/socks", {"question": "No socks"}, "## Socks {", "## No socks {"),
        ("returns/socks", {"intent": "other"}, "intent=return_item", "intent=other"),
        ("returns/socks", {"id": "returns/feet"}, "{#socks ", "{#feet "),
        (
            "returns/socks",
            {"valid_until": "2027-01-01"},
            "return_item}",
            "return_item valid-until=2027-01-01}",
        ),
        (
            "returns/socks",
            {"intent": "check_return_policy"},
            "intent=return_item",
            "intent=check_return_policy",
        ),
        ("returns/socks", {"tests": ()}, "> ? can I return socks\n", ""),
        ("returns/socks", {"answer": "> No socks."}, "No socks.\n", "> No socks.\n"),
        (
            "returns/time-limit/sale-items",
            {"question": "Sale"},
            "### Sale items\n",
            "### Sale {#time-limit/sale-items}\n",
        ),
        (
            "returns/time-limit/gifts",
            {"question": "Gift"},
            "### Gifts {",
            "### Gift {#time-limit/gifts ",
        ),
        ("returns/time-limit", {"intent": "x"}, "## Time limit\n", "## Time limit {intent=x}\n"),
        (
            "returns/time-limit",
            {"tests": ("how long",)},
            "## Time limit\n",
            "## Time limit\n> ? how long\n\n",
        ),
    ],
)
def test_only_the_changed_part_is_rewritten(
    name: str, change: dict[str, object], old: str, new: str
) -> None:
    before = FAQ if "/" not in name and name != "returns" else POLICY
    assert before.count(old) == 1
    assert edited(name, **change) == before.replace(old, new)


def test_a_changed_heading_keeps_its_id_and_those_below_it() -> None:
    expected = POLICY.replace("## Time limit", "## Deadline {#time-limit}")
    expected = expected.replace("### Sale items", "### Sale items {#time-limit/sale-items}")
    expected = expected.replace("### Gifts {", "### Gifts {#time-limit/gifts ")
    assert edited("returns/time-limit", question="Deadline") == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_mark_stay(newline: str, mark: str) -> None:
    files = {"faq/a.en.md": (mark + FAQ.replace("\n", newline)).encode()}
    expected = FAQ.replace("Takes **3–5 days**.\n\n```\n## not a heading\n```", "One.\n\nTwo.")
    assert edited("period", files, answer="One.\n\nTwo.") == mark + expected.replace("\n", newline)


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("period", {"tags": ("time",)}, "'delivery' is set for the whole file at faq/a.en.md:4"),
        ("returns/socks", {"tags": ()}, "'rules' is set for the whole file at policies/r.en.md:5"),
        (
            "returns/time-limit",
            {"intent": ""},
            "intent 'check_return_policy' is set for the whole file at policies/r.en.md:4",
        ),
        (
            "returns/time-limit",
            {"valid_until": ""},
            "valid-until '2030-01-01' is set for the whole file at policies/r.en.md:6",
        ),
        ("returns/socks", {"id": "other/socks"}, "must start with 'returns/'"),
        ("returns/socks", {"phrasings": ("x",)}, "has no further phrasings"),
        (
            "returns/socks",
            {"id": "returns/time-limit"},
            "already used in 'en' at policies/r.en.md:11",
        ),
        ("next", {"id": "last"}, "already used in 'en' at faq/a.en.md:23"),
        ("next", {"language": "zh"}, "language stays"),
        ("next", {"answer": "a\n\n```\nb"}, "doesn't close it"),
        ("next", {"answer": "a\n\n<!-- b"}, "doesn't close it"),
    ],
)
def test_edits_that_cannot_be_made_are_refused(
    name: str, change: dict[str, object], told: str
) -> None:
    with pytest.raises(EditError) as caught:
        edited(name, **change)
    assert told in str(caught.value)


NEW = EntryFields("new", "en", "New?", "Yes.", tags=("delivery",), file="faq/a.en.md")


def test_a_new_entry_goes_to_the_end() -> None:
    fields = replace(NEW, intent="x", phrasings=("p",), tests=("t",), tags=("delivery", "b"))
    text = put_entry(FILES, fields)["faq/a.en.md"].decode()
    assert text == FAQ + "\n\n## New? {#new intent=x tags=b}\n> p\n> ? t\n\nYes.\n"


def test_a_new_passage_goes_to_the_end() -> None:
    fields = EntryFields("returns/new", "en", "New", "Yes.", "policy", file="policies/r.en.md")
    fields = replace(
        fields, intent="check_return_policy", tags=("rules",), valid_until="2030-01-01"
    )
    text = put_entry(FILES, fields)["policies/r.en.md"].decode()
    assert text == POLICY + "\n## New {#new}\nYes.\n"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            replace(NEW, file="faq/new.en.md", tags=()),
            "---\nlanguage: en\n---\n\n## New? {#new}\nYes.\n",
        ),
        (
            EntryFields(
                "terms/use", "en", "Use", "Yes.", "policy", file="policies/t.en.md", intent="x"
            ),
            "---\nid: terms\nlanguage: en\n---\n\n## Use {#use intent=x}\nYes.\n",
        ),
        (
            EntryFields("terms", "zh", "条款", "是。", "policy", file="policies/条款.zh.md"),
            "---\nid: terms\nlanguage: zh\n---\n\n# 条款\n是。\n",
        ),
    ],
)
def test_a_missing_file_is_made(fields: EntryFields, text: str) -> None:
    result = put_entry(FILES, fields)
    assert result == {**FILES, fields.file: text.encode()}
    assert not check_files({fields.file: text.encode()}).errors


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (replace(NEW, id="next"), "already used"),
        (replace(NEW, language="zh"), "is in 'en', not 'zh'"),
        (replace(NEW, tags=()), "set for the whole file at faq/a.en.md:4; give it to this entry"),
    ],
)
def test_new_entries_that_do_not_fit_are_refused(fields: EntryFields, told: str) -> None:
    with pytest.raises(EditError, match=told):
        put_entry(FILES, fields)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("next", "## Next {#next}\n\nSecond answer.\n\n\n", ""),
        ("last", "## Last {#last}\nThird answer.", ""),
        ("returns", "\nIntro.\n", ""),
        ("returns/time-limit", "Sixty days.\n", ""),
        (
            "returns/socks",
            "## Socks {#socks intent=return_item}\n> ? can I return socks\n\nNo socks.\n",
            "",
        ),
    ],
)
def test_removing_takes_the_entry_alone(name: str, old: str, new: str) -> None:
    found = entry(FILES, name)
    result = remove_entry(FILES, found.key)
    before = FILES[found.source.file].decode()
    assert before.count(old) == 1
    assert result == {**FILES, found.source.file: before.replace(old, new).encode()}


@pytest.mark.parametrize(
    ("path", "text", "left"),
    [
        ("faq/x.en.md", "---\nlanguage: en\n---\n## A {#a}\nB\n", None),
        (
            "faq/x.en.md",
            "---\nlanguage: en\n---\n# T\n## A {#a}\nB\n",
            "---\nlanguage: en\n---\n# T\n",
        ),
        (
            "faq/x.en.md",
            "---\n# c\nlanguage: en\n---\n## A {#a}\nB\n",
            "---\n# c\nlanguage: en\n---\n",
        ),
        ("policies/x.en.md", "---\nid: p\nlanguage: en\n---\n# T\n## A {#a}\nB\n", None),
    ],
)
def test_the_last_entry_takes_its_file_along(path: str, text: str, left: str | None) -> None:
    files = {path: text.encode()}
    name = check_files(files).content.entries[0].id
    assert remove_entry(files, (name, "en")) == ({} if left is None else {path: left.encode()})


BROKEN = FAQ.replace("## Next {#next}", "## Next {#next intnt=x}\n\n### deep\n\n## No id")


def test_other_entries_may_be_broken() -> None:
    files = {"faq/a.en.md": BROKEN.encode(), "faq/b.en.md": b"\xff", "policies/r.en.md": b"none"}
    assert edited("last", files, answer="New.") == BROKEN.replace("Third answer.", "New.")
    with pytest.raises(EditError, match=r"'gone' in 'en' any more"):
        remove_entry(files, ("gone", "en"))


def test_a_broken_file_is_named_where_the_entry_cannot_be_found() -> None:
    files = {"faq/a.en.md": FAQ.replace("language: en", "language: [en").encode()}
    with pytest.raises(EditError, match=r"mend faq/a\.en\.md:\d+:\d+: not valid YAML"):
        remove_entry(files, ("next", "en"))


def test_an_id_that_stands_twice_is_not_guessed() -> None:
    files = {"faq/a.en.md": FAQ.encode(), "faq/b.en.md": FAQ.encode()}
    with pytest.raises(EditError, match=r"twice, at faq/a\.en\.md:18 and faq/b\.en\.md:18"):
        remove_entry(files, ("next", "en"))


def test_an_entry_is_edited_where_it_stands_now() -> None:
    fields = replace(fields_of(entry(FILES, "next")), file="faq/old.en.md", answer="New.")
    result = put_entry(FILES, fields, replacing=fields.key)
    assert result["faq/a.en.md"].decode() == FAQ.replace("Second answer.", "New.")
