"""What was said of customers and products: feedback, forecasts, interventions, holds, returns, invoices."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, text

from shared.tables.columns import Day, Instant, Scaled, metadata

feedback = Table(
    "feedback",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("customer_id", String, nullable=False, index=True),
    Column("order_id", String, index=True),
    Column("kind", String, nullable=False),
    Column("points", Integer),
    Column("against", Boolean, nullable=False),
    Column("contact", String),
    Column("time", Instant, nullable=False),
    Column("counted", Boolean, nullable=False),
    Index("feedback_by_time", "time"),
)

plans = Table(
    "plans",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("step", String, nullable=False),
    Column("product_id", String, nullable=False),
    Column("customer_id", String),
    Column("location", String),
    Column("period", String, nullable=False, index=True),
    Column("qty", Scaled, nullable=False),
    Column("time", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("backfill", Boolean, nullable=False),
    Index("plans_of_product", "product_id", "period"),
)
"""Forecast versions by step, and recorded demand as the step `demand`."""

products = Table(
    "products",
    metadata,
    Column("product_id", String, primary_key=True),
    Column("family", String),
    Column("lead_time_days", Integer),
    Column("launched_on", Day),
    Column("quality_limit_ppm", Scaled),
)
"""Master data; what a later registration leaves out stays as it was."""

interventions = Table(
    "interventions",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("customer_id", String, index=True),
    Column("order_id", String),
    Column("product_id", String),
    Column("week", String),
    Column("kind", String, nullable=False),
    Column("premium", Boolean, nullable=False),
    Column("cause", String),
    Column("time", Instant, nullable=False, index=True),
)
"""What someone did out of the ordinary, whatever it was about."""

holds = Table(
    "holds",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("hold_id", String, nullable=False, index=True),
    Column("order_id", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("product_id", String),
    Column("lot", String),
    Column("placed", Boolean, nullable=False),
    Column("time", Instant, nullable=False),
)
"""Holds placed (`placed`) and released."""

returns = Table(
    "returns",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("return_id", String, nullable=False),
    Column("customer_id", String, index=True),
    Column("order_id", String),
    Column("line_id", String),
    Column("product_id", String),
    Column("lot", String, index=True),
    Column("qty", Scaled, nullable=False),
    Column("cause", String),
    Column("time", Instant, nullable=False),
)
"""Goods that came back, with what they were assessed to be; None while they were not."""

invoices = Table(
    "invoices",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("customer_id", String, nullable=False),
    Column("order_id", String),
    Column("currency", String, nullable=False),
    Column("net_sales", Scaled, nullable=False),
    Column("cost_of_goods", Scaled),
    Column("freight_currency", String),
    Column("premium_freight", Scaled),
    Column("time", Instant, nullable=False, index=True),
    Index(
        "invoices_of_no_order",
        "time",
        sqlite_where=text("order_id IS NULL"),
        postgresql_where=text("order_id IS NULL"),
    ),
)
"""What was charged and what it cost, as far as told; a credit note takes back, below zero."""
