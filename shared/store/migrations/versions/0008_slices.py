"""By what figures are cut: the site of an order, and who looks after a customer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the columns, empty: the journal fills them before anyone reads them."""
    for table, column in (("customers", "account_owner"), ("orders", "site"), ("orders", "account_owner")):
        op.add_column(table, sa.Column(column, sa.String(), nullable=True))
    op.execute("UPDATE facts SET value = '' WHERE name = 'projected_by'")
