"""Stories that people tell, and the log of their review."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "stories",
        *(_text(name) for name in ("story_id", "subject", "state")),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text()),
        _text("via"),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in _INSTANTS),
        _text("edited_by", nullable=True),
        _text("merged_into", nullable=True),
        _text("sent_hash"),
        sa.PrimaryKeyConstraint("story_id"),
        sa.UniqueConstraint("subject"),
    )
    op.create_index("ix_stories_state", "stories", ["state"], unique=False)
    op.create_table(
        "story_log",
        sa.Column("number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), primary_key=True),
        _text("story_id"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        _text("action"),
        _text("by", nullable=True),
        _text("state"),
        _text("hash"),
        *(sa.Column(name, sa.Text()) for name in ("title", "body", "note")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_story_log_story_id", "story_log", ["story_id"], unique=False)


_INSTANTS = ("submitted_at", "changed_at", "waits_since")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)
