"""What more KPIs count: orders filled, first shipments, what customers kept, dues of roadblocks, invoices."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the columns; the journal fills them before anyone reads them."""
    for table, columns in _ADDED.items():
        for column in columns:
            op.add_column(table, column)
    op.create_table("shipments", *_SHIPMENT, sa.PrimaryKeyConstraint("order_id", "line_id", "source", "id"))
    op.drop_table("freights")
    op.create_table("invoices", *_INVOICE, sa.PrimaryKeyConstraint("source", "id"))
    op.create_index("ix_invoices_subject", "invoices", ["subject"], unique=False)
    op.create_index("ix_invoices_time", "invoices", ["time"], unique=False)
    op.create_index("orders_by_placing", "orders", ["placed_at"], unique=False)
    op.create_index("orders_by_filling", "orders", ["filled_at"], unique=False)
    op.create_index("risks_by_due", "risks", ["due"], unique=False)
    op.execute("UPDATE facts SET value = '' WHERE name = 'projected_by'")


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")


def _big(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger())


_ADDED: dict[str, tuple[sa.Column[Any], ...]] = {
    "orders": (_flag("counted"), _big("filled_at")),
    "order_lines": (_flag("backordered"), _number("enough_qty")),
    "receipts": (_number("kept_qty"), _big("kept_value")),
    "risks": (sa.Column("due", sa.Integer()), _big("due_at")),
}
_SHIPMENT = (
    *(_text(name) for name in ("order_id", "line_id", "source", "id", "shipment_id")),
    sa.Column("qty", sa.BigInteger(), nullable=False),
    sa.Column("time", sa.BigInteger(), nullable=False),
)
_INVOICE = (
    *(_text(name) for name in ("source", "id", "subject", "customer_id")),
    _text("order_id", nullable=True),
    _text("currency"),
    sa.Column("net_sales", sa.BigInteger(), nullable=False),
    _big("cost_of_goods"),
    _text("freight_currency", nullable=True),
    _big("premium_freight"),
    sa.Column("time", sa.BigInteger(), nullable=False),
)
