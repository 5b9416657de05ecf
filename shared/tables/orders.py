"""Customers and their orders, line by line, with what was sent, received and in the way."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text, text

from shared.tables.columns import Day, Instant, Scaled, metadata

customers = Table(
    "customers",
    metadata,
    Column("customer_id", String, primary_key=True),
    Column("root_id", String, nullable=False, index=True),
    Column("merged_id", String, nullable=False, index=True),
    Column("parent_id", String, index=True),
    Column("merged_into", String, index=True),
    Column("segment", String),
    Column("is_internal", Boolean, nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("first_won_at", Instant),
    Column("history_from", Day),
    Column("registrations", Text, nullable=False),
    Column("account_owner", String),
)

orders = Table(
    "orders",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("root_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("placed_at", Instant, nullable=False),
    Column("place_rank", String, nullable=False),
    Column("closed_at", Instant),
    Column("quarantined", String),
    Column("currency", String, nullable=False),
    Column("site", String),
    Column("account_owner", String),
    Column("counted", Boolean, nullable=False),
    Column("filled_at", Instant),
    Index("orders_of_customer", "customer_id", "placed_at"),
    Index("orders_of_root", "root_id", "placed_at"),
    Index("orders_by_placing", "placed_at"),
    Index("orders_by_filling", "filled_at", "counted", "placed_at"),
    Index(
        "orders_by_closing",
        "closed_at",
        "order_id",
        sqlite_where=text("closed_at IS NOT NULL"),
        postgresql_where=text("closed_at IS NOT NULL"),
    ),
    Index(
        "orders_quarantined",
        "order_id",
        sqlite_where=text("quarantined IS NOT NULL"),
        postgresql_where=text("quarantined IS NOT NULL"),
    ),
)
"""`filled_at` is None unless every line that was not cancelled was filled."""


def _basis(name: str) -> list[Column[Any] | Index]:
    return [
        Column(f"{name}_due", Day),
        Column(f"{name}_verdict", String, nullable=False),
        Column(f"{name}_on_time", Boolean, nullable=False),
        Column(f"{name}_overdue_at", Instant),
        Index(
            f"order_lines_{name}_due",
            f"{name}_due",
            sqlite_where=text(f"{name}_due IS NOT NULL"),
            postgresql_where=text(f"{name}_due IS NOT NULL"),
        ),
    ]


order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("line_id", String, primary_key=True),
    Column("customer_id", String, nullable=False),
    Column("product_id", String, nullable=False),
    Column("uom", String, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("ordered_qty", Scaled, nullable=False),
    Column("demand_qty", Scaled, nullable=False),
    Column("first_requested", Day, nullable=False),
    Column("in_full", Boolean, nullable=False),
    Column("excluded_adjusted", String),
    Column("closed_at", Instant),
    Column("ended_at", Instant),
    Column("ended_by", String),
    Column("documents_ok", Boolean),
    Column("condition_ok", Boolean),
    Column("value", Scaled),
    Column("slips", Integer, nullable=False),
    Column("fence_changes", Integer, nullable=False),
    Column("special", Boolean, nullable=False),
    Column("loaded", Boolean, nullable=False),
    Column("backordered", Boolean, nullable=False),
    Column("enough_qty", Scaled, nullable=False),
    Column("first_shipped", Scaled),
    Column("arrived", Boolean, nullable=False),
    *_basis("requested"),
    *_basis("first_commit"),
    *_basis("last_commit"),
)
"""`ended_by` is `filled`, `closed` or `cancelled`; `value` is None without a price, or beyond 64 bits;
`loaded`: whether a step that decides anything about the line was loaded as history;
`enough_qty`: the ordered quantity less what may be missing; `first_shipped`: what the first shipment held,
None where none was told; `arrived`: whether anything was received."""

receipts = Table(
    "receipts",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("line_id", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("uom", String, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("day", Day, nullable=False),
    Column("accepted_qty", Scaled, nullable=False),
    Column("returned_bad_qty", Scaled, nullable=False),
    Column("kept_qty", Scaled, nullable=False),
    Column("kept_value", Scaled),
    Index("receipts_by_day", "day", "counted", "uom", "accepted_qty", "returned_bad_qty"),
)
"""`kept` is what was accepted and did not come back; its value is None without a price, or beyond 64 bits."""

shipments = Table(
    "shipments",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("line_id", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("shipment_id", String, nullable=False),
    Column("qty", Scaled, nullable=False),
    Column("time", Instant, nullable=False),
)
"""What left of placed orders, also of lines that they never had."""

risks = Table(
    "risks",
    metadata,
    Column("order_id", String, primary_key=True),
    Column("roadblock_id", String, primary_key=True),
    Column("category", String, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("outcome", String),
    Column("due", Day),
    Column("due_at", Instant),
    Index("risks_by_due", "due"),
)
"""The roadblocks of counted orders, with the first day promised of what they stand before, and its start."""
