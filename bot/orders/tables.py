"""The tables of the order system; the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

_CENT = Decimal("0.01")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware times in UTC. SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC, refusing a time of unknown zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; give it one (UTC)")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Money(TypeDecorator[Decimal]):
    """Exact amounts of two decimals: NUMERIC(12, 2); on SQLite, which has only floats, cents."""

    impl = Numeric(12, 2)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Decimal] | TypeEngine[int]:
        """Choose whole cents for SQLite."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Integer())
        return dialect.type_descriptor(Numeric(12, 2))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Check that nothing is lost, and turn into cents for SQLite."""
        if value is None:
            return None
        exact = value.quantize(_CENT)
        if exact != value:
            raise ValueError(f"{value} has more than two decimals; round the amount first")
        return int(exact * 100) if dialect.name == "sqlite" else exact

    def process_result_value(self, value: Decimal | int | None, dialect: Dialect) -> Decimal | None:
        """Turn back into an amount of two decimals."""
        if value is None:
            return None
        amount = Decimal(value) / 100 if dialect.name == "sqlite" else Decimal(value)
        return amount.quantize(_CENT)


metadata = MetaData()

customers = Table(
    "customers",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String(120), nullable=False),
    Column("email", String(320), nullable=False, unique=True),
    Column("phone", String(32), nullable=False, default=""),
    Column("country", String(2), nullable=False),
    Column("city", String(120), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
orders = Table(
    "orders",
    metadata,
    Column("number", String(32), primary_key=True),
    Column("customer_id", Integer, ForeignKey("customers.id"), nullable=False),
    Column("status", String(16), nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("currency", String(3), nullable=False),
    Column("shipping_cost", Money, nullable=False),
    Column("total", Money, nullable=False),
    Column("ship_to_country", String(2), nullable=False),
    Column("ship_to_city", String(120), nullable=False),
    Column("ip_country", String(2), nullable=False),
    Column("device", String(64), nullable=False),
    Column("delivery", String(16), nullable=False),
    # True: turned out to be fraud; False: settled; NULL: not known yet. Never read with an order.
    Column("risk_label", Boolean, nullable=True),
    Index("orders_of_customer", "customer_id", "placed_at"),
    Index("orders_from_device", "device", "placed_at"),
)
order_items = Table(
    "order_items",
    metadata,
    Column("order_number", ForeignKey("orders.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("product_id", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("color", String(60), nullable=False),
    Column("size", String(40), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", Money, nullable=False),
)
# Status: authorised (a hold, taken when the order ships), paid, released, refunded,
# partly_refunded or charged_back.
payments = Table(
    "payments",
    metadata,
    Column("order_number", ForeignKey("orders.number"), primary_key=True),
    Column("method", String(40), nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("billing_country", String(2), nullable=False),
)
shipments = Table(
    "shipments",
    metadata,
    Column("order_number", ForeignKey("orders.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("carrier", String(40), nullable=False),
    Column("tracking_number", String(64), nullable=False),
    Column("shipped_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime, nullable=True),
)
returns = Table(
    "returns",
    metadata,
    Column("order_number", ForeignKey("orders.number"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("amount", Money, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("refunded_at", UtcDateTime, nullable=True),
)
