"""Documents into knowledge files that the parser takes without errors."""

import io
import zipfile
from collections.abc import Sequence

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.editing import documents
from knowledge.editing.documents import ImportedDocument, document_to_markdown
from knowledge.editing.errors import EditError
from knowledge.entries import Entry
from knowledge.formats.folder import check_files

HTML = """<html><head><title>T</title><script>alert(1)</script></head><body>Welcome.
<h1>Shipping <b>fees</b></h1><p>a<br>b &lt;i&gt;x&lt;/i&gt; &lt;!-- c</p>
<h2>Zones {1}</h2><ul><li><a href="/zones">here</a></li><li><a href="zones.html">there</a></li>
<li><a href="https://shop.example/z">site</a></li><li><a href="javascript:x()">run</a></li></ul>
<img src="map.png" alt="the map"><h4>Zones {1}</h4><blockquote>Quoted.</blockquote>
<table><tr><th>A</th></tr><tr><td>1</td></tr></table><h2></h2>Under nothing.</body></html>"""


def docx(paragraphs: Sequence[tuple[str, str]]) -> bytes:
    """Return the least of a Word file: paragraphs with a style (empty: none) and a text."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    body = ""
    for style, text in paragraphs:
        styled = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style.startswith("H") else ""
        bold = "<w:rPr><w:b/></w:rPr>" if style == "bold" else ""
        body += f"<w:p>{styled}<w:r>{bold}<w:t>{text}</w:t></w:r></w:p>"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/>'
        "</w:style>"
        for n in (1, 2, 3)
    )

    def relation(kind: str, target: str) -> str:
        one = f'<Relationship Id="r1" Type="{office}/{kind}" Target="{target}"/>'
        return f'<Relationships xmlns="{relations}">{one}</Relationships>'

    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    part = f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{types}">{part}</Types>',
        "_rels/.rels": relation("officeDocument", "word/document.xml"),
        "word/_rels/document.xml.rels": relation("styles", "styles.xml"),
        "word/styles.xml": f'<w:styles xmlns:w="{word}">{styles}</w:styles>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
    }
    return zipped(parts)


def zipped(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Fees"
    for row in rows:
        sheet.append(list(row))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def pdf(lines: Sequence[str], trailer: bytes = b"") -> bytes:
    """Return the least of a PDF: one page of text."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    content = f"BT /F1 12 Tf 72 720 Td 14 TL {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + table
    return data + b"trailer\n<< /Size 6 /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        trailer,
        start,
    )


LOCKED = (
    b"/Encrypt << /Filter /Standard /V 1 /R 2 /O (abcdefghabcdefghabcdefghabcdefgh)"
    b" /U (abcdefghabcdefghabcdefghabcdefgh) /P -1 >> /ID [(a)(b)] "
)


def entries(document: ImportedDocument) -> tuple[Entry, ...]:
    """Return the entries of a file that the parser must take without errors."""
    checked = check_files({document.file: document.text.encode()})
    assert not checked.errors
    return checked.content.entries


def test_a_web_page_becomes_a_policy() -> None:
    document = document_to_markdown("Shipping Fees.html", HTML.encode(), language="en")
    assert document.file == "policies/shipping-fees.en.md"
    assert document.text.startswith("---\nid: shipping-fees\nlanguage: en\n---\n# Shipping Fees {")
    found = {entry.id: entry for entry in entries(document)}
    assert list(found) == [
        f"shipping-fees/{name}"
        for name in ("shipping-fees", "shipping-fees-2", "zones-1", "zones-1-2")
    ]
    zones = found["shipping-fees/zones-1"]
    assert zones.question == "Zones (1)"
    assert "[here](/zones)" in zones.answer
    assert "there" in zones.answer
    assert "zones.html" not in document.text
    assert "[site](https://shop.example/z)" in zones.answer
    assert "javascript" not in document.text
    assert "the map" in zones.answer
    assert "map.png" not in document.text
    assert "alert" not in document.text
    assert "Quoted." in found["shipping-fees/zones-1-2"].answer
    assert "Under nothing." in found["shipping-fees/zones-1-2"].answer
    told = " ".join(document.notes)
    for word in ("images left out: 1", "HTML left out", "links turned into text", "tables"):
        assert word in told


def test_headings_of_a_word_file_become_passages() -> None:
    use = [("Heading1", "Terms"), ("Heading2", "Use"), ("", "As you like.")]
    data = docx([*use, ("Heading3", "Not"), ("", "So.")])
    document = document_to_markdown("terms.docx", data, language="en")
    assert document == ImportedDocument(
        "policies/terms.en.md",
        "---\nid: terms\nlanguage: en\n---\n# Terms\n\n## Use {#use}\nAs you like.\n\n"
        "### Not {#not}\nSo.\n",
        (),
    )
    assert [entry.heading_path for entry in entries(document)] == [
        ("Terms", "Use"), ("Terms", "Use", "Not"),
    ]  # fmt: skip


def test_questions_become_an_faq_file() -> None:
    data = docx([("bold", "怎么退货？"), ("", "打印标签。"), ("bold", "要多久?"), ("", "三天。")])
    document = document_to_markdown("常见问题.docx", data, language="zh")
    assert document.file.startswith("faq/document-")
    found = entries(document)
    assert [(entry.question, entry.answer) for entry in found] == [
        ("怎么退货？", "打印标签。"), ("要多久?", "三天。"),
    ]  # fmt: skip
    assert len({entry.id for entry in found}) == 2


def test_questions_of_a_pdf_are_found_without_headings() -> None:
    data = pdf(["How long does it take?", "Three days.", "", "Where to?", "Here."])
    document = document_to_markdown("faq.pdf", data, language="en")
    assert document.file == "faq/faq.en.md"
    assert [(entry.id, entry.answer) for entry in entries(document)] == [
        ("how-long-does-it-take", "Three days."), ("where-to", "Here."),
    ]  # fmt: skip


def test_a_sheet_becomes_a_table_without_nan() -> None:
    data = xlsx([["Zone", "Price"], ["US", 4.95], ["EU", None]])
    document = document_to_markdown("fees.xlsx", data, language="en")
    (entry,) = entries(document)
    assert entry.heading_path == ("Fees", "Fees")
    assert "| US | 4.95 |" in entry.answer
    assert "NaN" not in entry.answer
    assert any("tables" in note for note in document.notes)


@pytest.mark.parametrize(
    ("name", "text", "answer"),
    [
        ("a.txt", "Just text.\r\nMore.", "Just text.\nMore."),
        ("a.md", "---\nlayout: x\n---\nJust text.", "Just text."),
        ("a.md", "> ? quoted\n\nText.", "? quoted\n\nText."),
        ("a.md", "Title\n=====", "Title"),
        ("a.csv", "a,b\n1,2", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    ],
)
def test_plain_text_is_taken_as_it_is(name: str, text: str, answer: str) -> None:
    document = document_to_markdown(name, text.encode(), language="en")
    (entry,) = entries(document)
    assert entry.answer == answer


def test_a_question_without_an_answer_is_told() -> None:
    text = "# Why?\n\n# How?\n\nSo.\n"
    document = document_to_markdown("a.md", text.encode(), language="en")
    assert [entry.question for entry in entries(document)] == ["How?"]
    assert document.notes == ("'Why?' has no answer in the document; it is only a title now",)


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.pages", b"x", "a.pages can't be imported; save it as one of .pdf"),
        ("a", b"x", "can't be imported"),
        ("a.pdf", b"", "a.pdf is empty"),
        ("a.txt", b" \n", "a.txt holds no text"),
        ("a.pdf", pdf([]), "a.pdf holds no text, perhaps scanned pages"),
        ("a.txt", b"a\xff", "a.txt:1:2: byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a.pdf", b"garbage", "a.pdf is no PDF inside"),
        ("a.pdf", b"%PDF-1.4 broken", "a.pdf is damaged"),
        ("a.pdf", pdf(["x"], LOCKED), "a.pdf has a password; save a copy without one"),
        ("a.docx", b"PK\x03\x04broken", "a.docx is damaged"),
        ("a.docx", zipped({"x": "y"}), "a.docx is damaged"),
        ("a.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + b"x", "a.xlsx has a password or is of an"),
        ("a.txt", b"x" * 20_000_001, "a.txt has more than 20 MB; divide it"),
        ("a.md", b"# h\n" * 2_001, "'A' has more than 2,000 headings; divide the document"),
        ("a.txt", b"x" * 2_000_001, "a.txt has more than 2,000,000 characters"),
    ],
)  # fmt: skip
def test_unreadable_documents_are_refused_with_a_remedy(name: str, data: bytes, told: str) -> None:
    with pytest.raises(EditError) as caught:
        document_to_markdown(name, data, language="en")
    assert str(caught.value).startswith(told) or told in str(caught.value)


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_UNPACKED_BYTES", 5_000_000)
    data = zipped({"word/document.xml": " " * 5_000_001})
    assert len(data) < 10_000
    with pytest.raises(EditError, match="unpacks to more than 5 MB"):
        document_to_markdown("a.docx", data, language="en")


def test_a_locked_archive_is_refused() -> None:
    data = bytearray(docx([("", "x")]))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 8] |= 1  # the flag of an encrypted member
    with pytest.raises(EditError, match="has a password"):
        document_to_markdown("a.docx", bytes(data), language="en")


def test_the_language_is_checked() -> None:
    with pytest.raises(EditError, match=r"'\.\./x' is not a language code"):
        document_to_markdown("a.txt", b"x", language="../x")


@pytest.mark.parametrize("name", ["../../etc/passwd.txt", "C:\\x\\Terms.txt", "a\nb.txt", ".txt"])
def test_a_file_name_never_leaves_its_folder(name: str) -> None:
    try:
        document = document_to_markdown(name, b"Text.", language="en")
    except EditError:
        return
    assert document.file.startswith("policies/")
    assert document.file.count("/") == 1
    assert "\n" not in document.file


MARKS = (
    "# ##  #### > ``` ~~~ --- === - 1. | ** __ [a](b) [a]: ![i](j) <b> </b> <!-- --> <div> {#x} "
    "? ？ \\ product:x <https://a.example> [w](https://a.example) & [ ] ( ) Why? 问？"
).split()
LINES = st.lists(st.one_of(st.sampled_from([*MARKS, " ", "    "]), st.text(max_size=4)), max_size=5)
TEXTS = st.lists(LINES.map("".join), max_size=12).map("\n".join)


@given(text=TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_becomes_a_file_without_errors(text: str) -> None:
    try:
        data = text.encode()
    except UnicodeEncodeError:
        return
    try:
        document = document_to_markdown("notes.md", data, language="en")
    except EditError as error:
        assert any(word in str(error) for word in ("no text", "empty", "NUL", "UTF"))  # noqa: PT017
        return
    assert entries(document)
