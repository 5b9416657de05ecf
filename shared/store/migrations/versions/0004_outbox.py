"""What waits to leave for Kafka, and what was said last."""

from hashlib import blake2b

import orjson
import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the outbox and the log of what was announced; give each win the digest of its body."""
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.Column("headers", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sqlite_autoincrement=True,
    )
    op.create_index("outbox_topic", "outbox", ["topic", "number"], unique=False)
    op.create_table(
        "announced",
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("seen", sa.LargeBinary(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "name"),
    )
    digest = sa.Column("digest", sa.LargeBinary(), nullable=False, server_default="")
    if op.get_context().dialect.name == "sqlite":  # it reads a row up to the column that is asked for
        with op.batch_alter_table("wins", recreate="always") as wins:
            wins.add_column(digest, insert_after="reason")
    else:
        op.add_column("wins", digest)
    _digest()
    with op.batch_alter_table("wins") as wins:
        wins.alter_column("digest", server_default=None)


def _digest() -> None:
    wins = sa.table(
        "wins",
        sa.column("win_id", sa.String()),
        sa.column("digest", sa.LargeBinary()),
        sa.column("body", sa.JSON()),
    )
    connection = op.get_bind()
    for win_id in connection.scalars(sa.select(wins.c.win_id)).all():
        mine = wins.c.win_id == win_id
        body = connection.scalar(sa.select(wins.c.body).where(mine))
        digest = blake2b(orjson.dumps(body), digest_size=16).digest()
        connection.execute(sa.update(wins).where(mine).values(digest=digest))
