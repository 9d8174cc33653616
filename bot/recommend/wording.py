"""Products and constraints in the shopper's words."""

from decimal import Decimal

from bot.messages import Card
from bot.recommend.request import ProductRequest
from bot.wording import money
from knowledge.entries import Product

_AVAILABILITY = {
    "en": {
        "in_stock": "in stock",
        "out_of_stock": "out of stock",
        "preorder": "pre-order",
        "backorder": "back-order",
        "few": "only {stock} left",
    },
    "zh": {
        "in_stock": "有货",
        "out_of_stock": "暂时缺货",
        "preorder": "可预订",
        "backorder": "可预订",
        "few": "仅剩 {stock} 件",
    },
}
_FEW = 5


def product_card(product: Product, language: str, request: ProductRequest) -> Card:
    """A product with the reason why it is shown."""
    sale = product.sale_price is not None
    return Card(
        title=product.titles.get(language, product.title),
        subtitle=product.brand,
        image=product.image_link,
        link=product.link,
        price=money(product.current_price, product.currency),
        old_price=money(product.price, product.currency) if sale else "",
        availability=availability(product, language),
        reason=_reason(product, language, request),
        lines=_lines(product, language),
    )


def availability(product: Product, language: str) -> str:
    """`in stock`, `only 3 left`, `out of stock`."""
    words = _AVAILABILITY.get(language, _AVAILABILITY["en"])
    if product.available and product.stock is not None and product.stock <= _FEW:
        return words["few"].format(stock=product.stock)
    return words[
        "in_stock"
        if product.available
        else "out_of_stock"
        if product.availability == "in_stock"
        else product.availability
    ]


def constraints_text(request: ProductRequest, language: str, currency: str) -> str:
    """The constraints to put behind `Here is what fits`; empty when there are none."""
    words = ["防水" if language == "zh" else "waterproof"] if request.waterproof else []
    words += [
        *request.colors,
        *request.materials,
        *request.product_types,
        *request.uses,
        *request.sizes,
    ]
    least, most = ("最低", "最高") if language == "zh" else ("from", "up to")
    if request.price_min is not None:
        words.append(f"{least} {_round(request.price_min, currency)}")
    if request.price_max is not None:
        words.append(f"{most} {_round(request.price_max, currency)}")
    if not words:
        return ""
    return f" ({', '.join(words)})" if language != "zh" else f"（{'，'.join(words)}）"


def _round(amount: Decimal, currency: str) -> str:
    return money(amount, currency).removesuffix(".00")


def _reason(product: Product, language: str, request: ProductRequest) -> str:
    fits = [
        w
        for asked, has in (
            (request.colors, product.colors),
            (request.uses, product.uses),
            (request.materials, product.materials),
            (request.sizes, product.sizes),
        )
        for w in asked
        if w.lower() in {h.lower() for h in has}
    ]
    if request.price_max is not None and product.current_price <= request.price_max:
        limit = _round(request.price_max, product.currency)
        fits.append(f"{limit} 以内" if language == "zh" else f"within {limit}")
    rating = _rating(product, language)
    joined = ("、" if language == "zh" else ", ").join(fits)
    return " · ".join(part for part in (joined, rating) if part)


def _rating(product: Product, language: str) -> str:
    if product.rating is None:
        return ""
    reviews = (
        f"（{product.review_count} 条评价）" if language == "zh" else f" ({product.review_count})"
    )
    return f"★ {product.rating:.1f}{reviews}"


def _lines(product: Product, language: str) -> tuple[str, ...]:
    sizes = "尺码" if language == "zh" else "sizes"
    colors = "颜色" if language == "zh" else "colour"
    lines = [product.descriptions.get(language, product.description)]
    if product.colors:
        lines.append(f"{colors}: {', '.join(product.colors)}")
    if product.sizes:
        lines.append(f"{sizes}: {', '.join(product.sizes)}")
    return tuple(lines)
