"""What people are asked by a link in a mail, each thing once."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the table, empty."""
    op.create_table(
        "questions",
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("question_id", "kind", "subject", "person_id", "state")
        ),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Integer(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("question_id"),
    )
    op.create_index("questions_once", "questions", ["subject", "kind", "person_id"], unique=True)
    op.create_index("questions_of_person", "questions", ["person_id", "asked_at"])
