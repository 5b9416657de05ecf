"""What editors choose for an edition."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Make the log, empty."""
    number = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
    op.create_table(
        "choosing_log",
        sa.Column("number", number, nullable=False),
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("by", "action")),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("win_ids", "reason")),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_choosing_log_edition_id", "choosing_log", ["edition_id"])
