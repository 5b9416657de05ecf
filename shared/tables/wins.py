"""Wins, what is still to be judged of what, and the orders that people's own stories name."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, LargeBinary, String, Table, text

from shared.tables.columns import Day, Instant, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("draft_id", String, primary_key=True),
    Column("order_id", String, primary_key=True, index=True),
)
"""The orders that people's own stories name."""

agenda = Table(
    "agenda",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("since", Day, nullable=False),
)
"""What must be judged again, by the clock: each period of a subject that ends after `since`."""

wins = Table(
    "wins",
    metadata,
    Column("win_id", String, primary_key=True),
    Column("about", String, nullable=False, index=True),
    Column("ends_on", Day),
    Column("customer_id", String),
    Column("pattern", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("final_at", Instant, nullable=False, index=True),
    Column("pending", Boolean, nullable=False),
    Column("reason", String),
    Column("digest", LargeBinary, nullable=False),
    Column("body", JSON, nullable=False),
    Index("wins_of_pattern", "pattern", "final_at"),
    Index("wins_of_customer", "customer_id"),
    Index(
        "wins_revoked",
        "final_at",
        sqlite_where=text("reason IS NOT NULL"),
        postgresql_where=text("reason IS NOT NULL"),
    ),
)
"""`about` is what is judged as a whole (`order/SO-1`, `customer/C-1`); `ends_on` the day after its period."""
