"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the journal, what is kept apart from it, and the projections."""
    op.create_table(
        "conflicts",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "id", "digest"),
    )
    op.create_table(
        "customers",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("root_id", sa.String(), nullable=False),
        sa.Column("merged_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.String(), nullable=True),
        sa.Column("merged_into", sa.String(), nullable=True),
        sa.Column("segment", sa.String(), nullable=True),
        sa.Column("is_internal", sa.Boolean(), nullable=False),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("first_won_at", sa.BigInteger(), nullable=True),
        sa.Column("history_from", sa.Integer(), nullable=True),
        sa.Column("registrations", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_id"),
    )
    op.create_index(op.f("ix_customers_merged_id"), "customers", ["merged_id"], unique=False)
    op.create_index(op.f("ix_customers_merged_into"), "customers", ["merged_into"], unique=False)
    op.create_index(op.f("ix_customers_parent_id"), "customers", ["parent_id"], unique=False)
    op.create_index(op.f("ix_customers_root_id"), "customers", ["root_id"], unique=False)
    op.create_table(
        "dead_letters",
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("origin"),
    )
    op.create_table(
        "editions",
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("composed_at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id"),
    )
    op.create_table(
        "facts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "feedback",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("against", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("source", "id"),
    )
    op.create_index(op.f("ix_feedback_customer_id"), "feedback", ["customer_id"], unique=False)
    op.create_index(op.f("ix_feedback_subject"), "feedback", ["subject"], unique=False)
    op.create_table(
        "journal",
        sa.Column("seq", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("corrects_source", sa.String(), nullable=True),
        sa.Column("corrects_id", sa.String(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index(
        "journal_corrects",
        "journal",
        ["corrects_source", "corrects_id"],
        unique=False,
        sqlite_where=sa.text("corrects_id IS NOT NULL"),
        postgresql_where=sa.text("corrects_id IS NOT NULL"),
    )
    op.create_index("journal_known_at", "journal", ["known_at"], unique=False)
    op.create_index("journal_name", "journal", ["source", "id"], unique=True)
    op.create_index("journal_subject", "journal", ["subject"], unique=False)
    op.create_table(
        "links",
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "source", "id"),
    )
    op.create_table(
        "names",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id"),
    )
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("uom", sa.String(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("ordered_qty", sa.BigInteger(), nullable=False),
        sa.Column("demand_qty", sa.BigInteger(), nullable=False),
        sa.Column("first_requested", sa.Integer(), nullable=False),
        sa.Column("in_full", sa.Boolean(), nullable=False),
        sa.Column("excluded_adjusted", sa.String(), nullable=True),
        sa.Column("requested_due", sa.Integer(), nullable=True),
        sa.Column("requested_verdict", sa.String(), nullable=False),
        sa.Column("requested_on_time", sa.Boolean(), nullable=False),
        sa.Column("requested_overdue_at", sa.BigInteger(), nullable=True),
        sa.Column("first_commit_due", sa.Integer(), nullable=True),
        sa.Column("first_commit_verdict", sa.String(), nullable=False),
        sa.Column("first_commit_on_time", sa.Boolean(), nullable=False),
        sa.Column("first_commit_overdue_at", sa.BigInteger(), nullable=True),
        sa.Column("last_commit_due", sa.Integer(), nullable=True),
        sa.Column("last_commit_verdict", sa.String(), nullable=False),
        sa.Column("last_commit_on_time", sa.Boolean(), nullable=False),
        sa.Column("last_commit_overdue_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("order_id", "line_id"),
    )
    op.create_table(
        "orders",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("root_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("place_rank", sa.String(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("quarantined", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index(op.f("ix_orders_customer_id"), "orders", ["customer_id"], unique=False)
    op.create_index("orders_of_root", "orders", ["root_id", "placed_at"], unique=False)
    op.create_table(
        "plans",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("product_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=True),
        sa.Column("location", sa.String(), nullable=True),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source", "id"),
    )
    op.create_index(op.f("ix_plans_period"), "plans", ["period"], unique=False)
    op.create_index(op.f("ix_plans_subject"), "plans", ["subject"], unique=False)
    op.create_table(
        "receipts",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("line_id", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("uom", sa.String(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("accepted_qty", sa.BigInteger(), nullable=False),
        sa.Column("returned_bad_qty", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "line_id", "source", "id"),
    )
    op.create_table(
        "risks",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("roadblock_id", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("resolved_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("order_id", "roadblock_id"),
    )
    op.create_table(
        "texts",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("source", "id", "path"),
    )
    op.create_table(
        "told",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("win_id", sa.String(), nullable=False),
        sa.Column("edition_id", sa.String(), nullable=False),
        sa.Column("headline", sa.String(), nullable=False),
        sa.Column("corrected_in", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name", "win_id"),
    )
    op.create_index(op.f("ix_told_edition_id"), "told", ["edition_id"], unique=False)
    op.create_table(
        "wins",
        sa.Column("win_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("pattern", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("final_at", sa.BigInteger(), nullable=False),
        sa.Column("pending", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("win_id"),
    )
    op.create_index(op.f("ix_wins_final_at"), "wins", ["final_at"], unique=False)
    op.create_index(op.f("ix_wins_order_id"), "wins", ["order_id"], unique=False)
