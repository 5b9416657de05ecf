"""Who thanked whom for which story."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the tables, empty."""
    op.create_table(
        "thanks",
        *(_text(name) for name in ("thanks_id", "story_id", "edition_id", "person_id", "department")),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.Column("taken_back_at", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("thanks_id"),
    )
    for name in ("story_id", "given_at"):
        op.create_index(f"ix_thanks_{name}", "thanks", [name])
    op.create_index("thanks_once", "thanks", ["person_id", "story_id"], unique=True)
    op.create_table(
        "thanked_departments",
        _text("thanks_id"),
        _text("department"),
        sa.PrimaryKeyConstraint("thanks_id", "department"),
    )
    op.create_table(
        "thanked_people",
        _text("thanks_id"),
        _text("person_id"),
        sa.Column("told_in", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("thanks_id", "person_id"),
    )
    op.create_index("ix_thanked_people_person_id", "thanked_people", ["person_id"])


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)
