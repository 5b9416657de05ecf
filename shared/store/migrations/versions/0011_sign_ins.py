"""Who is signed in, the links that sign people in, and who they are to a provider of identities."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "sign_ins", _digest(), _text("person_id"), _instant("began_at"), _instant("seen_at"), _key("digest")
    )
    op.create_index("ix_sign_ins_person_id", "sign_ins", ["person_id"])
    op.create_table("sign_in_links", _digest(), _text("person_id"), _instant("expires_at"), _key("digest"))
    op.create_table(
        "openid_requests",
        _digest(),
        sa.Column("browser", sa.LargeBinary(), nullable=False),
        _text("verifier"),
        _text("nonce"),
        sa.Column("person_id", sa.String(), nullable=True),
        _instant("expires_at"),
        _key("digest"),
    )
    op.create_table(
        "identities",
        *(_text(name) for name in ("issuer", "subject", "person_id")),
        _instant("since"),
        _key("issuer", "subject"),
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])


def _digest() -> sa.Column[Any]:
    return sa.Column("digest", sa.LargeBinary(), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)


def _instant(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _key(*names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names)
