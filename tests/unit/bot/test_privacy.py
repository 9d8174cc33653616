import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import LABEL, mask, without_labels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("write to Ann.Lee+x@example.co.uk please", "write to [email] please"),
        ("我的邮箱ann@example.org，谢谢", "我的邮箱[email]，谢谢"),
        ("see https://example.com/o?mail=a@b.com now", "see [link] now"),
        ("看www.example.com/订单，谢谢", "看[link]订单，谢谢"),
        ("+44 20 7946 0958 is my number", "[phone] is my number"),
        ("call me on 555-123-4567", "call me on [phone]"),
        ("06 12 34 56 78", "[phone]"),
        ("我的手机是13812345678，谢谢", "我的手机是[phone]，谢谢"),
        ("电话 010-62345678", "电话 [phone]"),
        ("where is order 4417?", "where is order [order]?"),
        ("4417 hasn't arrived", "[order] hasn't arrived"),
        ("order number 20240012345 where", "order number [order] where"),
        ("order AB-1234567 is late", "order [order] is late"),
        ("订单号2024001234567到哪了", "订单号[order]到哪了"),
        ("我的订单4417还没到", "我的订单[order]还没到"),
        ("card 4111 1111 1111 1111 was charged", "card [card] was charged"),
        ("5500-0000-0000-0004", "[card]"),
        ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [iban] please"),
        ("GB82WEST12345698765432", "[iban]"),
        ("my ip is 192.168.1.20", "my ip is [ip]"),
        ("2001:db8::ff00:42:8329 is blocked", "[ip] is blocked"),
        ("身份证11010519491231002X可以吗", "身份证[id]可以吗"),
        ("SSN 123-45-6789", "SSN [id]"),
        ("I live at 12 Some Street, Apt 4B", "I live at [address]"),
        ("ship to 221b baker street please", "ship to [address] please"),
        ("send it to 5 Oak Hill Drive", "send it to [address]"),
        ("Hauptstraße 12, Berlin", "[address], Berlin"),
        ("PO Box 1234", "[address]"),
        ("请寄到北京市朝阳区建国路88号3栋502室", "请寄到[address]"),
        ("我住在阳光小区3栋502室", "我住在[address]"),
        ("OR 97201 how long", "OR [postcode] how long"),
        ("ship to SW1A 1AA", "ship to [postcode]"),
        ("邮编100020", "邮编[postcode]"),
        ("My name is Sarah Connor and I want", "My name is [name] and I want"),
        ("my name is sarah", "my name is [name]"),
        ("I'm Tom, where is it", "I'm [name], where is it"),
        ("Mr. Smith ordered it", "Mr. [name] ordered it"),
        ("我叫张伟，想退货", "我叫[name]，想退货"),
        ("我姓王", "我姓[name]"),
        ("李女士的订单", "[name]女士的订单"),
        ("收件人：欧阳娜娜", "收件人：[name]"),
        ("tracking 1Z999AA10123456784 stuck", "tracking [number] stuck"),
        ("快递单号SF1234567890123没动", "快递单号[order]没动"),
        ("account 83746", "account [number]"),
        ("全角１３８１２３４５６７８", "全角[phone]"),
        ("a@b.co and 13812345678", "[email] and [phone]"),
    ],
)
def test_personal_data_becomes_a_label(text: str, expected: str) -> None:
    assert mask(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "do you have size 42 in stock",
        "sizes 38 39 40 41?",
        "Size XL please, I'm XL",
        "is the X200 waterproof",
        "BP-011 vs WH-1000XM4",
        "how warm at -10 °C to -15",
        "under 1500 dollars",
        "it cost $1,299.00 on 12/11/2025",
        "预算2000元",
        "50-100 dollars",
        "delivery by 2025-12-24?",
        "ordered on 3 May 2024, in 2019",
        "14:30 today",
        "20000 mAh power bank",
        "tent with 3000 mm water column",
        "10,000 lumens",
        "can I get 15000 points",
        "version 3.2.1 or 2.0",
        "I'm looking for boots",
        "I'm not sure",
        "I'm German",
        "I am 175 cm and 70 kg",
        "call me later",
        "2 boots on the way",
        "3 man tent on the road",
        "3 day trip in the park",
        "are Dr Martens waterproof",
        "身高175体重70公斤，选M还是L",
        "北京市可以次日达吗",
        "我叫了快递",
        "5号电池",
        "7天无理由退货",
        "这条路好走吗",
        "冲锋衣防水指数20000",
    ],
)
def test_what_shoppers_ask_about_stays(text: str) -> None:
    assert mask(text) == text


@given(st.text(alphabet=st.sampled_from("ab1 9.@-+:#/我叫王路号市\ud800\x00İ１"), max_size=80))
def test_only_labels_are_new_whatever_the_text(text: str) -> None:
    place = 0
    for piece in LABEL.split(mask(text)):
        place = text.index(piece, place) + len(piece)


def test_labels_can_be_taken_out() -> None:
    assert without_labels("where is  order [order], [name]?") == "where is order,?"
