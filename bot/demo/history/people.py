"""Made-up customers. Addresses and phone numbers are from the ranges kept free for fiction."""

import random
from datetime import datetime

from bot.demo.history.places import Place
from bot.orders.order import Customer

_GIVEN = (
    "Alice Amir Ana Anders Ben Bianca Carlos Chloe Daniel Deepa Diego Elena Emma Ethan Fatima "
    "Felix Freya Grace Hana Henry Ingrid Isla Ivan Jack Jasmine João Kaito Karin Kwame Laura Leo "
    "Liam Lucía Magnus Malik Marco Maria Mei Nadia Nina Noah Nora Olga Omar Owen Paula Priya Quinn "
    "Rachel Ravi Rosa Ruth Samir Sara Sean Sofia Tara Theo Tomás Uma Victor Wendy Yara Yuki Zoe"
).split()
_FAMILY = (
    "Abebe Adams Almeida Andersen Baker Bauer Bell Brooks Campbell Carter Castillo Clarke Cohen "
    "Costa Davis Dubois Evans Fischer Flores Foster García Green Haddad Hansen Harris Hughes "
    "Ivanova Jackson Jensen Johnson Kaya Keller Khan Kim Kowalski Larsen Lopez Martin Meyer Moreau "
    "Morgan Murphy Nakamura Nguyen Novak Okafor Olsen Park Patel Petrov Reed Rivera Rossi Sato "
    "Schmidt Silva Singh Smith Suzuki Taylor Torres Walker Weber White Wright Young Zimmermann"
).split()
_ZH_FAMILY = {
    "王": "wang", "李": "li", "张": "zhang", "刘": "liu", "陈": "chen", "杨": "yang", "黄": "huang",
    "赵": "zhao", "吴": "wu", "周": "zhou", "徐": "xu", "孙": "sun", "马": "ma", "林": "lin",
    "何": "he", "郭": "guo", "高": "gao", "罗": "luo",
}
_ZH_GIVEN = {
    "伟": "wei", "芳": "fang", "娜": "na", "敏": "min", "静": "jing", "磊": "lei", "洋": "yang",
    "艳": "yan", "勇": "yong", "子涵": "zihan", "雨欣": "yuxin", "浩然": "haoran", "欣怡": "xinyi",
    "宇轩": "yuxuan", "梓萱": "zixuan", "俊杰": "junjie", "晓明": "xiaoming", "雪梅": "xuemei",
    "志强": "zhiqiang", "文博": "wenbo", "思琪": "siqi", "建国": "jianguo", "佳怡": "jiayi",
}
_PLAIN = str.maketrans("ãáéíóú", "aaeiou")
_CHINESE_SHARE = {"CN": 0.97, "HK": 0.9, "TW": 0.9, "SG": 0.5}  # of names; elsewhere 6 %


def make_customer(
    rng: random.Random, customer_id: int, home: Place, created_at: datetime
) -> Customer:
    """Make up a customer; the id keeps the e-mail address unique."""
    if rng.random() < _CHINESE_SHARE.get(home.country, 0.06):
        family, given = rng.choice(list(_ZH_FAMILY)), rng.choice(list(_ZH_GIVEN))
        name, mail = f"{family}{given}", f"{_ZH_GIVEN[given]}.{_ZH_FAMILY[family]}"
    else:
        first, last = rng.choice(_GIVEN), rng.choice(_FAMILY)
        name, mail = f"{first} {last}", f"{first}.{last}".lower().translate(_PLAIN)
    domain = rng.choice(("example.com", "example.org"))
    return Customer(
        id=customer_id,
        name=name,
        email=f"{mail}{customer_id}@{domain}",
        phone=_phone(rng, home.country),
        country=home.country,
        city=home.city,
        created_at=created_at,
    )


def _phone(rng: random.Random, country: str) -> str:
    """555-0100 to 0199 are fictional in North America, 020 7946 0xxx in the UK."""
    if country in ("US", "CA") and rng.random() < 0.8:
        area = rng.choice(("503", "206", "303", "415", "312", "617", "604"))
        return f"+1 {area} 555 01{rng.randrange(100):02d}"
    if country == "GB":
        return f"+44 20 7946 0{rng.randrange(1000):03d}"
    return ""
