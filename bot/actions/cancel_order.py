"""Cancel an order of the shopper's own: check first, ask, then do it and say what was done."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.own_orders import meant_order, summary
from bot.actions.replies import sign_in_first
from bot.actions.session import shopper_of
from bot.answers import Answers
from bot.orders.order import CannotCancel, OrderBackend, OrderStatus
from bot.risk.service import OrderAssessor
from bot.wording import money


class ActionCheckCancellation(Action):
    """`action_check_cancellation`: sets `cancellation` to ask, person or no, and says why not."""

    def __init__(self, orders: OrderBackend, risk: OrderAssessor, answers: Answers) -> None:
        self._orders = orders
        self._risk = risk
        self._answers = answers

    def name(self) -> str:
        """The name that flows use."""
        return "action_check_cancellation"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Decide whether the shopper may be asked to confirm."""
        if not shopper_of(tracker).signed_in:
            sign_in_first(dispatcher, tracker, self._answers, "cancel_order")
            return [SlotSet("cancellation", "no")]
        order = meant_order(tracker, self._orders, lambda o: o.status.cancellable)
        if order is None:
            number = tracker.get_slot("order_number")
            dispatcher.utter_message(
                response="utter_order_not_found" if number else "utter_no_orders",
                order_number=number,
            )
            return [SlotSet("cancellation", "no"), SlotSet("order_number", None)]
        events = [
            SlotSet("order_number", order.number),
            SlotSet("order_summary", f"{summary(order)}, {money(order.total, order.currency)}"),
        ]
        if not order.status.cancellable:
            cancelled = order.status is OrderStatus.CANCELLED
            dispatcher.utter_message(
                response="utter_already_cancelled" if cancelled else "utter_cannot_cancel_shipped",
                order_number=order.number,
            )
            return [*events, SlotSet("cancellation", "no")]
        if self._risk.assess_order(order).needs_person:
            dispatcher.utter_message(response="utter_needs_person", order_number=order.number)
            return [*events, SlotSet("cancellation", "person")]
        return [*events, SlotSet("order_to_cancel", order.number), SlotSet("cancellation", "ask")]


class ActionCancelOrder(Action):
    """`action_cancel_order`: cancels the order that was confirmed, and says what happened."""

    def __init__(self, orders: OrderBackend) -> None:
        self._orders = orders

    def name(self) -> str:
        """The name that flows use."""
        return "action_cancel_order"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Cancel in the order system; only its answer is reported."""
        customer_id = shopper_of(tracker).customer_id
        number = str(tracker.get_slot("order_to_cancel") or "")
        if customer_id is None:  # signed out between the question and the yes
            dispatcher.utter_message(response="utter_sign_in_first")
            return []
        if _named(tracker) - {number}:  # "yes, and 4005", which was neither checked nor asked for
            dispatcher.utter_message(response="utter_cancellation_unclear")
            return []
        try:
            order = self._orders.cancel(number, customer_id=customer_id)
        except LookupError:
            dispatcher.utter_message(response="utter_order_not_found", order_number=number)
            return []
        except CannotCancel:
            dispatcher.utter_message(response="utter_cannot_cancel_shipped", order_number=number)
            return []
        dispatcher.utter_message(
            response="utter_order_cancelled",
            order_number=order.number,
            total=money(order.total, order.currency),
            payment_method=order.payment.method,
        )
        return []


def _named(tracker: Tracker) -> set[str]:
    """Order numbers in the latest message."""
    entities = tracker.latest_message.get("entities") or []
    return {str(e["value"]) for e in entities if e["entity"] == "order_number"}
