"""Stories that are being written, and their photos."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Make both tables, empty."""
    op.create_table(
        "manuscripts",
        *(_text(name) for name in ("manuscript_id", "person_id", "draft_id")),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("aside", sa.Text()),
        sa.Column("returns", sa.Boolean(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_words", sa.Text()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("began_at", "changed_at")),
        sa.PrimaryKeyConstraint("manuscript_id"),
    )
    op.create_index("manuscripts_of_person", "manuscripts", ["person_id", "draft_id"], unique=True)
    op.create_table(
        "photos",
        *(_text(name) for name in ("photo_id", "draft_id", "person_id")),
        sa.Column("alt", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("width", "height")),
        *(sa.Column(name, sa.LargeBinary(), nullable=False) for name in ("digest", "content")),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("photo_id"),
    )
    op.create_index("ix_photos_draft_id", "photos", ["draft_id"], unique=False)
    op.create_index("ix_photos_person_id", "photos", ["person_id"], unique=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=False)
