"""Where is my order; what did I order; where is my refund. Only the shopper's own."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.actions.own_orders import meant_order, order_card
from bot.actions.replies import elements, sign_in_first
from bot.actions.session import language_of, shopper_of
from bot.answers import Answers
from bot.orders.order import Order, OrderBackend, Return
from bot.wording import day, money


class ActionOrderStatus(Action):
    """`action_order_status`: status and parcel of the order meant."""

    def __init__(self, orders: OrderBackend, answers: Answers) -> None:
        self._orders = orders
        self._answers = answers

    def name(self) -> str:
        """The name that flows use."""
        return "action_order_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Tell the status; without an order of theirs, say so."""
        if not shopper_of(tracker).signed_in:
            sign_in_first(dispatcher, tracker, self._answers, "track_order")
            return []
        order = meant_order(tracker, self._orders)
        if order is None:
            return _nothing_found(dispatcher, tracker)
        language = language_of(tracker)
        dispatcher.utter_message(
            response=f"utter_status_{order.status.value}",
            order_number=order.number,
            placed=day(order.placed_at, language),
            total=money(order.total, order.currency),
            **_parcel(order, language),
            elements=elements([order_card(order, language)]),
        )
        return [SlotSet("order_number", order.number)]


class ActionOrderHistory(Action):
    """`action_order_history`: the latest orders as cards."""

    def __init__(self, orders: OrderBackend, answers: Answers) -> None:
        self._orders = orders
        self._answers = answers

    def name(self) -> str:
        """The name that flows use."""
        return "action_order_history"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Show up to five orders."""
        shopper = shopper_of(tracker)
        if shopper.customer_id is None:
            sign_in_first(dispatcher, tracker, self._answers, "order_history")
            return []
        language = language_of(tracker)
        cards = [
            order_card(o, language)
            for o in self._orders.orders(customer_id=shopper.customer_id, limit=5)
        ]
        if not cards:
            dispatcher.utter_message(response="utter_no_orders")
        else:
            dispatcher.utter_message(response="utter_order_list", elements=elements(cards))
        return []


class ActionRefundStatus(Action):
    """`action_refund_status`: the refund of the order meant, or of the latest return."""

    def __init__(self, orders: OrderBackend, answers: Answers) -> None:
        self._orders = orders
        self._answers = answers

    def name(self) -> str:
        """The name that flows use."""
        return "action_refund_status"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Tell how far the refund is."""
        if not shopper_of(tracker).signed_in:
            sign_in_first(dispatcher, tracker, self._answers, "track_refund")
            return []
        order = meant_order(tracker, self._orders, lambda o: bool(o.returns))
        if order is None:
            return _nothing_found(dispatcher, tracker)
        if not order.returns:
            named = bool(tracker.get_slot("order_number"))
            dispatcher.utter_message(
                response="utter_no_refund_for_order" if named else "utter_no_refund",
                order_number=order.number,
            )
            return []
        refund = order.returns[-1]
        language = language_of(tracker)
        dispatcher.utter_message(
            response=f"utter_refund_{refund.status}",
            order_number=order.number,
            amount=money(refund.amount, order.currency),
            payment_method=order.payment.method,
            refunded=_refund_day(refund, language),
        )
        return [SlotSet("order_number", order.number)]


def _nothing_found(dispatcher: CollectingDispatcher, tracker: Tracker) -> list[dict[str, Any]]:
    """Say that the named order isn't theirs, in the same words whether or not it exists."""
    number = tracker.get_slot("order_number")
    if number:
        dispatcher.utter_message(response="utter_order_not_found", order_number=number)
        return [SlotSet("order_number", None)]
    dispatcher.utter_message(response="utter_no_orders")
    return []


def _parcel(order: Order, language: str) -> dict[str, str]:
    if not order.shipments:
        return {}
    parcel = order.shipments[-1]
    delivered = parcel.delivered_at
    return {
        "carrier": parcel.carrier,
        "tracking_number": parcel.tracking_number,
        "shipped": day(parcel.shipped_at, language),
        "due": day(parcel.due_at, language),
        "delivered": day(delivered, language) if delivered else "",
    }


def _refund_day(refund: Return, language: str) -> str:
    return day(refund.refunded_at, language) if refund.refunded_at else ""
