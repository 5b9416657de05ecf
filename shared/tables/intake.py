"""What came in and waits or was refused, and who may send."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, String, Table, text

from shared.tables.columns import Instant, metadata

conflicts = Table(
    "conflicts",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
)
"""The same name with other content: listed, never counted."""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("origin", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("key", LargeBinary),
    Column("headers", LargeBinary),
    Column("body", LargeBinary),
    Column("field", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("settled_at", Instant),
    Column("note", String),
    Column("erased_at", Instant),
    Index("dead_letters_origin", "origin", unique=True),
    Index("dead_letters_by_state", "state", "number"),
    Index(
        "dead_letters_kept",
        "received_at",
        sqlite_where=text("erased_at IS NULL"),
        postgresql_where=text("erased_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)
"""What could not be read, exactly as it came, with where it came from, why, and what became of it."""

tokens = Table(
    "tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("scopes", String, nullable=False),
    Column("sources", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
)
"""Who may send events by HTTP; of the secret only its digest. Scopes and sources are JSON lists."""
