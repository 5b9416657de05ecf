"""Editions: what they tell, who chose it, when they are due, and what was told to other systems."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text

from shared.tables.columns import Day, Instant, metadata

editions = Table(
    "editions",
    metadata,
    Column("edition_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("period", String, nullable=False),
    Column("state", String, nullable=False),
    Column("composed_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("name", String, primary_key=True),
    Column("win_id", String, primary_key=True),
    Column("edition_id", String, nullable=False, index=True),
    Column("headline", String, nullable=False),
    Column("corrected_in", String),
)
"""Which win each newsletter or digest told, in which released edition, and where it was taken back."""

choosing_log = Table(
    "choosing_log",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("edition_id", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("win_ids", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What editors chose for an edition: `pin`, `drop` or `free` a win, or `arrange` all of them; `win_ids` is a
JSON list. Rows only come."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("topic", String, nullable=False),
    Column("key", LargeBinary),
    Column("headers", LargeBinary, nullable=False),
    Column("value", LargeBinary),
    Column("created_at", Instant, nullable=False),
    Column("refused", String),
    Index("outbox_topic", "topic", "number"),
    sqlite_autoincrement=True,
)
"""What waits to leave for Kafka, in this order; `refused` says why Kafka will not take it as it is."""

announced = Table(
    "announced",
    metadata,
    Column("topic", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("seen", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""What was said last of each win and edition, for the how-manieth time, and of which row."""

schedules = Table(
    "schedules",
    metadata,
    Column("name", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("rule", Text),
)
"""Since when a schedule is known, before which nothing is made up for; when its first run was confirmed.

`rule`, as JSON, is what people set here; what the settings say is not kept.
"""

runs = Table(
    "runs",
    metadata,
    Column("schedule", String, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("edition", String, nullable=False),
    Column("period", String, nullable=False),
    Column("state", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""One for each schedule and local day, however many publishers there are."""
