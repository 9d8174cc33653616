import re
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.policy_links import policy_path
from bot.settings import Settings, ShopSettings
from knowledge.entries import Content, Entry, Source
from ui.policies import add_policy_pages

TODAY = date(2026, 6, 15)


def passage(id: str, *headings: str, answer: str = "Text.", **more: Any) -> Entry:
    return Entry(id=id, language=more.pop("language", "en"), question=headings[-1], answer=answer,
                 source=Source("policies/a.md", 1), kind=more.pop("kind", "policy"),
                 heading_path=headings, **more)


def browser(*entries: Entry, language: str = "en") -> TestClient:
    clerk: Any = SimpleNamespace(settings=Settings(shop=ShopSettings(name="Lark<b>fell",
                                                                     language=language)))
    api = FastAPI()
    add_policy_pages(api, clerk, lambda: Content(entries, ()), today=lambda: TODAY)
    return TestClient(api)


def headings(page: str) -> list[str]:
    return re.findall(r"<(h\d>[^<]*)</h\d>", page)


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        (passage("returns/costs", "Returns", "Costs"), "/policies/returns?lang=en#costs"),
        (passage("returns/a/b", "R", "A", "B"), "/policies/returns?lang=en#a/b"),
        (passage("returns", "Returns"), "/policies/returns?lang=en"),
        (passage("退货/期限", "退", language="zh"),
         "/policies/%E9%80%80%E8%B4%A7?lang=zh#%E6%9C%9F%E9%99%90"),
        (passage("a?b%/<c>&", "A"), "/policies/a%3Fb%25?lang=en#%3Cc%3E%26"),
        (passage("returns", "Returns", kind="faq"), ""),
    ],
)
def test_where_a_passage_can_be_read(entry: Entry, path: str) -> None:
    assert policy_path(entry) == path


def test_a_whole_policy_in_the_files_order() -> None:
    page = browser(
        passage("returns", "Returns", answer="The **whole** of it."),
        passage("returns/time", "Returns", "Time", answer="60 days."),
        passage("returns/costs/us", "Returns", "Costs", "In the US", answer="Free."),
        passage("returns/costs/abroad", "Returns", "Costs", "Abroad", answer="Yours."),
        passage("returns-old/time", "Old returns", answer="Ten days."),
        passage("returns/faq", "Returns", kind="faq", answer="A question."),
        passage("returns/time", "退货", "期限", language="zh", answer="60 天。"),
    ).get("/policies/returns?lang=en")
    assert page.status_code == 200
    assert headings(page.text) == [
        "h1>Returns", "h2>Time", "h2>Costs", "h3>In the US", "h3>Abroad"]
    assert "<strong>whole</strong>" in page.text
    assert '<section id="time"><h2>Time</h2><p>60 days.</p></section>' in page.text
    assert '<section id="costs/abroad">' in page.text
    for other in ("Ten days", "A question", "天"):
        assert other not in page.text
    assert '<html lang="en">' in page.text
    assert 'href="../"' in page.text


def test_headings_that_share_no_title_stand_below_the_policys_id() -> None:
    page = browser(passage("rules/a", "A"), passage("rules/b", "B")).get("/policies/rules").text
    assert headings(page) == ["h1>rules", "h2>A", "h2>B"]


def test_one_passage_alone_is_not_named_twice() -> None:
    page = browser(passage("rules", "Our rules")).get("/policies/rules").text
    assert headings(page) == ["h1>Our rules"]


@pytest.mark.parametrize(
    ("limits", "shown"),
    [
        ({}, True),
        ({"valid_from": TODAY, "valid_until": TODAY}, True),
        ({"valid_from": date(2026, 6, 16)}, False),
        ({"valid_until": date(2026, 6, 14)}, False),
    ],
)
def test_only_what_is_valid_today(limits: dict[str, date], shown: bool) -> None:
    client = browser(passage("p/a", "P", "A"), passage("p/b", "P", "Bounded", **limits))
    assert ("Bounded" in client.get("/policies/p").text) == shown
    alone = browser(passage("p/b", "P", "Bounded", **limits)).get("/policies/p")
    assert alone.status_code == (200 if shown else 404)


def test_nothing_in_a_policy_becomes_script() -> None:
    evil = '<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://evil.example/p.gif)'
    page = browser(passage('p/"><script>', "<i>Title", "<b>Part", answer=evil,
                           language='en')).get("/policies/p")
    assert "<script" not in page.text
    assert "&lt;script&gt;alert(1)" in page.text
    assert 'href="javascript' not in page.text
    assert "<img" not in page.text
    assert "<i>" not in page.text
    assert "<b>" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/policies/none", "This policy isn&#x27;t here"),
        ("/policies/none?lang=zh", "没有找到这份政策"),
        ("/policies/none?lang=%22%3E%3Cscript%3E", "This policy isn&#x27;t here"),
        ("/policies/%3Cscript%3E", "This policy isn&#x27;t here"),
        ("/policies/..", ""),
    ],
)
def test_no_such_policy(path: str, words: str) -> None:
    answer = browser(passage("returns/a", "Returns", "A")).get(path)
    assert answer.status_code == 404
    assert words in answer.text
    assert "<script" not in answer.text


def test_the_shops_language_without_another() -> None:
    both = (passage("p/a", "Rules", "A"), passage("p/a", "规则", "甲", language="zh"))
    assert headings(browser(*both).get("/policies/p").text)[0] == "h1>Rules"
    page = browser(*both, language="zh").get("/policies/p").text
    assert headings(page)[0] == "h1>规则"
    assert "返回聊天" in page


def test_the_other_languages_of_a_policy_are_linked() -> None:
    client = browser(passage("p/a", "Rules", "A"), passage("p/a", "规则", "甲", language="zh"),
                     passage("p/a", "Regeln", "A", language="de"))
    assert 'href="../policies/p?lang=zh" lang="zh" hreflang="zh">中文</a>' in client.get(
        "/policies/p?lang=en").text
    missing = client.get("/policies/p?lang=fr")
    assert missing.status_code == 404
    assert re.findall(r'hreflang="(\w+)"', missing.text) == ["de", "en", "zh"]


def test_an_edit_shows_at_once() -> None:
    live = [Content((passage("p/a", "P", "A", answer="Before."),), ())]
    clerk: Any = SimpleNamespace(settings=Settings(shop=ShopSettings(name="a")))
    api = FastAPI()
    add_policy_pages(api, clerk, lambda: live[0])
    client = TestClient(api)
    assert "Before." in client.get("/policies/p").text
    live[0] = Content((passage("p/a", "P", "A", answer="After."),), ())
    assert "After." in client.get("/policies/p").text
