"""What came in and is kept: the journal, what is kept apart from it, and what the database knows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, Text, text

from shared.tables.columns import Instant, metadata

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("source", String, nullable=False),
    Column("id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("time", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("corrects_source", String),
    Column("corrects_id", String),
    Column("digest", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("journal_name", "source", "id", unique=True),
    Index("journal_subject", "subject"),
    Index("journal_known_at", "known_at"),
    Index(
        "journal_heartbeats",
        "source",
        "time",
        "id",
        sqlite_where=text("type = 'tandem.source.heartbeat.v1'"),
        postgresql_where=text("type = 'tandem.source.heartbeat.v1'"),
    ),
    Index(
        "journal_corrects",
        "corrects_source",
        "corrects_id",
        sqlite_where=text("corrects_id IS NOT NULL"),
        postgresql_where=text("corrects_id IS NOT NULL"),
    ),
)
"""Every event once, as it came, without names, contacts and free texts."""

links = Table(
    "links",
    metadata,
    Column("subject", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
)
"""Corrections, and what they correct, that belong to another subject's chain."""

texts = Table(
    "texts",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("text", Text, nullable=False),
)
"""What people wrote, by event and field."""

names = Table(
    "names",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("said", String, nullable=False),
)
"""What people are called; the name said last counts."""

facts = Table(
    "facts", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False)
)
"""What the database knows of itself."""

sources = Table(
    "sources",
    metadata,
    Column("source", String, primary_key=True),
    Column("events", Integer().with_variant(BigInteger, "postgresql"), nullable=False),
    Column("last_time", Instant, nullable=False),
    Column("last_known_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
)
"""Each source with what the journal holds of it, and when something of it came last, even if known before."""
