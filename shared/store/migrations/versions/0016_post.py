"""What comes back of mails, what somebody must know, and who reads what they get."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "bounces",
        _text("mail_id"),
        _text("kind"),
        _instant("at"),
        _text("person_id"),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        _text("status"),
        sa.Column("said", sa.Text(), nullable=False),
        _instant("undone_at", nullable=True),
        sa.PrimaryKeyConstraint("mail_id", "kind"),
    )
    op.create_index("ix_bounces_at", "bounces", ["at"])
    op.create_index("ix_bounces_address", "bounces", ["address"])
    op.create_table(
        "refusals",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day"),
    )
    op.create_table(
        "alerts",
        _text("kind"),
        _text("about"),
        sa.Column("said", sa.Text(), nullable=False),
        _instant("since"),
        sa.Column("told", sa.Text(), nullable=False),
        _instant("resolved_at", nullable=True),
        sa.PrimaryKeyConstraint("kind", "about"),
    )
    op.create_table("signs", _text("person_id"), _instant("at"), sa.PrimaryKeyConstraint("person_id"))


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)
