"""People, what they want to read, and every mail that was released to them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "people", *_PEOPLE, sa.PrimaryKeyConstraint("person_id"), sa.UniqueConstraint("email_key")
    )
    op.create_table("subscriptions", *_SUBSCRIPTIONS, sa.PrimaryKeyConstraint("person_id", "edition"))
    op.create_table("suppressions", *_SUPPRESSIONS, sa.PrimaryKeyConstraint("address"))
    op.create_table("contents", *_CONTENTS, sa.PrimaryKeyConstraint("digest"))
    op.create_table("sendings", *_SENDINGS, sa.PrimaryKeyConstraint("edition_id"))
    op.create_table("mails", *_MAILS, sa.PrimaryKeyConstraint("mail_id"))
    op.create_index("mails_once", "mails", ["edition_id", "person_id"], unique=True)
    op.create_index("mails_due", "mails", ["state", "due_at"], unique=False)
    op.create_index("mails_of_edition", "mails", ["edition_id", "state"], unique=False)
    op.create_table("schedules", *_SCHEDULES, sa.PrimaryKeyConstraint("name"))
    op.create_table("runs", *_RUNS, sa.PrimaryKeyConstraint("schedule", "day"))
    op.create_table("decisions", *_DECISIONS, sa.PrimaryKeyConstraint("number"), sqlite_autoincrement=True)
    op.create_index("ix_decisions_about", "decisions", ["about"], unique=False)


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _long(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _bytes(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


_PEOPLE = (
    _text("person_id"),
    *(_text(name, nullable=True) for name in ("email", "email_key", "name")),
    *(_text(name) for name in ("department", "language", "naming")),
    _long("roles"),
    _long("customers", nullable=True),
    _long("chosen"),
    _instant("since"),
    _instant("erased_at", nullable=True),
)
_SUBSCRIPTIONS = (_text("person_id"), _text("edition"), _text("frequency"))
_SUPPRESSIONS = (_bytes("address"), _text("reason"), _instant("since"))
_CONTENTS = (_bytes("digest"), _long("subject"), _bytes("body"))
_SENDINGS = (
    *(_text(name) for name in ("edition_id", "state", "reason")),
    _number("candidates"),
    _long("post"),
    _instant("released_at"),
    _instant("good_until"),
    _instant("finished_at", nullable=True),
)
_MAILS = (
    *(_text(name) for name in ("mail_id", "edition_id", "person_id")),
    _text("recipient", nullable=True),
    _bytes("content", nullable=True),
    *(_text(name) for name in ("state", "reason")),
    _number("attempt"),
    _instant("lease_until", nullable=True),
    _instant("due_at"),
    _bytes("digest", nullable=True),
    _instant("changed_at"),
)
_SCHEDULES = (_text("name"), _instant("since"), _instant("confirmed_at", nullable=True))
_RUNS = (
    _text("schedule"),
    _number("day"),
    _instant("due_at"),
    *(_text(name) for name in ("edition", "period", "state")),
    _long("note"),
    _instant("changed_at"),
)
_DECISIONS = (
    sa.Column("number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
    _instant("at"),
    *(_text(name) for name in ("who", "what", "about")),
    _long("note"),
)
