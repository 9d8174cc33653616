"""Orders to table rows and back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Table, insert, select

from bot.orders.order import (
    Customer,
    Order,
    OrderItem,
    OrderStatus,
    Payment,
    Return,
    Shipment,
)
from bot.orders.past import PastOrder
from bot.orders.tables import customers, order_items, orders, payments, returns, shipments

_CHUNK = 1000  # SQLite before 3.32 takes 999 variables, PostgreSQL 65,535; few enough for all


def read_customer(row: Row[Any]) -> Customer:
    """Turn a row of `customers` into a customer."""
    return Customer(**row._mapping)


def read_orders(db: Connection, rows: Sequence[Row[Any]]) -> tuple[Order, ...]:
    """Complete rows of `orders` with their items, payment, parcels and returns, in their order."""
    found: list[Order] = []
    for start in range(0, len(rows), _CHUNK):
        chunk = rows[start : start + _CHUNK]
        numbers = [row.number for row in chunk]
        items = _parts(db, order_items, numbers)
        paid = _parts(db, payments, numbers)
        parcels = _parts(db, shipments, numbers)
        back = _parts(db, returns, numbers)
        for row in chunk:
            n = row.number
            found.append(
                Order(
                    **_order_fields(row),
                    items=tuple(OrderItem(**part) for part in items[n]),
                    payment=Payment(**paid[n][0]),
                    shipments=tuple(Shipment(**part) for part in parcels[n]),
                    returns=tuple(Return(**part) for part in back[n]),
                )
            )
    return tuple(found)


def write_customers(db: Connection, people: Iterable[Customer]) -> None:
    """Add customers."""
    _insert(db, customers, [asdict(person) for person in people])


def write_orders(db: Connection, past: Iterable[PastOrder]) -> None:
    """Add orders and how they turned out; their customers must be there."""
    past = tuple(past)
    plain = tuple(p.order for p in past)
    _insert(db, orders, [_order_row(p) for p in past])
    _insert(db, order_items, list(_numbered((o.number, o.items) for o in plain)))
    _insert(db, payments, [{"order_number": o.number, **asdict(o.payment)} for o in plain])
    _insert(db, shipments, list(_numbered((o.number, o.shipments) for o in plain)))
    _insert(db, returns, list(_numbered((o.number, o.returns) for o in plain)))


def _insert(db: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.execute(insert(table), rows)


def _order_row(past: PastOrder) -> dict[str, Any]:
    own = set(orders.c.keys())
    values = {name: value for name, value in vars(past.order).items() if name in own}
    return {**values, "status": past.order.status.value, "risk_label": past.risky}


def _order_fields(row: Row[Any]) -> dict[str, Any]:
    values = {name: value for name, value in row._mapping.items() if name != "risk_label"}
    return {**values, "status": OrderStatus(row.status)}


def _numbered(parts: Iterable[tuple[str, Sequence[Any]]]) -> Iterator[dict[str, Any]]:
    for number, values in parts:
        for position, value in enumerate(values):
            yield {"order_number": number, "position": position, **asdict(value)}


def _parts(db: Connection, table: Table, numbers: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Group the table's rows of these orders by order number, keys left out."""
    keys = [c for c in (table.c.order_number, table.c.get("position")) if c is not None]
    rows = db.execute(select(table).where(table.c.order_number.in_(numbers)).order_by(*keys))
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.mappings():
        values = {k: v for k, v in row.items() if k not in ("order_number", "position")}
        grouped[row["order_number"]].append(values)
    return grouped
