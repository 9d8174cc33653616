"""Where the demo shop's customers live, and what delivery there costs and takes."""

import random
from dataclasses import dataclass
from decimal import Decimal

# Country: its share of the customers, and cities. Only countries that the shop delivers to.
_COUNTRIES: dict[str, tuple[float, tuple[str, ...]]] = {
    "US": (
        78,
        (
            "Portland", "Seattle", "Denver", "San Francisco", "Los Angeles", "San Diego", "Boise",
            "Salt Lake City", "Phoenix", "Austin", "Dallas", "Chicago", "Minneapolis", "Madison",
            "Atlanta", "Asheville", "Boston", "New York", "Burlington", "Anchorage", "Bend",
            "Boulder", "Spokane", "Missoula", "Santa Fe",
        ),
    ),
    "CA": (6, ("Vancouver", "Calgary", "Toronto", "Montreal", "Banff")),
    "GB": (4, ("London", "Manchester", "Edinburgh", "Keswick")),
    "DE": (2.5, ("Berlin", "München", "Hamburg", "Freiburg")),
    "FR": (1.2, ("Paris", "Lyon", "Chamonix")),
    "NO": (0.6, ("Oslo", "Bergen")),
    "CH": (0.7, ("Zürich", "Bern")),
    "CN": (3, ("上海", "北京", "深圳", "成都", "杭州")),
    "HK": (0.8, ("香港",)),
    "TW": (0.7, ("台北", "高雄")),
    "SG": (0.5, ("Singapore",)),
    "JP": (1, ("東京", "札幌")),
    "AU": (1, ("Sydney", "Melbourne", "Hobart")),
}
_NEXT_DAY_CITIES = ("Portland", "Seattle", "Denver")


@dataclass(frozen=True)
class Place:
    """A city."""

    country: str
    city: str

    @property
    def next_day(self) -> bool:
        """Whether next-day delivery goes there."""
        return self.country == "US" and self.city in _NEXT_DAY_CITIES


def some_place(rng: random.Random) -> Place:
    """Draw a place as often as customers live there."""
    names = list(_COUNTRIES)
    country = rng.choices(names, [_COUNTRIES[n][0] for n in names])[0]
    return another_city(rng, country)


def another_city(rng: random.Random, country: str) -> Place:
    """Draw a city of a country."""
    return Place(country, rng.choice(_COUNTRIES[country][1]))


def another_country(rng: random.Random, than: str) -> str:
    """Draw a country; all alike, so that no country by itself tells honest from not."""
    return rng.choice([name for name in _COUNTRIES if name != than])


def delivery_cost(delivery: str, country: str, goods: Decimal) -> Decimal:
    """Return the price of a delivery in USD."""
    if delivery == "express":
        return Decimal("12.95")
    if delivery == "next-day":
        return Decimal("19.95")
    if country == "US":
        return Decimal("0.00") if goods >= 60 else Decimal("4.95")
    if country == "CA":
        return Decimal("9.95")
    return Decimal("14.95") if country in ("GB", "DE", "FR", "NO", "CH") else Decimal("19.95")


def delivery_days(delivery: str, country: str) -> tuple[int, int]:
    """Return the promised business days, from and to."""
    if delivery == "next-day":
        return 1, 1
    if delivery == "express":
        return 1, 2
    if country == "US":
        return 3, 5
    if country == "CA":
        return 5, 8
    return (6, 10) if country in ("GB", "DE", "FR", "NO", "CH") else (7, 12)
