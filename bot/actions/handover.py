"""Hand the conversation over to a person: put it in their queue, with how to reach the shopper."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.own_orders import meant_order
from bot.actions.session import shopper_of
from bot.orders.order import CustomerDirectory, OrderBackend
from bot.risk.service import OrderAssessor
from bot.storage.conversations import ConversationStore

NO_CONTACT = "none"
"""The value of the slot `contact_email` when the shopper leaves no address."""


class ActionHandover(Action):
    """`action_handover`: queue the conversation, with the order's risk facts where one is meant.

    Queued before the contact is asked for, so that nothing is lost when the shopper leaves.
    """

    def __init__(
        self,
        store: ConversationStore,
        customers: CustomerDirectory,
        orders: OrderBackend,
        risk: OrderAssessor,
    ) -> None:
        self._store = store
        self._customers = customers
        self._orders = orders
        self._risk = risk

    def name(self) -> str:
        """The name that flows use."""
        return "action_handover"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Queue it; say so once there is a contact, or once there will be none."""
        contact = tracker.get_slot("contact_email") or self._known_address(tracker) or ""
        reachable = contact if contact != NO_CONTACT else ""
        reason = str(tracker.get_slot("handover_reason") or "the shopper asked for a person")
        facts = self._facts(tracker)
        self._store.hand_over(tracker.sender_id, reason, contact=reachable, facts=facts)
        if reachable:
            dispatcher.utter_message(response="utter_handover", contact=reachable)
        elif contact == NO_CONTACT:
            dispatcher.utter_message(response="utter_handover_without_contact")
        return [SlotSet("contact_email", contact or None)]

    def _known_address(self, tracker: Tracker) -> str | None:
        customer_id = shopper_of(tracker).customer_id
        customer = self._customers.customer(customer_id) if customer_id is not None else None
        return customer.email if customer else None

    def _facts(self, tracker: Tracker) -> list[str]:
        if not (shopper_of(tracker).signed_in and tracker.get_slot("order_number")):
            return []
        order = meant_order(tracker, self._orders)
        if order is None:
            return []
        risk = self._risk.assess_order(order)
        return [
            f"order {order.number}: risk {risk.level} ({risk.probability:.2f})",
            *risk.facts,
            risk.recommendation,
        ]
