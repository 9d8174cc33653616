"""The tables of the order system; the same on SQLite and PostgreSQL."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from bot.storage.columns import Money, UtcDateTime

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
