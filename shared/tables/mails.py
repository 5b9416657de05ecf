"""Mails: what is sent to whom, what came back, and of whom someone must know."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, Text

from shared.tables.columns import Day, Instant, metadata

contents = Table(
    "contents",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The frozen body of mails that are alike but for the reader's own links; NUL and 1 stand where these go."""

sendings = Table(
    "sendings",
    metadata,
    Column("edition_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("candidates", Integer, nullable=False),
    Column("post", Text, nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("good_until", Instant, nullable=False),
    Column("finished_at", Instant),
)
"""One for each edition released with its recipients: `sending`, `paused`, `stopped`, `completed` or
`archived`, in which no address is kept; `post` is what the headers of its mails are made from, as JSON,
whatever is set later."""

mails = Table(
    "mails",
    metadata,
    Column("mail_id", String, primary_key=True),
    Column("edition_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("recipient", String),
    Column("content", LargeBinary),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("due_at", Instant, nullable=False),
    Column("digest", LargeBinary),
    Column("changed_at", Instant, nullable=False),
    Index("mails_once", "edition_id", "person_id", unique=True),
    Index("mails_due", "state", "due_at"),
    Index("mails_of_edition", "edition_id", "state"),
)
"""One for each edition and recipient, frozen at the release; `digest` is of the bytes that
were begun to be sent."""

bounces = Table(
    "bounces",
    metadata,
    Column("mail_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person_id", String, nullable=False),
    Column("address", LargeBinary, index=True),
    Column("status", String, nullable=False),
    Column("said", Text, nullable=False),
    Column("undone_at", Instant),
)
"""What came back of which mail, once for each kind: `hard`, `soft`, `other` or `complaint`; `address` is
a keyed hash, `said` holds no address."""

refusals = Table(
    "refusals",
    metadata,
    Column("day", Day, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)
"""How many reports came in on each day that no mail of ours could have caused."""

alerts = Table(
    "alerts",
    metadata,
    Column("kind", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("said", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("told", Text, nullable=False),
    Column("resolved_at", Instant),
)
"""What an editor or administrator must know, once for each fact while it lasts; `told` is JSON: who knows."""
