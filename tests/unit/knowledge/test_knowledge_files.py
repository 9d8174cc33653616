"""Knowledge files into entries and products, and whole folders into content."""

import os
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal

import pytest

from knowledge.entries import Entry, KnowledgeError, Product, Source
from knowledge.formats.folder import check_files, load_files, load_folder, read_folder
from knowledge.formats.markdown_faq import parse_markdown_faq
from knowledge.formats.markdown_policy import parse_markdown_policy
from knowledge.formats.product_feed import parse_products
from knowledge.formats.questions import load_questions, parse_questions
from knowledge.formats.reading import Problems
from knowledge.formats.yaml_faq import parse_yaml_faq

Write = Callable[[Mapping[str, str | bytes]], Path]

FAQ = """---
language: en
tags: [delivery]
---
# Delivery

## How long? {#period intent=delivery_period tags=time valid-from=2026-12-01 valid-until=2026-12-27}
> when will it come
> ? does it come on sundays
> delivery times
> ？ 周日送吗

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

> ? how long do I have
Sixty days.

> A quote of the law.
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
    tests: [is there money left]
    answer: |
      Open **it**.
      - now
    translations:
      zh:
        question: 怎么查？
        phrasings: [还剩多少]
        tests: 卡里还有钱吗
        answer: 打开。
"""
HEADER = "id,title,description,link,image_link,availability,price"
ROW = "A1,Coat,Warm,https://x,/a.svg,in_stock,129.00 USD"


def test_markdown_faq_holds_everything_an_entry_can_say() -> None:
    problems = Problems("faq/a.en.md")
    first, second = (placed.entry for placed in parse_markdown_faq(FAQ, problems))
    assert problems.found == []
    assert first == Entry(
        id="period",
        language="en",
        question="How long?",
        answer="Takes **3–5 days**.\n\n```\n## not a heading\n```",
        source=Source("faq/a.en.md", 7),
        intent="delivery_period",
        phrasings=("when will it come", "delivery times"),
        tests=("does it come on sundays", "周日送吗"),
        tags=frozenset({"delivery", "time"}),
        valid_from=date(2026, 12, 1),
        valid_until=date(2026, 12, 27),
    )
    assert (second.id, second.intent, second.phrasings) == ("next", None, ())
    assert second.source.line == 19


def test_yaml_faq_gives_one_entry_a_language_and_guesses_no_types() -> None:
    problems = Problems("faq/g.yml")
    english, chinese = (placed.entry for placed in parse_yaml_faq(YAML, problems))
    assert problems.found == []
    assert (english.id, english.phrasings) == ("007", ("how much is left", "yes"))
    assert english.answer == "Open **it**.\n- now"
    assert (english.tests, chinese.tests) == (("is there money left",), ("卡里还有钱吗",))
    assert (english.source.line, chinese.source.line) == (7, 17)
    assert (chinese.id, chinese.language, chinese.answer) == ("007", "zh", "打开。")
    assert chinese.tags == english.tags == {"gift"}
    assert chinese.valid_from == date(2026, 1, 1)


def test_policy_passages_carry_their_heading_path() -> None:
    problems = Problems("policies/r.en.md")
    passages = [placed.entry for placed in parse_markdown_policy(POLICY, problems)]
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
    assert passages[1].answer == "Sixty days.\n\n> A quote of the law."
    assert [p.tests for p in passages] == [(), ("how long do I have",), (), ()]
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
    ((product, _),) = parse_products(text, suffix, problems).products
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


def test_all_problems_of_all_files_come_at_once(folder: Write) -> None:
    root = folder({"faq/a.md": FRONT + "## Q\nA\n## R\nB", "faq/b.yml": "entries: []\n"})
    with pytest.raises(KnowledgeError) as caught:
        load_folder(root)
    assert [(p.file, p.line) for p in caught.value.problems] == [
        ("faq/a.md", 4),
        ("faq/a.md", 6),
        ("faq/b.yml", 1),
    ]


def test_a_broken_file_hides_no_entry_of_another() -> None:
    files = {"faq/a.md": b"\xff", "faq/b.en.md": FAQ.encode(), "products.csv": CSV.encode()}
    checked = check_files(files)
    assert [entry.id for entry in checked.content.entries] == ["period", "next"]
    assert [product.id for product in checked.content.products] == ["A1"]
    assert [problem.file for problem in checked.errors] == ["faq/a.md"]


def test_a_warning_keeps_no_content_back() -> None:
    long = {"faq/a.md": (FRONT + "## Q {#a}\n" + "word " * 300).encode()}
    assert [problem.warning for problem in check_files(long).problems] == [True]
    assert check_files(long).errors == ()
    assert [entry.id for entry in load_files(long).entries] == ["a"]


def test_what_can_not_be_read_is_named_by_its_path(folder: Write) -> None:
    root = folder({"faq/a.md": FRONT, "faq/b.md": FRONT, "faq/c.md": FRONT})
    (root / "faq/a.md").unlink()
    (root / "faq/a.md").symlink_to("/proc/self/mem")  # a file that nobody can read from its start
    (root / "faq/b.md").rename(root / "faq" / os.fsdecode(b"\xe9.md"))
    with pytest.raises(KnowledgeError) as caught:
        read_folder(root)
    first, second = map(str, caught.value.problems)
    assert first.startswith("faq/a.md:1:1: can't be read (")
    assert second == "faq/\\udce9.md:1:1: the file's name is not UTF-8; rename the file"


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
