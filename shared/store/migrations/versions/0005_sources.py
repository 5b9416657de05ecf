"""What came from each source, and when last."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Count what is there; when it was received is not on record, so when it was known stands in."""
    op.create_table(
        "sources",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("events", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("last_time", sa.BigInteger(), nullable=False),
        sa.Column("last_known_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source"),
    )
    op.execute(
        "INSERT INTO sources (source, events, last_time, last_known_at, received_at) "
        "SELECT source, count(*), max(time), max(known_at), max(known_at) FROM journal GROUP BY source"
    )
