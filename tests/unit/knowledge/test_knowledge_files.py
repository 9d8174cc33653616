"""Knowledge files into entries and products, and their mistakes into problems with a place."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.entries import Content, Entry, KnowledgeError, Product, Source
from knowledge.formats.digests import content_digest
from knowledge.formats.folder import load_folder
from knowledge.formats.markdown_faq import parse_markdown_faq
from knowledge.formats.markdown_policy import parse_markdown_policy
from knowledge.formats.product_feed import parse_products
from knowledge.formats.questions import load_questions, parse_questions
from knowledge.formats.reading import Problems, decode
from knowledge.formats.yaml_faq import parse_yaml_faq

Write = Callable[[Mapping[str, str | bytes]], Path]

FAQ = """---
language: en
tags: [delivery]
---
# Delivery

## How long? {#period intent=delivery_period tags=time valid-from=2026-12-01 valid-until=2026-12-27}
> when will it come
> delivery times

Takes **3–5 days**.

```
## not a heading
```

## Next {#next}
Second answer.
"""
POLICY = """---
id: returns
language: en
intent: check_return_policy
---
# Returns policy
Intro.
## Time limit
Sixty days.
### Sale items
The same.
## Gone
### Socks {#socks intent=return_item}
No socks.
"""
YAML = """language: en
entries:
  - id: 007
    intent: gift_card
    tags: [gift]
    valid-from: 2026-01-01
    question: How do I check it?
    phrasings:
      - how much is left
      - yes
    answer: |
      Open **it**.
      - now
    translations:
      zh:
        question: 怎么查？
        phrasings: [还剩多少]
        answer: 打开。
"""
HEADER = "id,title,description,link,image_link,availability,price"
ROW = "A1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD"


def test_markdown_faq_holds_everything_an_entry_can_say() -> None:
    problems = Problems("faq/a.en.md")
    first, second = parse_markdown_faq(FAQ, problems)
    assert problems.found == []
    assert first == Entry(
        id="period",
        language="en",
        question="How long?",
        answer="Takes **3–5 days**.\n\n```\n## not a heading\n```",
        source=Source("faq/a.en.md", 7),
        intent="delivery_period",
        phrasings=("when will it come", "delivery times"),
        tags=frozenset({"delivery", "time"}),
        valid_from=date(2026, 12, 1),
        valid_until=date(2026, 12, 27),
    )
    assert (second.id, second.intent, second.phrasings) == ("next", None, ())
    assert second.source.line == 17


def test_yaml_faq_gives_one_entry_a_language_and_guesses_no_types() -> None:
    problems = Problems("faq/g.yml")
    english, chinese = parse_yaml_faq(YAML, problems)
    assert problems.found == []
    assert (english.id, english.phrasings) == ("007", ("how much is left", "yes"))
    assert english.answer == "Open **it**.\n- now"
    assert (english.source.line, chinese.source.line) == (7, 16)
    assert (chinese.id, chinese.language, chinese.answer) == ("007", "zh", "打开。")
    assert chinese.tags == english.tags == {"gift"}
    assert chinese.valid_from == date(2026, 1, 1)


def test_policy_passages_carry_their_heading_path() -> None:
    problems = Problems("policies/r.en.md")
    passages = parse_markdown_policy(POLICY, problems)
    assert problems.found == []
    assert [(p.id, p.heading_path, p.intent) for p in passages] == [
        ("returns", ("Returns policy",), "check_return_policy"),
        ("returns/time-limit", ("Returns policy", "Time limit"), "check_return_policy"),
        (
            "returns/time-limit/sale-items",
            ("Returns policy", "Time limit", "Sale items"),
            "check_return_policy",
        ),
        ("returns/socks", ("Returns policy", "Gone", "Socks"), "return_item"),
    ]
    assert passages[1].answer == "Sixty days."
    assert {p.kind for p in passages} == {"policy"}


CSV = (
    HEADER + ',sale_price,color,size,use,rating,review_count,stock,title_zh,weight_g\n'
    + ROW + ',99.5 USD,red/blue,"S,M","hiking, camping",4.5,12,3,外套,900\n'
)  # fmt: skip
TSV = CSV.replace('"S,M"', "S;M").replace('"hiking, camping"', "hiking;camping")
TSV = TSV.replace(",", "\t").replace(";", ",").replace("image_link", "image link")
JSONL = (
    '{"id": "A1", "title": "Coat", "description": "Warm", "link": "https://x", '
    '"image_link": "/a.svg", "availability": "in stock", "price": "129.00 USD", '
    '"sale_price": "99.5 USD", "color": ["red", "blue"], "size": "S,M", '
    '"use": ["hiking", "camping"], "rating": 4.5, "review_count": 12, "stock": 3, '
    '"title_zh": "外套", "weight_g": 900}\n'
)


@pytest.mark.parametrize(("suffix", "text"), [(".csv", CSV), (".tsv", TSV), (".jsonl", JSONL)])
def test_every_feed_format_says_the_same(
    suffix: Literal[".csv", ".tsv", ".jsonl"], text: str
) -> None:
    problems = Problems("products")
    (product,) = parse_products(text, suffix, problems)
    assert problems.found == []
    assert product == Product(
        id="A1",
        title="Coat",
        description="Warm",
        link="https://x",
        image_link="/a.svg",
        availability="in_stock",
        price=Decimal("129.00"),
        currency="USD",
        source=Source("products", 1 if suffix == ".jsonl" else 2),
        sale_price=Decimal("99.5"),
        colors=("red", "blue"),
        sizes=("S", "M"),
        uses=("hiking", "camping"),
        rating=4.5,
        review_count=12,
        stock=3,
        titles={"zh": "外套"},
        extra={"weight_g": "900"},
    )
    assert product.current_price == Decimal("99.5")


FRONT = "---\nlanguage: en\n---\n"
YAML_ENTRY = "language: en\nentries:\n  - id: a\n    question: Q\n"
MISTAKES = [
    ("faq/a.md", "## Q {#a}\nA", "1:1: no front matter"),
    ("faq/a.md", "---\nlanguage: en\n", "1:1: front matter has no end"),
    ("faq/a.md", "---\ntags: [x]\n---\n## Q {#a}\nA", "1:1: no language"),
    ("faq/a.md", "---\nlanguage: English\n---\n## Q {#a}\nA", "2:11: 'English' is not a language"),
    ("faq/a.md", "---\nlanguage: [en\n---\n## Q {#a}\nA", "2:14: not valid YAML"),
    ("faq/a.md", "---\nlang: en\n---\n", "2:1: 'lang' is not a known key; did you mean 'language'"),
    ("faq/a.md", FRONT + "## Q\nA", "4:1: no id"),
    ("faq/a.md", FRONT + "## Q {#a}\n> only a phrasing\n", "4:1: no answer"),
    ("faq/a.md", FRONT + "## {#a}\nA", "4:1: no question"),
    ("faq/a.md", FRONT + "## Q {#a itent=x}\nA", "4:10: 'itent' is not a known key"),
    ("faq/a.md", FRONT + "## Q {#a valid-from=2026-02-30}\nA", "4:10: '2026-02-30' is not a date"),
    ("faq/a.md", FRONT + "## Q {#a}\nA\n\n## R {#a}\nB", "7:1: id 'a' is already used in en at"),
    ("faq/a.md", FRONT + "stray\n## Q {#a}\nA", "4:1: text before the first heading"),
    ("faq/a.md", FRONT + "## Q {#a}\nA <script>x</script>", "4:1: the answer of 'a' holds HTML"),
    ("faq/a.md", FRONT + "## Q {#a}\n![x](y)", "4:1: the answer of 'a' holds an image"),
    ("faq/a.md", b"---\nlanguage: en\n---\n\xe4\xb8\xad\xff", "4:2: byte 0xff is not UTF-8"),
    ("faq/a.yml", YAML_ENTRY, "3:5: no answer (en)"),
    ("faq/a.yml", YAML_ENTRY + "    anwser: x\n", "5:5: 'anwser' is not a known key; did you mean"),
    ("faq/a.yml", YAML_ENTRY + "    id: b\n    answer: x\n", "5:5: 'id' stands here twice"),
    ("faq/a.yml", "language: en\nentries:\n  - question: Q\n    answer: A\n", "3:5: no id"),
    ("faq/a.yml", "entries:\n  - id: a\n    question: Q\n    answer: A\n", "1:1: no language"),
    ("faq/a.yml", "language: en\nentries: nothing\n", "2:10: entries is not a list"),
    (
        "faq/a.yml",
        "language: en\nentries:\n  - {id: a, question: [q], answer: A}\n",
        "3:23: question",
    ),
    ("faq/a.yml", 'language: "\\UFFFFFFFF"\n', "1:1: not valid YAML"),
    ("faq/a.yml", "[" * 600, "1:1: not valid YAML"),
    ("faq/a.txt", "hello", "1:1: is not read here; FAQ files end in .md or .yml"),
    ("delivery.md", "hello", "1:1: is not read here; move it into faq/"),
    ("policies/a.md", "---\nlanguage: en\n---\n# T\nx", "1:1: no id"),
    ("policies/a.md", "---\nid: p\nlanguage: en\n---\n# T\n", "1:1: no passage"),
    ("products.csv", "id,title\nA,B\n", "1:1: no column description"),
    ("products.csv", f"{HEADER}\n{ROW.replace('129.00 USD', '$129')}\n", "2:40: price '$129'"),
    (
        "products.csv",
        f"{HEADER}\n{ROW.replace('in_stock', 'maybe')}\n",
        "2:31: availability 'maybe'",
    ),
    ("products.csv", f"{HEADER}\n{ROW},more\n", "2:1: 8 columns instead of the header's 7"),
    ("products.csv", f"{HEADER}\n{ROW}\n{ROW}\n", "3:1: id 'A1' is already used at products.csv:2"),
    ("products.csv", f'{HEADER}\n{ROW}\n"A2,', "3:1: not readable"),
    ("products.csv", f"{HEADER},sale_price\n{ROW},130.00 USD\n", "2:51: sale_price '130.00 USD'"),
    ("products.csv", f"{HEADER},rating\n{ROW},7\n", "2:51: rating '7' is not valid"),
    ("products.csv", f"{HEADER},stock\n{ROW},1.5\n", "2:51: stock '1.5' is not valid"),
    ("products.jsonl", '{"id": 1}\n[]\n', "2:1: not a JSON object"),
    ("products.jsonl", '{"id" 1}\n', "1:7: not valid JSON"),
]


@pytest.mark.parametrize(("name", "content", "expected"), MISTAKES)
def test_every_mistake_is_named_with_its_place(
    folder: Write, name: str, content: str | bytes, expected: str
) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_folder(folder({name: content}))
    lines = [str(problem) for problem in caught.value.problems]
    assert any(line.startswith(f"{name}:{expected}") for line in lines), lines


def test_all_problems_of_all_files_come_at_once(folder: Write) -> None:
    root = folder({"faq/a.md": FRONT + "## Q\nA\n## R\nB", "faq/b.yml": "entries: []\n"})
    with pytest.raises(KnowledgeError) as caught:
        load_folder(root)
    assert [(p.file, p.line) for p in caught.value.problems] == [
        ("faq/a.md", 4),
        ("faq/a.md", 6),
        ("faq/b.yml", 1),
    ]


def test_a_missing_and_an_empty_folder_say_what_to_do(tmp_path: Path) -> None:
    for path, expected in [(tmp_path / "none", "no such folder"), (tmp_path, "holds no entry")]:
        with pytest.raises(KnowledgeError, match=expected):
            load_folder(path)


def test_a_folder_joins_all_formats_and_passes_over_what_is_not_knowledge(folder: Write) -> None:
    root = folder(
        {
            "faq/a.en.md": "\ufeff" + FAQ.replace("\n", "\r\n"),
            "faq/deeper/g.yml": YAML,
            "policies/r.en.md": POLICY,
            "products.csv": CSV,
            "README.md": "hello",
            "faq/.draft.md": "not yet",
            "pictures/a.png": b"\x89PNG",
        }
    )
    content = load_folder(root)
    assert len(content.entries) == 2 + 2 + 4
    assert [product.id for product in content.products] == ["A1"]
    assert content.entries[0].source == Source("faq/a.en.md", 7)
    assert content.entries[0].phrasings == ("when will it come", "delivery times")


def test_the_digest_changes_with_the_content_and_only_with_it(folder: Write) -> None:
    root = folder({"faq/a.en.md": FAQ, "products.csv": CSV})
    before = content_digest(load_folder(root))
    assert content_digest(load_folder(root)) == before
    (root / "faq/a.en.md").write_text(FAQ.replace("3–5", "2–4"), encoding="utf-8")
    assert content_digest(load_folder(root)) != before


def test_questions_know_topics_entries_and_what_must_not_be_answered(tmp_path: Path) -> None:
    path = tmp_path / "questions.yml"
    path.write_text(
        "questions:\n"
        "  - {question: where is it, language: en, intents: [track_order, delivery_period]}\n"
        "  - {question: 天气如何, language: zh, intents: []}\n"
        "  - {question: how long, language: en, entry: period}\n",
        encoding="utf-8",
    )
    asked = load_questions(path)
    assert [q.acceptable for q in asked] == [
        {"track_order", "delivery_period"},
        frozenset(),
        {"period"},
    ]
    assert (asked[1].language, asked[1].source.line) == ("zh", 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("questions:\n  - {question: x, language: en}\n", "q.yml:2:5: needs either"),
        ("questions:\n  - {language: en, intents: []}\n", "q.yml:2:5: no question"),
        ("questions:\n  - {question: x, intents: [], lang: en}\n", "q.yml:2:32: 'lang' is not"),
        ("question: x\n", "q.yml:1:1: 'question' is not a known key"),
    ],
)
def test_mistakes_in_questions_have_a_place(text: str, expected: str) -> None:
    problems = Problems("q.yml")
    parse_questions(text, problems)
    assert any(str(problem).startswith(expected) for problem in problems.found), problems.found


# Text that gets past the first check, so that the deeper ones see nonsense too.
_NONSENSE = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.text(max_size=100).map(lambda text: (FRONT + text).encode("utf-8", "surrogatepass")),
    st.text(max_size=60).map(lambda t: (YAML_ENTRY + t).encode("utf-8", "surrogatepass")),
    st.text(max_size=60).map(lambda t: f"{HEADER}\n{ROW}{t}".encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from([*"#{}=>[]:-&*!|'\"\\ \n\t,aé中0", "##", "---", "{#a}"])).map(
        lambda parts: (FRONT + "".join(parts)).encode()
    ),
)


@settings(max_examples=150, deadline=None)
@given(data=_NONSENSE)
@example(data=b"language: &a [*a]")
@example(data=b"language: en\nentries: &a [*a]")
@example(data=b'{"id": ' + b"[" * 3_000)
@example(data=b'{"stock": ' + b"9" * 5000 + b"}")
@example(data=FRONT.encode() + b"> " * 3000)
@example(data=b"%YAML 9.9\n---\na: 1")
def test_no_content_crashes_a_reader(data: bytes) -> None:
    problems = Problems("file")
    text = decode(data, problems)
    if text is None:
        assert problems.found
        return
    values: list[object] = [
        *parse_markdown_faq(text, problems),
        *parse_markdown_policy(text, problems),
        *parse_yaml_faq(text, problems),
        *parse_products(text, ".csv", problems),
        *parse_products(text, ".tsv", problems),
        *parse_products(text, ".jsonl", problems),
        *parse_questions(text, problems),
    ]
    assert values or problems.found
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems.found)


@settings(max_examples=30, deadline=None)
@given(data=_NONSENSE)
def test_no_file_crashes_a_folder(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    root = tmp_path_factory.mktemp("knowledge")
    for name in ("faq/a.md", "faq/a.yml", "policies/a.md", "products.csv", "products.jsonl"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(data)
    try:
        assert isinstance(load_folder(root), Content)
    except KnowledgeError as error:
        if not error.problems:
            raise
