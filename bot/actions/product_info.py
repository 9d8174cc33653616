"""What we know of a product: price, stock, properties; and two products side by side."""

import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.replies import elements, query_of, utter_hit
from bot.actions.session import language_of, text_of
from bot.answers import Answers
from bot.recommend.picking import picked
from bot.recommend.recommender import Recommender
from bot.recommend.request import ProductRequest, read_request
from bot.recommend.wording import availability, constraints_text, product_card
from bot.wording import money
from knowledge.entries import Product

_BETWEEN = re.compile(
    r"\s+(?:or|vs\.?|versus|and|with|than|against)\s+|还是|和|与|跟|,|，|、", re.IGNORECASE
)


class ActionProductInfo(Action):
    """`action_product_info`: the product that was named, else advice, else what it could be.

    "Waterproof boots in 42" describes products well enough to show them without advice.
    """

    def __init__(
        self,
        recommender: Recommender,
        answers: Answers,
        *,
        currency: str,
    ) -> None:
        self._recommender = recommender
        self._answers = answers
        self._currency = currency

    def name(self) -> str:
        """The name that flows use."""
        return "action_product_info"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show the product's card, an entry with advice, or candidates."""
        language, text = language_of(tracker), text_of(tracker)
        request = read_request(text, tracker.latest_message.get("entities") or [])
        shown = picked(text, tracker.get_slot("shown_products") or [])
        named = self._recommender.by_ids(shown) or self._recommender.named(text)
        if named:
            _show(dispatcher, "utter_product_facts", named[:1], language, request)
            return []
        precise = bool(request.product_types) and request != ProductRequest(request.product_types)
        best = next(iter(self._answers.find(query_of(tracker)).hits), None)
        if (
            not precise
            and best is not None
            and best.probability >= self._answers.thresholds.answer(language)
        ):
            utter_hit(dispatcher, self._answers, best)
            return []
        if request.empty:
            dispatcher.utter_message(response="utter_what_product")
            return []
        found = self._recommender.recommend(text, request, language=language)
        if found.products:
            _show(dispatcher, "utter_product_unsure", found.products, language, request)
        else:
            dispatcher.utter_message(
                response="utter_no_products",
                constraints=constraints_text(request, language, self._currency),
            )
        return []


class ActionCompareProducts(Action):
    """`action_compare_products`: a table of the two or three products that were named."""

    def __init__(self, recommender: Recommender) -> None:
        self._recommender = recommender

    def name(self) -> str:
        """The name that flows use."""
        return "action_compare_products"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Compare those named, else the first two shown before; else ask which."""
        language, text = language_of(tracker), text_of(tracker)
        before = tracker.get_slot("shown_products") or []
        products = {p.id: p for p in self._recommender.by_ids(picked(text, before))}
        for part in () if len(products) > 1 else _BETWEEN.split(text):
            for product in self._recommender.named(part)[:1]:
                products.setdefault(product.id, product)
        if len(products) < 2:
            shown = self._recommender.by_ids(before)
            products = {**products, **{p.id: p for p in shown[:2]}}
        if len(products) < 2:
            dispatcher.utter_message(response="utter_compare_what")
            return []
        chosen = list(products.values())[:3]
        dispatcher.utter_message(response="utter_comparison")
        dispatcher.utter_message(
            text=_table(chosen, language),
            elements=elements([product_card(p, language, ProductRequest()) for p in chosen]),
        )
        return []


def _show(
    dispatcher: CollectingDispatcher,
    response: str,
    products: Sequence[Product],
    language: str,
    request: ProductRequest,
) -> None:
    cards = [product_card(p, language, request) for p in products]
    dispatcher.utter_message(response=response, elements=elements(cards))


_ROWS = {
    "en": ("price", "rating", "availability", "material", "sizes", "made for"),
    "zh": ("价格", "评分", "库存", "材质", "尺码", "用途"),
}


def _table(products: Sequence[Product], language: str) -> str:
    """A Markdown table, a column a product."""
    labels = _ROWS.get(language, _ROWS["en"])
    facts = [
        (
            money(p.current_price, p.currency),
            f"★ {p.rating:.1f}" if p.rating else "–",
            availability(p, language),
            ", ".join(p.materials) or "–",
            ", ".join(p.sizes) or "–",
            ", ".join(p.uses) or "–",
        )
        for p in products
    ]
    head = "| |" + "|".join(p.titles.get(language, p.title) for p in products) + "|"
    rule = "|---" * (len(products) + 1) + "|"
    rows = [
        f"|**{label}**|" + "|".join(f[i] for f in facts) + "|" for i, label in enumerate(labels)
    ]
    return "\n".join([head, rule, *rows])
