"""Personal data in shoppers' words, replaced by labels before people who edit knowledge see them.

Found by patterns, so not everything is found. What has a form of its own is found well: e-mail
addresses, links, card numbers, IBANs, IP addresses, Chinese identity numbers, telephone and order
numbers. Street addresses are found where they look like `12 Some Street`, `Hauptstraße 12` or
`建国路88号`; other forms, house names and bare towns are not. Names are found only after words
that introduce them (`my name is`, `我叫`), before 先生 or 女士, or after `Mr`. A name that just
stands in a sentence stays, and so does a nickname or an illness told. Labels may also hide what is
not personal: ten digits may be anything.
"""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from ipaddress import ip_address

from nlu.finders.contacts import find_emails, find_phones
from nlu.finders.dates import find_dates
from nlu.finders.money import find_money
from nlu.finders.order_numbers import find_order_numbers
from nlu.finders.sizes import find_sizes
from nlu.finders.span import Span, fold, overlaps

LABEL = re.compile(r"\[(?:email|link|card|iban|id|ip|address|postcode|phone|order|number|name)\]")
"""What masked text holds in place of personal data."""

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_LINK = re.compile(rf"(?<![a-z0-9])(?:https?://|www\.)[^\s<>{_HAN}，。；！？]+")
_CARD = re.compile(r"(?<![\w.,+-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IBAN = re.compile(
    r"(?<![a-z0-9])[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){2,7}(?: ?[a-z0-9]{1,3})?(?![a-z0-9])"
)
_HAN_ID = re.compile(r"(?<![a-z\d])[1-9]\d{16}[\dx](?![a-z\d])")
_SOCIAL = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")
_IP = re.compile(
    r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w:]|\.\d)"
)

# Words that stand between a number and "street" in an address; "2 days on the road" has others.
_WORD = (
    r"(?!(?:on|in|at|the|of|for|to|and|or|by|with|my|your|day|days|week|weeks|hour|hours|man|"
    r"men|person|people|pair|pairs|kg|km|mm|cm|from|off|near|per|is|are|was)\b)[a-zà-ÿ0-9'.-]+"
)
_UNIT = r"(?:,? ?(?:apt|apartment|unit|suite|flat|floor|#)\.? ?[a-z0-9-]{1,6})?"
_STREET = re.compile(
    rf"(?<![\w$€£¥.#-])\d{{1,5}}[a-z]?,? (?:{_WORD} ){{1,4}}"
    r"(?:street|road|avenue|boulevard|lane|highway|crescent|terrace|rd|ave|blvd|ln|hwy)\b\.?"
    rf"{_UNIT}"
    r"|(?<![\w-])[a-zà-ÿ]{2,40}-?(?:straße|strasse|str\.|gasse|allee|platz) ?\d{1,4}[a-z]?\b"
    r"|\bp\.? ?o\.? box \d{1,6}\b"
)
# These words are others, too ("2 boots on the way"): only when capitals show that it is a name.
_CAPITAL_STREET = re.compile(
    r"(?<![\w$€£¥.#-])\d{1,5}[A-Za-z]?,? (?:[A-Z][\w'.-]*,? ){1,3}"
    r"(?:St|Dr|Drive|Way|Court|Ct|Place|Pl|Square|Sq|Close|Gardens|Park|Hill|Row)\b\.?"
)
_POSTCODE = re.compile(
    r"(?<![a-z0-9])[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}(?![a-z0-9])"
    r"|(?:(?<=zip )|(?<=zip code )|(?<=postcode )|(?<=postal code )|(?<=邮编)|(?<=邮编是))"
    r"(?:is |: ?)?[\d-]{4,10}(?!\d)"
)
_STATE_POSTCODE = re.compile(r"(?<=\b[A-Z]{2} )\d{5}(?:-\d{4})?(?![\w.])")
# A character of a Chinese place name: not of the words that lead to one (我住在…, 寄到…, 地址是…).
_PLACE = r"(?:(?![我你他她住在到寄送是址为发给和])[\u4e00-\u9fff])"
_HAN_NUMBER = r"[\da-z一二三四五六七八九十百零-]{1,8}"
_ROOM = rf"{_HAN_NUMBER}(?:号楼|号院|号|弄|栋|幢|座|单元|层|楼|室|房)"
_ESTATE = rf"{_PLACE}{{2,8}}?(?:小区|花园|公寓|大厦|广场|苑|宿舍)"
_HAN_ADDRESS = re.compile(
    rf"(?:{_PLACE}{{2,24}}?(?:路|街|大道|巷|弄|胡同|村|镇){_HAN_NUMBER}号|{_PLACE}{{0,16}}?{_ESTATE}{_ROOM})"
    rf"(?:{_ROOM}|{_ESTATE}){{0,6}}(?:\d{{1,4}}(?!\d))?"
)

_KEYED_ORDER = re.compile(
    r"(?:\border|订单编号|订单号码?|订单|单号|编号)(?: ?(?:number|no|num|id|ref|号))?\.? ?"
    r"(?:is|was|:|是|为)? ?#? ?"
    r"(?P<number>(?=[a-z-]{0,6}\d{4})[a-z-]{0,6}\d[\da-z-]{3,24})(?![a-z\d.])"
)
# A unit after a number says that it is a measure: 10000 mm, 20000mAh, 15000 lumens.
_MEASURE = (
    r"(?! ?(?:%|°|k?g\b|m?ah\b|lumens?\b|lm\b|ml\b|k?m\b|mm\b|cm\b|ft\b|feet|w\b|wh\b|kwh\b|watts?|"
    r"steps|miles|hours|people|points|元|块|毫|米|克|流明|步|公里|小时|瓦|美|欧|人|积分))"
)
_NUMBER = re.compile(rf"(?<![\w.,$€£¥#-])#?\d{{5,}}(?![\w%]|[.,:]\d){_MEASURE}")
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\d{{6,}}(?![a-z\d%]|[.,]\d){_MEASURE}")
_CODE = re.compile(
    r"(?<![a-z\d_-])(?=[a-z\d-]*[a-z])(?=(?:[a-z-]*\d){8})[a-z\d-]{9,34}(?![a-z\d_-])"
)

_LATIN_NAME = r"[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]*\.?){0,2}"
_NAME = re.compile(
    r"(?i:\b(?:my name is|my name's|name is|name's|name:|call me|signed,?|regards,?|recipient:?) )"
    rf"(?P<called>{_LATIN_NAME}|(?<=my name is )[a-z]+(?: [a-z]+)?(?=[.,!?]|$))"
    r"|\b(?:I'm|I’m|I am|i'm|i am|im) "
    r"(?P<said>(?!Not|So|In|On|At|Just|Looking|From|Very|American|British|German|French|Chinese|"
    r"Canadian|Size|Black|Friday|Christmas|PayPal|Visa|Monday|Tuesday|Wednesday|Thursday|Saturday|"
    r"Sunday|A\b)[A-ZÀ-Þ][a-zß-ÿ'’-]+(?: [A-ZÀ-Þ][a-zß-ÿ'’-]+)?)(?=[ .,!?;]|$)"
    rf"|\b(?:Mr|Mrs|Ms|Miss|Dr)\.? (?!Martens)(?P<titled>{_LATIN_NAME})"
)
_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|司徒|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余"
    "杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武"
    "戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申耿关焦左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成"
    "苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦])"
)
_HAN_NAME = re.compile(
    r"(?:我叫|我的名字是|名字叫|(?:姓名|收件人|收货人|联系人)[是:：]?) ?"
    rf"(?P<called>{_SURNAME}[{_HAN}]{{1,2}})"
    rf"|(?:我姓|免贵姓)(?P<surname>{_SURNAME})|(?P<titled>{_SURNAME})(?=先生|女士|小姐|太太)"
)


def mask(text: str) -> str:
    """Return the text with labels such as `[email]` in place of personal data; see above."""
    folded = fold(text)
    measures = [
        *find_dates(folded, datetime.now(UTC).date()),
        *find_money(folded),
        *find_sizes(folded, text),
    ]
    spans: list[Span] = []
    for label, find in _FINDERS:
        sure = label not in ("phone", "order", "number")  # digits that may just be a measure
        for start, end in find(folded, text):  # one finder may find the same twice
            free = not overlaps(start, end, spans)
            if free and (sure or not overlaps(start, end, measures)):
                spans.append(Span(start, end, label))
    for span in sorted(spans, key=lambda span: span.start, reverse=True):
        text = f"{text[: span.start]}[{span.value}]{text[span.end :]}"
    return text


def without_labels(text: str) -> str:
    """Return masked text as a shopper might type it: single spaces, and no `[order]`."""
    return re.sub(r" (?=[?,.!;:])", "", " ".join(LABEL.sub(" ", text).split()))


_Places = Iterator[tuple[int, int]]
_Finder = Callable[[str, str], _Places]


def _pattern(*patterns: re.Pattern[str], typed: bool = False) -> _Finder:
    """Find the patterns' named group that matched, or the whole match.

    Patterns read the folded text; with `typed` the original, which has capitals.
    """

    def find(folded: str, text: str) -> _Places:
        for pattern in patterns:
            for match in pattern.finditer(text if typed else folded):
                yield match.span(match.lastgroup or 0)

    return find


def _checked(pattern: re.Pattern[str], valid: Callable[[str], bool]) -> _Finder:
    def find(folded: str, text: str) -> _Places:
        return (m.span() for m in pattern.finditer(folded) if valid(m.group()))

    return find


def _card(typed: str) -> bool:
    """Whether the check digit is right (Luhn, ISO/IEC 7812)."""
    digits = [int(d) for d in typed if d.isdigit()][::-1]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1


def _iban(typed: str) -> bool:
    """Whether the check digits are right (ISO 13616: 1 modulo 97)."""
    plain = typed.replace(" ", "")
    if not 15 <= len(plain) <= 34:
        return False
    return int("".join(str(int(c, 36)) for c in plain[4:] + plain[:4])) % 97 == 1


def _han_id(typed: str) -> bool:
    """Whether the check character is right (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(d) * w for d, w in zip(typed, weights, strict=False))
    return "10x98765432"[total % 11] == typed[17]


def _ip(typed: str) -> bool:
    try:
        ip_address(typed)
    except ValueError:
        return False
    return True


def _phones(folded: str, text: str) -> _Places:
    for span in find_phones(folded):
        groups = re.findall(r"\d+", folded[span.start : span.end])
        if max(map(len, groups)) > 2 or groups[0].startswith("0"):  # "38 39 40 41" are sizes
            yield span.start, span.end


_FINDERS: tuple[tuple[str, _Finder], ...] = (
    ("link", _pattern(_LINK)),
    ("email", lambda folded, _: ((s.start, s.end) for s in find_emails(folded))),
    ("iban", _checked(_IBAN, _iban)),
    ("id", _checked(_HAN_ID, _han_id)),
    ("id", _pattern(_SOCIAL)),
    ("card", _checked(_CARD, _card)),
    ("ip", _checked(_IP, _ip)),
    ("address", _pattern(_STREET, _HAN_ADDRESS)),
    ("address", _pattern(_CAPITAL_STREET, typed=True)),
    ("name", _pattern(_NAME, _HAN_NAME, typed=True)),
    ("order", _pattern(_KEYED_ORDER)),
    ("phone", _phones),
    ("order", lambda folded, _: ((s.start, s.end) for s in find_order_numbers(folded))),
    ("postcode", _pattern(_POSTCODE)),
    ("postcode", _pattern(_STATE_POSTCODE, typed=True)),
    ("number", _pattern(_CODE, _NUMBER, _BETWEEN_HAN)),
)
"""In this order: what an earlier one found, a later one leaves."""
