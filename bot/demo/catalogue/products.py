"""Turn categories into products: ids, titles, prices, stock and ratings."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from hashlib import sha256

from bot.demo.catalogue.model import Availability, Category, Colour, Model, Product
from bot.demo.catalogue.names import BRANDS_ZH, COLOURS

SEED = "larkfell-34"
OUT_OF_STOCK_SHARE = 0.06
PREORDER_SHARE = 0.03
SALE_SHARE = 0.15
DISCOUNTS = (Decimal("0.15"), Decimal("0.20"), Decimal("0.25"), Decimal("0.30"))


def chance(product_id: str, question: str) -> float:
    """Return a number in [0, 1) that depends on nothing but the product and the question.

    A product added or taken out thus leaves all others as they were.
    """
    digest = sha256(f"{SEED}/{product_id}/{question}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def weight_text(grams: int, *, chinese: bool) -> str:
    """Return a weight as people say it: "890 g", "1.3 kg", "1.3 千克"."""
    if grams < 1000:
        return f"{grams} 克" if chinese else f"{grams} g"
    kilograms = f"{grams / 1000:.2f}".rstrip("0").rstrip(".")
    return f"{kilograms} 千克" if chinese else f"{kilograms} kg"


def sale_price(product_id: str, price: Decimal) -> Decimal | None:
    """Return the reduced price, for about SALE_SHARE of products."""
    if chance(product_id, "sale") >= SALE_SHARE:
        return None
    discount = DISCOUNTS[int(chance(product_id, "discount") * len(DISCOUNTS))]
    whole = int(price * (1 - discount))
    return Decimal(whole) + (Decimal("0.95") if price < 60 else Decimal("0.00"))


def availability(product_id: str) -> tuple[Availability, int]:
    """Return availability and the matching stock."""
    draw = chance(product_id, "availability")
    if draw < OUT_OF_STOCK_SHARE:
        return "out_of_stock", 0
    if draw < OUT_OF_STOCK_SHARE + PREORDER_SHARE:
        return "preorder", 0
    return "in_stock", 1 + int(chance(product_id, "stock") ** 2 * 180)


def rating(product_id: str) -> tuple[Decimal, int]:
    """Return stars, 3.4 to 4.9 and mostly above 4, and how many reviews they come from."""
    low, high = sorted(chance(product_id, f"stars {index}") for index in (1, 2))
    stars = Decimal(34 + round(15 * (0.35 * low + 0.65 * high))) / 10
    return stars, 3 + int(chance(product_id, "reviews") ** 3 * 640)


def sold(category: Category, model: Model, colour: Colour, ids: tuple[str, str]) -> Product:
    """Return one model in one colour; `ids` are the product's and its group's."""
    product_id, group = ids
    state, stock = availability(product_id)
    stars, reviews = rating(product_id)
    title = f"{model.brand} {model.name}"
    description = model.text.format(weight=weight_text(model.weight_g, chinese=False))
    description_zh = model.text_zh.format(weight=f" {weight_text(model.weight_g, chinese=True)}")
    if len(model.colours) > 1:
        title += f", {colour.name.title()}"
        description += f" This one is {colour.name}."
        description_zh += f"此款为{colour.name_zh}。"
    return Product(
        id=product_id,
        item_group_id=group,
        title=title,
        title_zh=f"{BRANDS_ZH[model.brand]} {model.name_zh} {colour.name_zh}",
        description=description,
        description_zh=description_zh,
        category=category,
        model=model,
        colour=colour,
        sale_price=sale_price(product_id, model.price),
        availability=state,
        stock=stock,
        rating=stars,
        review_count=reviews,
    )


def products(categories: Iterable[Category]) -> Iterator[Product]:
    """Yield every model in every colour.

    Ids are "TN-031": the category's code, the model's place in its file, the colour's place.
    """
    for category in categories:
        for place, model in enumerate(category.models, start=1):
            group = f"{category.code}-{place:02d}"
            for number, name in enumerate(model.colours, start=1):
                yield sold(category, model, COLOURS[name], (f"{group}{number}", group))
