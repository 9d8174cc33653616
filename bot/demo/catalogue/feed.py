"""Write products as a Google Merchant feed in CSV."""

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot.demo.catalogue.model import Product

COLUMNS = (
    "id",
    "title",
    "description",
    "link",
    "image_link",
    "availability",
    "price",
    "sale_price",
    "brand",
    "google_product_category",
    "product_type",
    "color",
    "size",
    "material",
    "gender",
    "age_group",
    "item_group_id",
    "use",
    "rating",
    "review_count",
    "stock",
    "weight_g",
    "waterproof",
    "title_zh",
    "description_zh",
)


def dollars(amount: Decimal) -> str:
    """Return an amount as the feed writes it: "129.00 USD"."""
    return f"{amount:.2f} USD"


def row(product: Product) -> Mapping[str, str]:
    """Return the columns of one product."""
    model = product.model
    return {
        "id": product.id,
        "title": product.title,
        "description": product.description,
        "link": f"https://www.larkfell.example/p/{product.id}",
        "image_link": f"/pictures/{product.id}.svg",
        "availability": product.availability,
        "price": dollars(model.price),
        "sale_price": dollars(product.sale_price) if product.sale_price is not None else "",
        "brand": model.brand,
        "google_product_category": product.category.google_product_category,
        "product_type": product.category.name,
        "color": product.colour.plain,
        "size": model.size,
        "material": "/".join(model.materials),
        "age_group": "kids" if "Kids'" in product.title else "adult",
        "gender": model.gender,
        "item_group_id": product.item_group_id,
        "use": ",".join(model.uses),
        "rating": str(product.rating),
        "review_count": str(product.review_count),
        "stock": str(product.stock),
        "weight_g": str(model.weight_g),
        "waterproof": model.waterproof,
        "title_zh": product.title_zh,
        "description_zh": product.description_zh,
    }


def feed(products: Iterable[Product]) -> str:
    """Return the whole CSV, lines ended by a single line feed."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row(product) for product in products)
    return text.getvalue()
