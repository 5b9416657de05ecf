"""Indexes by which pages find their rows among millions."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0017"


def upgrade() -> None:
    """Add them; the orders of a customer are found by placing, too."""
    _some("orders_quarantined", "orders", ["order_id"], "quarantined IS NOT NULL")
    _some("orders_by_closing", "orders", ["closed_at", "order_id"], "closed_at IS NOT NULL")
    op.drop_index("ix_orders_customer_id", "orders")
    op.create_index("orders_of_customer", "orders", ["customer_id", "placed_at"])
    op.create_index("wins_of_pattern", "wins", ["pattern", "final_at"])
    _some("wins_revoked", "wins", ["final_at"], "reason IS NOT NULL")
    op.create_index("dead_letters_by_state", "dead_letters", ["state", "number"])
    _some("journal_heartbeats", "journal", ["source", "time", "id"], "type = 'tandem.source.heartbeat.v1'")


def _some(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
