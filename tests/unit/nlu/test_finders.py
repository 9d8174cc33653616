from datetime import date

import pytest

from nlu.entities import EntityExtractor

TODAY = date(2025, 5, 14)  # a Wednesday
EXTRACTOR = EntityExtractor(
    {"product_type": ("jackets", "jacket", "socks", "帐篷", "tent"), "colour": ("red",)}
)


def check(text: str, name: str, expected: str) -> None:
    """Compare "value [typed]" of every entity of that name, joined by "; "."""
    found = EXTRACTOR.extract(text, TODAY)
    assert all(text[e.start : e.end] == e.text for e in found)
    values = (
        f"{e.value}{'/' + e.role if e.role else ''} [{e.text}]" for e in found if e.name == name
    )
    assert "; ".join(values) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order#4417", "4417 [4417]"),
        ("Order No.: 4417", "4417 [4417]"),
        ("my oder nr 4417 pls", "4417 [4417]"),
        ("odrer 4417", "4417 [4417]"),
        ("order 4 4 1 7", "4417 [4 4 1 7]"),
        ("訂單４４１７還沒到", "4417 [４４１７]"),
        ("我的订单4417和4502都没到", "4417 [4417]; 4502 [4502]"),
        ("帮我查 order 4417 的 status", "4417 [4417]"),
        ("where are 4417/4418", "4417 [4417]; 4418 [4418]"),
        ("the 2024/2025 catalogue", ""),
        ("4417，3件", "4417 [4417]"),
        ("四四一七", "4417 [四四一七]"),
        ("kim@shop.com 13800138000", ""),
    ],
)
def test_order_numbers(text: str, expected: str) -> None:
    check(text, "order_number", expected)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("it is Kim.Lee+shop@Example.co.uk.", "email", "kim.lee+shop@example.co.uk "
         "[Kim.Lee+shop@Example.co.uk]"),
        ("ｋｉｍ＠ｅｘ．ｃｏｍ", "email", "kim@ex.com [ｋｉｍ＠ｅｘ．ｃｏｍ]"),
        ("a@b.com,x@y.org", "email", "a@b.com [a@b.com]; x@y.org [x@y.org]"),
        ("kim@example", "email", ""),
        ("手机号１３８００１３８０００", "phone", "13800138000 [１３８００１３８０００]"),
        ("電話：010-62345678", "phone", "01062345678 [010-62345678]"),
        ("+86 138 0013 8000", "phone", "+8613800138000 [+86 138 0013 8000]"),
        ("(415) 555-0132", "phone", "4155550132 [(415) 555-0132]"),
        ("+49 (0)30 901820", "phone", "+4930901820 [+49 (0)30 901820]"),
        ("2024-12-24", "phone", ""),
        ("size 38 39", "phone", ""),
    ],
)  # fmt: skip
def test_contacts(text: str, name: str, expected: str) -> None:
    check(text, name, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30€", "30 [30€]"),
        ("a 1£ charge", "1 [1£]"),
        ("£50 £60", "50 [£50]; 60 [£60]"),
        ("HK$200", "200 [HK$200]"),
        ("￥１００", "100 [￥１００]"),
        ("€ 1.299,50", "1299.5 [€ 1.299,50]"),
        ("9,99 €", "9.99 [9,99 €]"),
        ("$1,299.50", "1299.5 [$1,299.50]"),
        ("3块5", "3.5 [3块5]"),
        ("三块五", "3.5 [三块五]"),
        ("100块5个", "100 [100块]"),
        ("1万块", "10000 [1万块]"),
        ("1.5万元", "15000 [1.5万元]"),
        ("預算300左右", "300/max [300]"),
        ("预算两百以内", "200/max [两百]"),
        ("超过30天", ""),
        ("最多3个", ""),
    ],
)
def test_money(text: str, expected: str) -> None:
    check(text, "money", expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 天前", "2025-05-11 [3 天前]"),
        ("３天前", "2025-05-11 [３天前]"),
        ("两三天前", "2025-05-11 [两三天前]"),
        ("半个月前", "2025-04-29 [半个月前]"),
        ("下个月5号", "2025-06-05 [下个月5号]"),
        ("上个月20号", "2025-04-20 [上个月20号]"),
        ("這個月三號", "2025-05-03 [這個月三號]"),
        ("本月15日", "2025-05-15 [本月15日]"),
        ("上个月31号", "2025-04-14 [上个月]"),
        ("明年3月", "2026-03-01 [明年3月]"),
        ("去年十二月24号", "2024-12-24 [去年十二月24号]"),
        ("下週三", "2025-05-21 [下週三]"),
        ("2026-12-24", "2026-12-24 [2026-12-24]"),
        ("20250305", "2025-03-05 [20250305]"),
        ("24/12", "2024-12-24 [24/12]"),
        ("from 2/24 to 2/25", "2025-02-24 [2/24]; 2025-02-25 [2/25]"),
        ("24/7", ""),
        ("18/10 steel", ""),
        ("1/2 price", ""),
        ("4/5 stars", ""),
        ("Dec 24th", "2024-12-24 [Dec 24th]"),
        ("the day before yesterday", "2025-05-12 [the day before yesterday]"),
        ("a fortnight ago", "2025-04-30 [a fortnight ago]"),
        ("the 8th of this month", "2025-05-08 [the 8th of this month]"),
        ("friday next week", "2025-05-23 [friday next week]"),
        ("next week on tuesday", "2025-05-20 [next week on tuesday]"),
        ("wednesday of last week", "2025-05-07 [wednesday of last week]"),
        ("next year", "2026-01-01 [next year]"),
        ("last wednsday", "2025-05-07 [last wednsday]"),
        ("tomorow or yesteday", "2025-05-15 [tomorow]; 2025-05-13 [yesteday]"),
        ("last sat", "2025-05-10 [last sat]"),
        ("this sun?", "2025-05-18 [this sun]"),
        ("next sat", "2025-05-24 [next sat]"),
        ("this sun hat", ""),
        ("my dog sat on it", ""),
    ],
)
def test_dates(text: str, expected: str) -> None:
    check(text, "date", expected)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("qty 3", "quantity", "3 [3]"),
        ("数量：5", "quantity", "5 [5]"),
        ("订单4417，3件", "quantity", "3 [3]"),
        ("half a dozen socks", "quantity", "6 [half a dozen]"),
        ("a dozen socks", "quantity", "12 [dozen]"),
        ("2个帐篷", "quantity", "2 [2]"),
        ("兩個帳篷", "quantity", "2 [兩]"),
        ("两个账户", "quantity", ""),
        ("兩個帳戶", "quantity", ""),
        ("2 pairs of socks，size 42", "quantity", "2 [2]"),
        ("extra-large", "size", "XL [extra-large]"),
        ("extra-small", "size", "XS [extra-small]"),
        ("儿童120码", "size", "120 [120]"),
        ("ｓｉｚｅ Ｍ", "size", "M [Ｍ]"),
        ("42.5码", "size", "42.5 [42.5]"),
        ("S, M, L", "size", "S [S]; M [M]; L [L]"),
        ("兩雙 L碼", "size", "L [L]"),
    ],
)
def test_quantities_and_sizes(text: str, name: str, expected: str) -> None:
    check(text, name, expected)


def test_both_languages_in_one_message() -> None:
    text = "我上週五買的 order 4417，two red jackets 兩件 size M，kim@example.com，下个月5号前要"
    found = EXTRACTOR.extract(text, TODAY)
    assert [(e.name, e.value) for e in found] == [
        ("date", "2025-05-09"), ("order_number", "4417"), ("quantity", "2"), ("colour", "red"),
        ("product_type", "jackets"), ("quantity", "2"), ("size", "M"),
        ("email", "kim@example.com"), ("date", "2025-06-05"),
    ]  # fmt: skip
    assert all(text[e.start : e.end] == e.text for e in found)
