"""People: what they want, how they sign in, and what was decided about them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, String, Table, Text

from shared.tables.columns import Instant, metadata

people = Table(
    "people",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("email", String),
    Column("email_key", String, unique=True),
    Column("name", String),
    Column("department", String, nullable=False),
    Column("language", String, nullable=False),
    Column("naming", String, nullable=False),
    Column("roles", Text, nullable=False),
    Column("customers", Text),
    Column("chosen", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("erased_at", Instant),
)
"""Who may be written to and named; `roles`, `customers` and `chosen` are JSON lists, `customers` None where
the owners of accounts decide. `chosen` is what people set themselves, which no import overwrites."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("edition", String, primary_key=True),
    Column("frequency", String, nullable=False),
)
"""How often a person wants an edition, where that is not each time it comes."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("address", LargeBinary, primary_key=True),
    Column("reason", String, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Addresses that get no mail whatever a list says; of the address only a keyed hash,
which outlives the person."""

signs = Table(
    "signs",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""When someone last showed that they read what they get: by a link they followed or a thank-you."""

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("about", String, nullable=False, index=True),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What people decided about mails and about people, in order."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Who is signed in to the newsroom, on which browser; of its secret only the digest."""

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""Links that sign a person in once."""

openid_requests = Table(
    "openid_requests",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("browser", LargeBinary, nullable=False),
    Column("verifier", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("person_id", String),
    Column("expires_at", Instant, nullable=False),
)
"""Browsers that were sent to the provider of identities, by the state they bring back; `person_id` is who
wants to be known to it from now on."""

identities = Table(
    "identities",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("since", Instant, nullable=False),
)
"""Who someone is whom a provider of identities vouches for."""
