"""Sums of what orders are, so that figures of millions of lines are read from some hundred rows."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from shared.tables.columns import Day, Instant, metadata

due_days = Table(
    "due_days",
    metadata,
    Column("basis", String, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("scored_from", Instant, primary_key=True),
    Column("on_time", Boolean, primary_key=True),
    Column("in_full", Boolean, primary_key=True),
    Column("slipped", Boolean, primary_key=True),
    Column("adjusted", Boolean, primary_key=True),
    Column("lines", BigInteger, nullable=False),
)
"""How many counted lines were due on a day, by what became of them: a month is read from some hundred rows.

`scored_from`: the first instant, or from when an undelivered line is a miss; `on_time` and `in_full` only of
lines that closed; `adjusted`: whether the adjusted figure leaves them out.
"""

demand_weeks = Table(
    "demand_weeks",
    metadata,
    Column("since", Day, primary_key=True),
    Column("product_id", String, primary_key=True),
    Column("uom", String, primary_key=True),
    Column("whole", BigInteger, nullable=False),
    Column("rest", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
    Index("demand_weeks_of_product", "product_id", "uom"),
)
"""What counted lines wanted of a product, by first requested day: `whole` units and `rest` millionths, apart
so that no sum is too large; `lines` counts all, also those of which nothing is wanted.

`since` is the first day of an ISO week or of a month within it: weeks, months and quarters are whole rows.
"""

first_passes = Table(
    "first_passes",
    metadata,
    Column("day", Day, primary_key=True),
    Column("scored_from", Instant, primary_key=True),
    Column("uom", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("told", Boolean, primary_key=True),
    Column("held_whole", BigInteger, nullable=False),
    Column("held_rest", BigInteger, nullable=False),
    Column("ordered_whole", BigInteger, nullable=False),
    Column("ordered_rest", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
)
"""What first shipments held of counted lines due by the first promise, in whole units and millionths.

`outcome` is `filled`, `short` or `unknown`; `told`: whether a shipment of the line was told.
"""

order_days = Table(
    "order_days",
    metadata,
    Column("day", Day, primary_key=True),
    Column("scored_from", Instant, primary_key=True),
    Column("perfect", String, primary_key=True),
    Column("first_pass", String, primary_key=True),
    Column("told", Boolean, primary_key=True),
    Column("orders", BigInteger, nullable=False),
)
"""Counted orders by the day their last line was due by the first promise, and from when all are scored.

`perfect` and `first_pass`: whether every line was perfect, or filled by its first shipment: `good`, `bad`
or `unknown`; `told`: whether a shipment of any line was told.
"""

placed_times = Table(
    "placed_times",
    metadata,
    Column("since", Instant, primary_key=True, autoincrement=False),
    Column("backordered", BigInteger, nullable=False),
    Column("lines", BigInteger, nullable=False),
)
"""The lines of counted orders by the quarter of an hour of placing: a day begins with one in every zone."""

sold_days = Table(
    "sold_days",
    metadata,
    Column("priced", Boolean, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("day_before", Day, primary_key=True),
    Column("whole", BigInteger, nullable=False),
    Column("rest", BigInteger, nullable=False),
    Column("unknown", BigInteger, nullable=False),
    Column("orders", BigInteger, nullable=False),
    Column("receipts", BigInteger, nullable=False),
)
"""What customers received and kept by local day, in units of measure, and in currencies where it is `priced`.

`day_before` is when the order had last received something of that unit, day 1 if never: the orders of a
period are those whose `day_before` lies before it, each once. `unknown`: receipts without a price.
"""

received_days = Table(
    "received_days",
    metadata,
    Column("uom", String, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("bad_whole", BigInteger, nullable=False),
    Column("bad_rest", BigInteger, nullable=False),
    Column("whole", BigInteger, nullable=False),
    Column("rest", BigInteger, nullable=False),
    Column("receipts", BigInteger, nullable=False),
)
"""What customers accepted of counted orders by local day, and what of it came back as a quality fault."""

margin_times = Table(
    "margin_times",
    metadata,
    Column("currency", String, primary_key=True),
    Column("since", Instant, primary_key=True),
    Column("net_whole", BigInteger, nullable=False),
    Column("net_rest", BigInteger, nullable=False),
    Column("cost_whole", BigInteger, nullable=False),
    Column("cost_rest", BigInteger, nullable=False),
    Column("unknown", BigInteger, nullable=False),
    Column("invoices", BigInteger, nullable=False),
)
"""Net sales, and cost of goods with premium freight, of invoices of counted orders by quarter of an hour.

`unknown`: invoices of which a cost is not known; they are in no sum.
"""

TOTALS = (
    due_days,
    demand_weeks,
    first_passes,
    order_days,
    placed_times,
    sold_days,
    received_days,
    margin_times,
)
"""Sums of what orders are, kept up with them."""
