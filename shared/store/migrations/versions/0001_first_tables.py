"""The first tables."""

from alembic import op

from shared.tables import metadata

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Placeholder: frozen before the first release."""
    metadata.create_all(op.get_bind())
