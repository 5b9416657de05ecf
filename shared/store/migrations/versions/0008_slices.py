"""By what figures are cut, and what they are read from: day totals of lines due, and indexes by day."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add what is new, empty: the journal fills it before anyone reads it."""
    for table, column in (("customers", "account_owner"), ("orders", "site"), ("orders", "account_owner")):
        op.add_column(table, sa.Column(column, sa.String(), nullable=True))
    op.create_table(
        "due_days", *_DUE_DAYS, sa.PrimaryKeyConstraint(*(column.name for column in _DUE_DAYS[:-1]))
    )
    op.create_table("demand_weeks", *_DEMAND_WEEKS, sa.PrimaryKeyConstraint("since", "product_id", "uom"))
    for table, name, columns in _INDEXED:
        op.create_index(name, table, columns, unique=False)
    for basis in ("requested", "first_commit", "last_commit"):
        due = f"{basis}_due"
        known: Any = {
            f"{dialect}_where": sa.text(f"{due} IS NOT NULL") for dialect in ("sqlite", "postgresql")
        }
        op.create_index(f"order_lines_{due}", "order_lines", [due], unique=False, **known)
    op.execute("UPDATE facts SET value = '' WHERE name = 'projected_by'")


_DUE_DAYS: tuple[sa.Column[Any], ...] = (
    sa.Column("basis", sa.String(), nullable=False),
    sa.Column("day", sa.Integer(), nullable=False),
    sa.Column("scored_from", sa.BigInteger(), nullable=False),
    *(
        sa.Column(name, sa.Boolean(), nullable=False)
        for name in ("on_time", "in_full", "slipped", "adjusted")
    ),
    sa.Column("lines", sa.BigInteger(), nullable=False),
)
_DEMAND_WEEKS: tuple[sa.Column[Any], ...] = (
    sa.Column("since", sa.Integer(), nullable=False),
    *(sa.Column(name, sa.String(), nullable=False) for name in ("product_id", "uom")),
    *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("whole", "rest", "lines")),
)
_INDEXED = (
    ("demand_weeks", "demand_weeks_of_product", ["product_id", "uom"]),
    ("receipts", "receipts_by_day", ["day", "counted", "uom", "accepted_qty", "returned_bad_qty"]),
    ("feedback", "ix_feedback_order_id", ["order_id"]),
    ("feedback", "feedback_by_time", ["time"]),
)
