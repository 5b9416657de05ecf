"""First shipments of lines, and totals of first passes, whole orders, placings and sales."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add them; the journal fills them before anyone reads them."""
    op.add_column("order_lines", sa.Column("first_shipped", sa.BigInteger()))
    op.add_column(
        "order_lines", sa.Column("arrived", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table, (keys, sums) in _TOTALS.items():
        columns = (*keys, *(_number(name) for name in sums))
        op.create_table(table, *columns, sa.PrimaryKeyConstraint(*(column.name for column in keys)))
    op.create_index(
        "invoices_of_no_order",
        "invoices",
        ["time"],
        sqlite_where=sa.text("order_id IS NULL"),
        postgresql_where=sa.text("order_id IS NULL"),
    )
    op.drop_index("orders_by_filling", "orders")
    op.create_index("orders_by_filling", "orders", ["filled_at", "counted", "placed_at"])
    op.execute("UPDATE facts SET value = '' WHERE name = 'projected_by'")


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False, autoincrement=False)


def _day(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


_TOTALS: dict[str, tuple[tuple[sa.Column[Any], ...], tuple[str, ...]]] = {
    "first_passes": (
        (_day("day"), _number("scored_from"), _text("uom"), _text("outcome"), _flag("told")),
        ("held_whole", "held_rest", "ordered_whole", "ordered_rest", "lines"),
    ),
    "order_days": (
        (_day("day"), _number("scored_from"), _text("perfect"), _text("first_pass"), _flag("told")),
        ("orders",),
    ),
    "placed_times": ((_number("since"),), ("backordered", "lines")),
    "sold_days": (
        (_flag("priced"), _text("unit"), _day("day"), _day("day_before")),
        ("whole", "rest", "unknown", "orders", "receipts"),
    ),
    "received_days": (
        (_text("uom"), _day("day")),
        ("bad_whole", "bad_rest", "whole", "rest", "receipts"),
    ),
    "margin_times": (
        (_text("currency"), _number("since")),
        ("net_whole", "net_rest", "cost_whole", "cost_rest", "unknown", "invoices"),
    ),
}
