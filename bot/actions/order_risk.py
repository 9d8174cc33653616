"""Weigh a sensitive request about an order: self-service, or a person decides."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.own_orders import meant_order
from bot.actions.session import shopper_of
from bot.orders.order import OrderBackend
from bot.risk.service import OrderAssessor


class ActionAssessOrderRisk(Action):
    """`action_assess_order_risk`: sets `request_route` to person or self_service.

    The level, the facts and the recommendation go to the people's queue, never to the shopper.
    """

    def __init__(self, orders: OrderBackend, risk: OrderAssessor) -> None:
        self._orders = orders
        self._risk = risk

    def name(self) -> str:
        """The name that flows use."""
        return "action_assess_order_risk"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Assess the order meant; without one there is nothing at risk."""
        order = meant_order(tracker, self._orders) if shopper_of(tracker).signed_in else None
        if order is None or not self._risk.assess_order(order).needs_person:
            return [SlotSet("request_route", "self_service")]
        dispatcher.utter_message(response="utter_needs_person", order_number=order.number)
        return [SlotSet("order_number", order.number), SlotSet("request_route", "person")]
