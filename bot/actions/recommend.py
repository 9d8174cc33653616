"""Recommend products that fit what was asked, and say why each fits."""

from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.replies import elements
from bot.actions.session import language_of, text_of
from bot.recommend.recommender import Recommender
from bot.recommend.request import ProductRequest, continue_request, read_request
from bot.recommend.wording import constraints_text, product_card


class ActionRecommendProduct(Action):
    """`action_recommend_product`: keeps `product_request` and `shown_prices` for follow-ups."""

    def __init__(self, recommender: Recommender, *, currency: str) -> None:
        self._recommender = recommender
        self._currency = currency

    def name(self) -> str:
        """The name that flows use."""
        return "action_recommend_product"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show up to four products."""
        language, text = language_of(tracker), text_of(tracker)
        request = continue_request(
            ProductRequest.from_slot(tracker.get_slot("product_request")),
            read_request(text, tracker.latest_message.get("entities") or []),
            text=text,
            shown=[Decimal(p) for p in tracker.get_slot("shown_prices") or []],
        )
        if request.empty and text.startswith("/"):
            dispatcher.utter_message(response="utter_what_product")
            return []
        found = self._recommender.recommend(text, request, language=language)
        constraints = constraints_text(request, language, self._currency)
        if not found.products:
            dispatcher.utter_message(response="utter_no_products", constraints=constraints)
            return [SlotSet("product_request", request.to_slot())]
        dispatcher.utter_message(
            response="utter_products_relaxed" if found.dropped else "utter_products",
            constraints=constraints,
            elements=elements([product_card(p, language, request) for p in found.products]),
        )
        return [
            SlotSet("product_request", request.to_slot()),
            SlotSet("shown_prices", [str(p.current_price) for p in found.products]),
            SlotSet("shown_products", [p.id for p in found.products]),
        ]
