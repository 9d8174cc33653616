"""Entries as a form has them; suggested ids; what a form may not send."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge.editing.fields import EntryFields, default_file, fields_of, suggest_id
from knowledge.editing.writing import EditError, put_entry, remove_entry
from knowledge.entries import Entry, Files, Source
from knowledge.formats import folder
from knowledge.formats.folder import check_files
from knowledge.formats.parsed import ParsedFiles

FIELDS = EntryFields("new", "en", "What is new?", "This.", file="faq/studio.en.md")


def test_fields_are_the_entry_as_text() -> None:
    entry = Entry(
        "a",
        "en",
        "Q?",
        "See [it](product:X).",
        Source("faq/a.en.md", 3),
        intent="topic",
        phrasings=("p",),
        tests=("t",),
        tags=frozenset({"z", "b"}),
        valid_from=date(2026, 12, 1),
    )
    assert fields_of(entry) == EntryFields(
        "a",
        "en",
        "Q?",
        "See [it](product:X).",
        intent="topic",
        phrasings=("p",),
        tests=("t",),
        tags=("b", "z"),
        valid_from="2026-12-01",
        file="faq/a.en.md",
    )
    assert fields_of(entry).key == ("a", "en")


@pytest.mark.parametrize(
    ("question", "taken", "expected"),
    [
        ("How long does delivery take?", (), "how-long-does-delivery-take"),
        (
            "How long does delivery take?",
            ("how-long-does-delivery-take",),
            "how-long-does-delivery-take-2",
        ),
        ("Où est mon café?", (), "ou-est-mon-cafe"),
        ("What's up?", (), "whats-up"),
        ("怎么退货？", (), "entry-57d4b7ba"),
        ("怎么用 PayPal 付款？", (), "entry-d0ee4a4b"),
        ("?!", (), "entry-3f2c2f58"),
    ],
)
def test_an_id_is_made_of_the_question(
    question: str, taken: tuple[str, ...], expected: str
) -> None:
    suggested = suggest_id(question, taken)
    if expected.startswith("entry-"):
        assert suggested == suggest_id(question, taken)
        assert len(suggested) == len("entry-") + 8
        assert suggested.startswith("entry-")
    else:
        assert suggested == expected


def test_long_questions_are_cut_at_a_word() -> None:
    suggested = suggest_id("how " * 40, ())
    assert len(suggested) <= 48
    assert set(suggested.split("-")) == {"how"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_entries_of_the_studio_have_a_file_in_each_language(language: str) -> None:
    fields = replace(FIELDS, language=language, file=default_file(language))
    assert list(put_entry({}, fields)) == [f"faq/studio.{language}.md"]


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("faq/../x.en.md", "faq"),
        ("/faq/x.en.md", "faq"),
        ("faq\\x.en.md", "faq"),
        ("faq/.x.en.md", "faq"),
        ("faq/x.md", "faq"),
        ("faq/x.zh.md", "faq"),
        ("x.en.md", "faq"),
        ("faq/x y.en.md", "faq"),
        ("faq/x.en.md\n", "faq"),
        ("faq/x.txt", "faq"),
        ("", "faq"),
        ("faq/a/x.en.md", "faq"),
        ("faq/" + "x" * 200 + ".en.md", "faq"),
        ("faq/x\0.en.md", "faq"),
        ("policies/x.en.md", "faq"),
        ("faq/x.en.md", "policy"),
        ("policies/x.yml", "policy"),
        ("FAQ/x.en.md", "faq"),
        ("faq/OTHER.en.md", "faq"),
        ("products.csv", "faq"),
        ("faq/notes.txt", "faq"),
    ],
)
def test_files_are_made_in_faq_and_policies_only(file: str, kind: str) -> None:
    files = {
        "faq/other.en.md": b"---\nlanguage: en\n---\n",
        "products.csv": b"",
        "faq/notes.txt": b"",
    }
    with pytest.raises(EditError):
        put_entry(files, replace(FIELDS, file=file, kind=kind))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"question": " "}, "no question"),
        ({"answer": "\n"}, "no answer"),
        ({"id": ""}, "no id"),
        ({"id": "two words"}, "id 'two words' can't be a name"),
        ({"language": "english"}, "'english' is not a language code"),
        ({"intent": "a b"}, "topic 'a b' can't be a name"),
        ({"valid_from": "1.12.2026"}, "'1.12.2026' is not a date; write year-month-day"),
        ({"valid_from": "2026-12-02", "valid_until": "2026-12-01"}, "last day is before the first"),
        ({"question": "two\nlines"}, "more than one line"),
        ({"phrasings": ("a\rb",)}, "more than one line"),
        ({"answer": "a\x07b"}, "invisible character U+0007"),
        ({"answer": "a\ud800b"}, "invisible character U+D800"),
        ({"id": "a\ud800"}, "the id holds the invisible character U+D800"),
        ({"intent": "a\ud800"}, "the topic holds the invisible character U+D800"),
        ({"question": "# one"}, "starts with '#'"),
        ({"answer": "> said"}, "starts with '>'"),
        ({"answer": "  > said"}, "starts with '>'"),
        ({"answer": "Fine.\n## Next {#x}\nMore."}, "line 2 of the answer is a heading"),
        ({"answer": "Fine.\n\n# Next"}, "line 3 of the answer is a heading"),
        ({"phrasings": ("? really",)}, "starts with a mark"),
        ({"tests": ("> really",)}, "starts with a mark"),
        ({"tags": ('a"b',)}, "the tag 'a\"b' holds"),
    ],
)
def test_what_cannot_be_written_is_refused_in_a_sentence(change: dict[str, str], told: str) -> None:
    with pytest.raises(EditError) as caught:
        put_entry({}, replace(FIELDS, **change))  # type: ignore[arg-type]
    assert told in str(caught.value)


def test_a_key_that_no_file_can_hold_is_not_there() -> None:
    with pytest.raises(EditError, match="there is no"):
        remove_entry({"faq/a.en.md": b"---\nlanguage: en\n---\n## Q {#a}\nA\n"}, ("\ud800", "en"))


def numbered(file: str, number: int) -> bytes:
    if file.endswith(".yml"):
        text = f"language: en\nentries:\n- {{id: id-{number}, question: q{number}, answer: a}}\n"
    else:
        text = (
            f"---\nlanguage: en\n---\n## q{number} {{#id-{number}}}\na\n\n## x {{#x-{number}}}\na\n"
        )
    return text.encode()


@pytest.mark.parametrize("suffix", [".en.md", ".yml"])
def test_an_edit_reads_only_the_file_that_it_changes(
    suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files: Files = {f"faq/f{n}{suffix}": numbered(suffix, n) for n in range(12)}
    parsed, read = ParsedFiles(), list[str]()
    check_files(files, parsed)
    parse = folder.parse_file

    def counting(path: str, data: bytes) -> object:
        read.append(path)
        return parse(path, data)

    for module in ("folder", "locating"):
        place = "formats" if module == "folder" else "editing"
        monkeypatch.setattr(f"knowledge.{place}.{module}.parse_file", counting)
    fields = replace(FIELDS, id="id-1", question="q1?", answer="b", file=f"faq/f1{suffix}")
    changed = put_entry(files, fields, replacing=("id-1", "en"), parsed=parsed)
    check_files(changed, parsed)
    assert read == [f"faq/f1{suffix}"]
    remove_entry(changed, ("id-7", "en"), parsed=parsed)
    assert set(read) <= {f"faq/f1{suffix}", f"faq/f7{suffix}"}
