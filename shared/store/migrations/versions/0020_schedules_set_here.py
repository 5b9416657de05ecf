"""Schedules that people set beside those of the settings."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Room for what they set."""
    op.add_column("schedules", sa.Column("rule", sa.Text))
