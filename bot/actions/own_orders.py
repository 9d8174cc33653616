"""Which of the shopper's own orders is meant; shared by every action on orders."""

from collections.abc import Callable

from rasa_sdk import Tracker

from bot.actions.session import shopper_of
from bot.messages import Card
from bot.orders.order import Order, OrderBackend
from bot.wording import day, money


def meant_order(
    tracker: Tracker, orders: OrderBackend, suits: Callable[[Order], bool] = lambda _: True
) -> Order | None:
    """The order that was named, else the shopper's latest one that suits.

    None when the named order isn't the shopper's, or there is no order at all. Ownership comes
    from the session alone.
    """
    customer_id = shopper_of(tracker).customer_id
    if customer_id is None:
        return None
    number = tracker.get_slot("order_number")
    if number:
        return orders.order(str(number), customer_id=customer_id)
    latest = orders.orders(customer_id=customer_id, limit=20)
    return next((o for o in latest if suits(o)), latest[0] if latest else None)


def order_card(order: Order, language: str) -> Card:
    """An order to look at."""
    status = STATUS_WORDS[language if language in STATUS_WORDS else "en"][order.status.value]
    return Card(
        title=f"{'订单' if language == 'zh' else 'Order'} {order.number}",
        subtitle=f"{day(order.placed_at, language)} · {status}",
        price=money(order.total, order.currency),
        lines=tuple(f"{i.quantity} × {i.title}" for i in order.items),
    )


def summary(order: Order) -> str:
    """The order's items in one line."""
    return ", ".join(f"{i.quantity} × {i.title}" for i in order.items)


STATUS_WORDS = {
    "en": {
        "placed": "placed",
        "processing": "being packed",
        "shipped": "on its way",
        "delivered": "delivered",
        "cancelled": "cancelled",
        "returned": "returned",
    },
    "zh": {
        "placed": "已下单",
        "processing": "打包中",
        "shipped": "运输中",
        "delivered": "已送达",
        "cancelled": "已取消",
        "returned": "已退货",
    },
}
