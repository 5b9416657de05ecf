"""An index by which the wins of customers are found."""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add it: of customers that became confidential, those that anything may have been told of."""
    op.create_index("wins_of_customer", "wins", ["customer_id"])
