"""The demo shop's product feed and pictures, and the code that makes them."""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.demo.catalogue.drawings.picture import DRAWINGS
from bot.demo.catalogue.feed import COLUMNS
from bot.demo.catalogue.reading import RANGES, USES, RangeError, read_category, read_ranges
from bot.demo.make_products import SHOP, shop_files, write

SVG = "{http://www.w3.org/2000/svg}"
SCRIPTING = re.compile(rb"<script|javascript:|\son\w+=|<foreignObject|<image|(?:href|url)\W+http")
Row = Mapping[str, str]


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    with (SHOP / "knowledge/products.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def pictures() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in (SHOP / "pictures").glob("*.svg")}


def dollars(text: str) -> Decimal:
    match = re.fullmatch(r"(\d+\.\d\d) USD", text)
    assert match, text
    return Decimal(match[1])


def test_committed_files_are_what_the_generator_writes() -> None:
    # Bytes, not text: git must not have changed line ends either.
    stale = [
        name
        for name, text in shop_files().items()
        if (SHOP / name).read_bytes() != text.encode("utf-8")
    ]
    assert not stale, "run: python -m bot.demo.make_products"


def test_writing_drops_pictures_of_products_that_are_gone(tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures/OLD-011.svg").touch()
    count = write(tmp_path)
    assert count == 1 + len(list((tmp_path / "pictures").glob("*.svg")))
    assert not (tmp_path / "pictures/OLD-011.svg").exists()


def test_columns_and_counts(rows: list[Row]) -> None:
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) >= 320
    kinds = Counter(row["product_type"] for row in rows)
    assert set(kinds) == set(DRAWINGS)
    assert len(kinds) == 22
    assert min(kinds.values()) >= 14


@pytest.mark.parametrize("column", ["id", "title", "description", "title_zh", "description_zh"])
def test_unique(rows: list[Row], column: str) -> None:
    repeated = [value for value, count in Counter(r[column] for r in rows).items() if count > 1]
    assert not repeated


def test_required_cells_are_filled(rows: list[Row]) -> None:
    empty = [(r["id"], name) for r in rows for name in COLUMNS if not r[name].strip()]
    assert {name for _, name in empty} <= {"sale_price"}


def test_availability_agrees_with_stock(rows: list[Row]) -> None:
    for row in rows:
        assert row["availability"] in ("in_stock", "out_of_stock", "preorder")
        assert (int(row["stock"]) > 0) == (row["availability"] == "in_stock"), row["id"]
    share = sum(row["availability"] == "out_of_stock" for row in rows) / len(rows)
    assert 0.04 <= share <= 0.08


def test_prices(rows: list[Row]) -> None:
    on_sale = [row for row in rows if row["sale_price"]]
    for row in on_sale:
        assert Decimal(0) < dollars(row["sale_price"]) < dollars(row["price"]), row["id"]
    assert 0.12 <= len(on_sale) / len(rows) <= 0.18
    assert min(dollars(row["price"]) for row in rows) > 5


def test_ratings_and_weights(rows: list[Row]) -> None:
    for row in rows:
        assert Decimal("3.4") <= Decimal(row["rating"]) <= Decimal("4.9")
        assert int(row["review_count"]) > 0
        assert int(row["weight_g"]) > 0
        assert row["waterproof"] in ("yes", "water-resistant", "no")


def test_links_and_pictures_are_named_after_the_product(rows: list[Row]) -> None:
    for row in rows:
        assert row["link"] == f"https://www.larkfell.example/p/{row['id']}"
        assert row["image_link"] == f"/pictures/{row['id']}.svg"


def test_every_category_offers_a_choice(rows: list[Row]) -> None:
    for kind in DRAWINGS:
        mine = [row for row in rows if row["product_type"] == kind]
        uses = {use for row in mine for use in row["use"].split(",")}
        assert uses <= USES
        assert len(uses) >= 4, kind
        assert len({row["color"] for row in mine}) >= 6, kind
        assert any(row["availability"] == "in_stock" for row in mine), kind


def test_groups_are_one_model_in_several_colours(rows: list[Row]) -> None:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["item_group_id"], []).append(row)
    for group, members in groups.items():
        assert len({(m["price"], m["brand"], m["size"], m["weight_g"]) for m in members}) == 1
        assert all(m["id"].startswith(group) for m in members)
    assert sum(len(members) > 1 for members in groups.values()) >= 60


def test_descriptions(rows: list[Row]) -> None:
    for row in rows:
        assert 80 <= len(row["description"]) <= 320, row["id"]
        assert row["description"].endswith(".")
        assert row["description_zh"].endswith("。")
        assert re.search(r"[\u4e00-\u9fff]{3}", row["title_zh"])
        assert "{" not in row["description"] + row["description_zh"]


def test_every_product_has_its_picture(rows: list[Row], pictures: dict[str, bytes]) -> None:
    assert set(pictures) == {row["id"] for row in rows}


def test_pictures_are_small_safe_and_well_formed(
    rows: list[Row], pictures: dict[str, bytes]
) -> None:
    titles = {row["id"]: row["title"] for row in rows}
    for name, data in pictures.items():
        assert len(data) < 4096, name
        assert not SCRIPTING.search(data), name
        root = ElementTree.fromstring(data)
        assert root.tag == f"{SVG}svg"
        assert root.get("viewBox") == "0 0 400 400"
        assert root.findtext(f"{SVG}title") == titles[name]
        ids = [node.get("id") for node in root.iter() if node.get("id")]
        assert len(ids) == len(set(ids)), name
        used = set(re.findall(rb"url\(#(\w+)\)|href=\"#(\w+)\"", data))
        assert {(a or b).decode() for a, b in used} <= set(ids), name


def test_pictures_differ(pictures: dict[str, bytes]) -> None:
    drawn = [re.sub(rb"<title>.*?</title>", b"", data) for data in pictures.values()]
    assert len(set(drawn)) == len(drawn)


def test_every_category_has_several_shapes() -> None:
    for category in read_ranges():
        assert len({model.shape for model in category.models}) >= 2, category.name


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('"hiking"', '"hikin"', "unknown uses"),
        ('brand = "Fernway"', 'brand = "Fenway"', "no Chinese name"),
        ("price = 289.00", 'price = "dear"', "price must be a number"),
        ('shape = "dome"\n', "", "shape must be a string"),
        ('waterproof = "yes"', 'waterproof = "very"', "waterproof must be one of"),
        ('category = "tent"', "category = tent", "tent.toml"),
    ],
)
def test_mistakes_in_a_range_are_explained(
    tmp_path: Path, before: str, after: str, message: str
) -> None:
    text = (RANGES / "tent.toml").read_text(encoding="utf-8")
    assert before in text
    path = tmp_path / "tent.toml"
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(RangeError, match=message):
        read_category(path)
