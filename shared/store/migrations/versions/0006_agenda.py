"""What patterns over customers, products, weeks, holds and drafts look at, and when they look."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the projections that changed anew, empty: the journal fills them before anyone reads them."""
    for table in ("orders", "order_lines", "plans", "wins"):
        op.drop_table(table)
    op.create_table("orders", *_ORDERS, sa.PrimaryKeyConstraint("order_id"))
    op.create_index("ix_orders_customer_id", "orders", ["customer_id"], unique=False)
    op.create_index("orders_of_root", "orders", ["root_id", "placed_at"], unique=False)
    op.create_table("order_lines", *_lines(), sa.PrimaryKeyConstraint("order_id", "line_id"))
    op.create_table("plans", *_named(*_PLAN), sa.PrimaryKeyConstraint("source", "id"))
    op.create_index("plans_of_product", "plans", ["product_id", "period"], unique=False)
    op.create_table("products", *_PRODUCT, sa.PrimaryKeyConstraint("product_id"))
    op.create_table("wins", *_WINS, sa.PrimaryKeyConstraint("win_id"))
    op.create_table("interventions", *_named(*_INTERVENTION), sa.PrimaryKeyConstraint("source", "id"))
    op.create_table("holds", *_named(*_HOLD), sa.PrimaryKeyConstraint("source", "id"))
    op.create_table("returns", *_named(*_RETURN), sa.PrimaryKeyConstraint("source", "id"))
    op.create_table("freights", *_named(*_FREIGHT), sa.PrimaryKeyConstraint("source", "id"))
    op.create_table("drafts", *_DRAFT, sa.PrimaryKeyConstraint("draft_id", "order_id"))
    op.create_table("agenda", *_AGENDA, sa.PrimaryKeyConstraint("kind", "name"))
    for table, column in _INDEXED:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    op.execute("UPDATE facts SET value = '' WHERE name = 'projected_by'")


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _day(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _big(name: str, *, nullable: bool = True) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _flag(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=nullable)


def _named(*columns: sa.Column[Any]) -> list[sa.Column[Any]]:
    return [_text("source"), _text("id"), _text("subject"), *columns]


def _basis(name: str) -> list[sa.Column[Any]]:
    return [
        _day(f"{name}_due"),
        _text(f"{name}_verdict"),
        _flag(f"{name}_on_time"),
        _big(f"{name}_overdue_at"),
    ]


def _lines() -> list[sa.Column[Any]]:
    return [
        *(_text(name) for name in ("order_id", "line_id", "customer_id", "product_id", "uom")),
        _flag("counted"),
        _big("ordered_qty", nullable=False),
        _big("demand_qty", nullable=False),
        _day("first_requested", nullable=False),
        _flag("in_full"),
        _text("excluded_adjusted", nullable=True),
        _big("closed_at"),
        _big("ended_at"),
        _text("ended_by", nullable=True),
        _flag("documents_ok", nullable=True),
        _flag("condition_ok", nullable=True),
        _big("value"),
        _day("slips", nullable=False),
        _day("fence_changes", nullable=False),
        _flag("special"),
        _flag("loaded"),
        *_basis("requested"),
        *_basis("first_commit"),
        *_basis("last_commit"),
    ]


_ORDERS = (
    *(_text(name) for name in ("order_id", "customer_id", "root_id", "kind")),
    _big("placed_at", nullable=False),
    _text("place_rank"),
    _big("closed_at"),
    _text("quarantined", nullable=True),
    _text("currency"),
)
_PLAN = (
    _text("step"),
    _text("product_id"),
    *(_text(name, nullable=True) for name in ("customer_id", "location")),
    _text("period"),
    *(_big(name, nullable=False) for name in ("qty", "time", "known_at")),
    _flag("backfill"),
)
_PRODUCT = (
    _text("product_id"),
    _text("family", nullable=True),
    _day("lead_time_days"),
    _day("launched_on"),
    _big("quality_limit_ppm"),
)
_WINS = (
    _text("win_id"),
    _text("about"),
    _day("ends_on"),
    _text("customer_id", nullable=True),
    _text("pattern"),
    _text("kind"),
    _big("final_at", nullable=False),
    _flag("pending"),
    _text("reason", nullable=True),
    sa.Column("digest", sa.LargeBinary(), nullable=False),
    sa.Column("body", sa.JSON(), nullable=False),
)
_INTERVENTION = (
    *(_text(name, nullable=True) for name in ("customer_id", "order_id", "product_id", "week")),
    _text("kind"),
    _flag("premium"),
    _text("cause", nullable=True),
    _big("time", nullable=False),
)
_HOLD = (
    _text("hold_id"),
    _text("order_id"),
    _text("kind"),
    _text("product_id", nullable=True),
    _text("lot", nullable=True),
    _flag("placed"),
    _big("time", nullable=False),
)
_RETURN = (
    _text("return_id"),
    *(_text(name, nullable=True) for name in ("customer_id", "order_id", "line_id", "product_id", "lot")),
    _big("qty", nullable=False),
    _text("cause", nullable=True),
    _big("time", nullable=False),
)
_FREIGHT = (
    _text("customer_id"),
    _text("order_id", nullable=True),
    _text("currency"),
    _big("amount", nullable=False),
    _big("time", nullable=False),
)
_DRAFT = (_text("draft_id"), _text("order_id"))
_AGENDA = (_text("kind"), _text("name"), _day("since", nullable=False))
_INDEXED = (
    ("plans", "period"),
    ("plans", "subject"),
    ("wins", "about"),
    ("wins", "final_at"),
    ("interventions", "subject"),
    ("interventions", "customer_id"),
    ("interventions", "time"),
    ("holds", "subject"),
    ("holds", "hold_id"),
    ("returns", "subject"),
    ("returns", "customer_id"),
    ("returns", "lot"),
    ("freights", "subject"),
    ("drafts", "order_id"),
)
