"""Read the product ranges from ranges/*.toml."""

import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from bot.demo.catalogue.model import Category, Model
from bot.demo.catalogue.names import BRANDS_ZH, COLOURS

RANGES = Path(__file__).parent / "ranges"
USES = frozenset("hiking camping running winter travel cycling fishing rain climbing".split())
WATERPROOF = frozenset(("yes", "water-resistant", "no"))


class RangeError(ValueError):
    """A range file says something the catalogue cannot use."""


def text(table: Mapping[str, object], key: str, default: str | None = None) -> str:
    """Return the string at `key`.

    Raises:
        RangeError: if it is missing or no string.
    """
    value = table.get(key, default)
    if not isinstance(value, str):
        raise RangeError(f"{table.get('name')!r}: {key} must be a string")
    return value


def texts(
    table: Mapping[str, object], key: str, known: frozenset[str] | None = None
) -> tuple[str, ...]:
    """Return the list of words at `key`, all of them out of `known` if that is given.

    Raises:
        RangeError: if it is missing, empty or has an unknown word.
    """
    value = table.get(key)
    if not isinstance(value, list) or not value:
        raise RangeError(f"{table.get('name')!r}: {key} must be a list with something in it")
    words = tuple(str(word) for word in value)
    if known is not None and (strange := set(words) - known):
        raise RangeError(
            f"{table.get('name')!r}: unknown {key} {sorted(strange)}; use {sorted(known)}"
        )
    return words


def number(table: Mapping[str, object], key: str, default: float | None = None) -> float:
    """Return the number at `key`.

    Raises:
        RangeError: if it is missing or no number.
    """
    value = table.get(key, default)
    if not isinstance(value, int | float):
        raise RangeError(f"{table.get('name')!r}: {key} must be a number")
    return value


def read_model(table: Mapping[str, object], size: str) -> Model:
    """Return one model; `size` is the category's usual one."""
    brand = text(table, "brand")
    if brand not in BRANDS_ZH:
        raise RangeError(f"brand {brand!r} has no Chinese name; add it to names.py")
    waterproof = text(table, "waterproof", "no")
    if waterproof not in WATERPROOF:
        raise RangeError(f"{table.get('name')!r}: waterproof must be one of {sorted(WATERPROOF)}")
    return Model(
        brand=brand,
        name=text(table, "name"),
        name_zh=text(table, "name_zh"),
        text=text(table, "text"),
        text_zh=text(table, "text_zh"),
        price=Decimal(str(number(table, "price"))).quantize(Decimal("0.01")),
        weight_g=int(number(table, "weight_g")),
        waterproof=waterproof,
        materials=texts(table, "materials"),
        size=text(table, "size", size),
        gender=text(table, "gender", "unisex"),
        colours=texts(table, "colours", frozenset(COLOURS)),
        uses=texts(table, "uses", USES),
        shape=text(table, "shape"),
        parts=int(number(table, "parts", 2)),
        hood=bool(table.get("hood", False)),
    )


def read_category(path: Path) -> Category:
    """Return the category one file describes.

    Raises:
        RangeError: if something in it is missing, misspelt or of the wrong kind.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        models = table.get("model", [])
        return Category(
            name=text(table, "category"),
            name_zh=text(table, "category_zh"),
            code=text(table, "code"),
            google_product_category=text(table, "google_product_category"),
            scenes=texts(table, "scenes"),
            models=tuple(read_model(model, text(table, "size")) for model in models),
        )
    except (RangeError, tomllib.TOMLDecodeError) as error:
        raise RangeError(f"{path.name}: {error}") from error


def read_ranges(folder: Path = RANGES) -> tuple[Category, ...]:
    """Return all categories, by file name."""
    return tuple(read_category(path) for path in sorted(folder.glob("*.toml")))
