"""Whatever a form sends: either the file says just that, or the edit is refused."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.editing.checking import cleaned
from knowledge.editing.fields import EntryFields, fields_of
from knowledge.editing.writing import EditError, put_entry, remove_entry
from knowledge.formats.folder import check_files

BEFORE = "# T\n\n## One {#one}\n> p\n\nFirst.\n\n"
MIDDLE = "## Two {#two intent=x}\n> q\n> ? t\n\nSecond.\n\n"
AFTER = "## Three {#three}\n\n- Third.\n"
FRONT = "---\nlanguage: en\ntags: [shared]\n---\n"
YAML_BEFORE = (
    "# c\nlanguage: en\nentries:\n  - id: one # c\n    question: One\n    answer: First.\n"
)
YAML_MIDDLE = (
    "  - id: two\n    question: 'Two'\n    phrasings:\n      - q # c\n    tests: [t]\n"
    "    answer: |\n      Second.\n"
)
YAML_AFTER = "  # c\n  - id: three\n    question: Three\n    answer: Third.\n"
POLICY_FRONT = "---\nid: p\nlanguage: en\n---\n# T\n\n"
POLICY_MIDDLE = "## Two\n> ? t\n\nSecond.\n### Below\nMore.\n"

# Marks that mean something in a format, in among ordinary text.
MARKS = st.sampled_from(
    "# ## > ? ``` ~~~ --- : - | ' \" { } {#x} [ ] & * ! % @ <!-- <div> \\ , é 问 yes 007".split()
)
BLANKS = st.sampled_from([" ", "  ", "\t", "    ", "\u2028", "\ufeff", "\xa0"])
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=6)
LINES = st.lists(st.one_of(MARKS, BLANKS, WORDS), max_size=6).map("".join)
# Mostly what begins as people begin: whatever is refused outright tests nothing else.
BEGUN = st.tuples(st.sampled_from(["a", "Is ", "问", ""]), LINES).map("".join)
TEXTS = st.tuples(BEGUN, st.lists(LINES, max_size=4)).map(lambda t: "\n".join([t[0], *t[1]]))
NAMES = st.text("abc-", min_size=1, max_size=5)
ITEMS = st.lists(BEGUN, max_size=3).map(tuple)
FIELDS = st.builds(
    EntryFields,
    id=st.one_of(st.just("two"), NAMES),
    language=st.just("en"),
    question=BEGUN,
    answer=TEXTS,
    intent=st.one_of(st.just(""), NAMES),
    phrasings=ITEMS,
    tests=ITEMS,
    tags=st.lists(NAMES, max_size=2).map(tuple),
    valid_from=st.sampled_from(["", "2026-12-01"]),
    valid_until=st.sampled_from(["", "2026-12-27"]),
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@given(fields=FIELDS)
@settings(max_examples=60, deadline=None)
def test_a_markdown_entry_reads_back_as_the_form_said(newline: str, fields: EntryFields) -> None:
    fields = replace(fields, tags=(*fields.tags, "shared"), file="faq/a.en.md")
    before, after = (FRONT + BEFORE).replace("\n", newline), AFTER.replace("\n", newline)
    files = {"faq/a.en.md": (before + MIDDLE.replace("\n", newline) + after).encode()}
    try:
        result = put_entry(files, fields, replacing=("two", "en"))
    except EditError:
        return
    entries = check_files(result).content.entries
    assert [entry.id for entry in entries] == ["one", fields.id, "three"]
    assert fields_of(entries[1]) == cleaned(fields)
    text = result["faq/a.en.md"].decode()
    assert text.startswith(before)
    assert text.endswith(after)
    assert remove_entry(result, fields.key)["faq/a.en.md"].decode() == before + after


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@given(fields=FIELDS)
@settings(max_examples=40, deadline=None)
def test_a_yaml_entry_reads_back_as_the_form_said(newline: str, fields: EntryFields) -> None:
    fields = replace(fields, file="faq/a.yml")
    before, after = YAML_BEFORE.replace("\n", newline), YAML_AFTER.replace("\n", newline)
    files = {"faq/a.yml": (before + YAML_MIDDLE.replace("\n", newline) + after).encode()}
    try:
        result = put_entry(files, fields, replacing=("two", "en"))
    except EditError:
        return
    entries = check_files(result).content.entries
    assert [entry.id for entry in entries] == ["one", fields.id, "three"]
    said = cleaned(fields)
    assert fields_of(entries[1]) == replace(said, answer=said.answer.strip())
    text = result["faq/a.yml"].decode()
    assert text.startswith(before)
    assert text.endswith(after)


@given(fields=FIELDS)
@settings(max_examples=40, deadline=None)
def test_a_passage_reads_back_as_the_form_said(fields: EntryFields) -> None:
    fields = replace(
        fields, id=f"p/{fields.id}", kind="policy", phrasings=(), file="policies/p.en.md"
    )
    files = {"policies/p.en.md": (POLICY_FRONT + BEFORE + POLICY_MIDDLE + AFTER).encode()}
    try:
        result = put_entry(files, fields, replacing=("p/two", "en"))
    except EditError:
        return
    entries = check_files(result).content.entries
    assert [e.id for e in entries] == ["p/one", fields.id, "p/two/below", "p/three"]
    assert fields_of(entries[1]) == cleaned(fields)
    text = result["policies/p.en.md"].decode()
    assert text.startswith(POLICY_FRONT + BEFORE)
    assert text.endswith(AFTER)


@pytest.mark.parametrize("file", ["faq/n.en.md", "faq/n.yml", "policies/n.en.md"])
@given(fields=FIELDS)
@settings(max_examples=25, deadline=None)
def test_a_new_entry_reads_back_and_goes_again(file: str, fields: EntryFields) -> None:
    policy = file.startswith("policies")
    fields = replace(fields, file=file, kind="policy" if policy else "faq")
    fields = replace(fields, id=f"p/{fields.id}", phrasings=()) if policy else fields
    try:
        result = put_entry({}, fields)
    except EditError:
        return
    (entry,) = check_files(result).content.entries
    said = cleaned(fields)
    assert fields_of(entry) == (
        replace(said, answer=said.answer.strip()) if file.endswith("l") else said
    )
    assert remove_entry(result, fields.key) == {}
