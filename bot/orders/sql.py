"""An order system on a SQL database."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, case, select, update

from bot.orders.order import CannotCancel, Customer, Order, OrderStatus
from bot.orders.past import DeviceUse, PastOrder
from bot.orders.rows import read_customer, read_orders
from bot.orders.tables import customers, metadata, order_items, orders, payments

_CANCELLABLE = tuple(status.value for status in OrderStatus if status.cancellable)


class SqlOrders:
    """Orders and customers on SQLite or PostgreSQL: OrderBackend and CustomerDirectory."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        metadata.create_all(engine)

    def order(self, number: str, *, customer_id: int) -> Order | None:
        """Return the customer's order; None when there is none, or it is somebody else's."""
        with self._engine.connect() as db:
            return _order(db, number, customer_id)

    def orders(self, *, customer_id: int, limit: int = 5) -> Sequence[Order]:
        """Return the customer's orders, latest first."""
        query = (
            select(orders)
            .where(orders.c.customer_id == customer_id)
            .order_by(orders.c.placed_at.desc(), orders.c.number.desc())
            .limit(max(limit, 0))  # a negative limit means "all" on SQLite, an error elsewhere
        )
        with self._engine.connect() as db:
            return read_orders(db, db.execute(query).all())

    def cancel(self, number: str, *, customer_id: int) -> Order:
        """Cancel in one transaction and return the order as it is now; twice does it once.

        A hold on the payment is released, money already taken is refunded.

        Raises:
            CannotCancel: it has shipped, or is not cancellable for another reason.
            LookupError: no such order of this customer.
        """
        with self._engine.begin() as db:
            # The condition is part of the write, so a parcel that leaves meanwhile wins.
            changed = (
                number.isprintable()
                and db.execute(
                    update(orders)
                    .where(
                        orders.c.number == number,
                        orders.c.customer_id == customer_id,
                        orders.c.status.in_(_CANCELLABLE),
                    )
                    .values(status=OrderStatus.CANCELLED.value)
                ).rowcount
            )
            if changed:
                status = payments.c.status
                db.execute(
                    update(payments)
                    .where(payments.c.order_number == number)
                    .values(status=case((status == "paid", "refunded"), else_="released"))
                )
            order = _order(db, number, customer_id)
        if order is None:
            raise LookupError(f"customer {customer_id} has no order {number!r}")
        if order.status is not OrderStatus.CANCELLED:
            raise CannotCancel(order.status)
        return order

    def customer(self, customer_id: int) -> Customer | None:
        """Return the customer, or None."""
        with self._engine.connect() as db:
            row = db.execute(select(customers).where(customers.c.id == customer_id)).one_or_none()
        return None if row is None else read_customer(row)

    def ever_ordered(self, customer_id: int) -> frozenset[str]:
        """Return the ids of all products in the customer's orders; empty: never ordered."""
        query = (
            select(order_items.c.product_id)
            .join(orders, orders.c.number == order_items.c.order_number)
            .where(orders.c.customer_id == customer_id)
        )
        with self._engine.connect() as db:
            return frozenset(db.execute(query).scalars())

    def earlier_orders(self, customer_id: int, *, before: datetime) -> Sequence[Order]:
        """Return the customer's orders placed before a time, earliest first."""
        query = (
            select(orders)
            .where(orders.c.customer_id == customer_id, orders.c.placed_at < before)
            .order_by(orders.c.placed_at, orders.c.number)
        )
        with self._engine.connect() as db:
            return read_orders(db, db.execute(query).all())

    def device_uses(self, device: str, *, since: datetime, before: datetime) -> Sequence[DeviceUse]:
        """Return who ordered from a device in [since, before), earliest first."""
        query = (
            select(orders.c.customer_id, orders.c.placed_at)
            .where(
                orders.c.device == device,
                orders.c.placed_at >= since,
                orders.c.placed_at < before,
            )
            .order_by(orders.c.placed_at)
        )
        with self._engine.connect() as db:
            return tuple(DeviceUse(*row) for row in db.execute(query))

    def past_orders(self) -> Sequence[PastOrder]:
        """Return every order with its customer and how it turned out, earliest first."""
        with self._engine.connect() as db:
            people = {row.id: read_customer(row) for row in db.execute(select(customers))}
            rows = db.execute(select(orders).order_by(orders.c.placed_at, orders.c.number)).all()
            return tuple(
                PastOrder(order, people[order.customer_id], row.risk_label)
                for row, order in zip(rows, read_orders(db, rows), strict=True)
            )


def _order(db: Connection, number: str, customer_id: int) -> Order | None:
    # Typed text may hold a NUL, which PostgreSQL refuses to compare with.
    if not number.isprintable():
        return None
    condition = (orders.c.number == number) & (orders.c.customer_id == customer_id)
    found = read_orders(db, db.execute(select(orders).where(condition)).all())
    return found[0] if found else None
