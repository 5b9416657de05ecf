"""The tables, without an engine: the journal, what is kept apart from it, and the projections."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

from shared.instants import microseconds, moment

SCALE = 10**6


def millionths(value: Decimal) -> int:
    """A decimal of at most 6 places as it is stored."""
    return int(value * SCALE)


class Instant(TypeDecorator[datetime]):
    """A point in time as microseconds since 1970, the same order and digits on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """Aware datetime to integer."""
        return None if value is None else microseconds(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the same
        """Integer to UTC datetime."""
        return None if value is None else moment(value)


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal of at most 6 places as an integer of millionths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """Decimal to millionths."""
        return None if value is None else millionths(value)

    def process_result_value(self, value: float | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 - the same
        """Millionths to decimal; a sum too large for an integer comes as a double, with its 15 digits."""
        if value is None:
            return None
        millionths = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
        return millionths.scaleb(-6).normalize() + 0


class Day(TypeDecorator[date]):
    """A calendar date as its number in the proleptic Gregorian calendar: 1 is 1 January of year 1."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - the base class's signature
        """Date to integer."""
        return None if value is None else value.toordinal()

    def process_result_value(self, value: int | None, dialect: Dialect) -> date | None:  # noqa: ARG002 - the same
        """Integer to date."""
        return None if value is None else date.fromordinal(value)


metadata = MetaData()

journal = Table(
    "journal",
    metadata,
    Column("seq", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("source", String, nullable=False),
    Column("id", String, nullable=False),
    Column("type", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("time", Instant, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("corrects_source", String),
    Column("corrects_id", String),
    Column("digest", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index("journal_name", "source", "id", unique=True),
    Index("journal_subject", "subject"),
    Index("journal_known_at", "known_at"),
    Index(
        "journal_heartbeats",
        "source",
        "time",
        "id",
        sqlite_where=text("type = 'tandem.source.heartbeat.v1'"),
        postgresql_where=text("type = 'tandem.source.heartbeat.v1'"),
    ),
    Index(
        "journal_corrects",
        "corrects_source",
        "corrects_id",
        sqlite_where=text("corrects_id IS NOT NULL"),
        postgresql_where=text("corrects_id IS NOT NULL"),
    ),
)
"""Every event once, as it came, without names, contacts and free texts."""

links = Table(
    "links",
    metadata,
    Column("subject", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
)
"""Corrections, and what they correct, that belong to another subject's chain."""

texts = Table(
    "texts",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("path", String, primary_key=True),
    Column("text", Text, nullable=False),
)
"""What people wrote, by event and field."""

names = Table(
    "names",
    metadata,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("said", String, nullable=False),
)
"""What people are called; the name said last counts."""

conflicts = Table(
    "conflicts",
    metadata,
    Column("source", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
)
"""The same name with other content: listed, never counted."""

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("origin", String, nullable=False),
    Column("topic", String, nullable=False),
    Column("key", LargeBinary),
    Column("headers", LargeBinary),
    Column("body", LargeBinary),
    Column("field", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("settled_at", Instant),
    Column("note", String),
    Column("erased_at", Instant),
    Index("dead_letters_origin", "origin", unique=True),
    Index("dead_letters_by_state", "state", "number"),
    Index(
        "dead_letters_kept",
        "received_at",
        sqlite_where=text("erased_at IS NULL"),
        postgresql_where=text("erased_at IS NULL"),
    ),
    sqlite_autoincrement=True,
)
"""What could not be read, exactly as it came, with where it came from, why, and what became of it."""

facts = Table(
    "facts", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False)
)
"""What the database knows of itself."""

sources = Table(
    "sources",
    metadata,
    Column("source", String, primary_key=True),
    Column("events", Integer().with_variant(BigInteger, "postgresql"), nullable=False),
    Column("last_time", Instant, nullable=False),
    Column("last_known_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
)
"""Each source with what the journal holds of it, and when something of it came last, even if known before."""

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

drafts = Table(
    "drafts",
    metadata,
    Column("draft_id", String, primary_key=True),
    Column("order_id", String, primary_key=True, index=True),
)
"""The orders that people's own stories name."""

agenda = Table(
    "agenda",
    metadata,
    Column("kind", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("since", Day, nullable=False),
)
"""What must be judged again, by the clock: each period of a subject that ends after `since`."""

wins = Table(
    "wins",
    metadata,
    Column("win_id", String, primary_key=True),
    Column("about", String, nullable=False, index=True),
    Column("ends_on", Day),
    Column("customer_id", String),
    Column("pattern", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("final_at", Instant, nullable=False, index=True),
    Column("pending", Boolean, nullable=False),
    Column("reason", String),
    Column("digest", LargeBinary, nullable=False),
    Column("body", JSON, nullable=False),
    Index("wins_of_pattern", "pattern", "final_at"),
    Index(
        "wins_revoked",
        "final_at",
        sqlite_where=text("reason IS NOT NULL"),
        postgresql_where=text("reason IS NOT NULL"),
    ),
)
"""`about` is what is judged as a whole (`order/SO-1`, `customer/C-1`); `ends_on` the day after its period."""

editions = Table(
    "editions",
    metadata,
    Column("edition_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("period", String, nullable=False),
    Column("state", String, nullable=False),
    Column("composed_at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

told = Table(
    "told",
    metadata,
    Column("name", String, primary_key=True),
    Column("win_id", String, primary_key=True),
    Column("edition_id", String, nullable=False, index=True),
    Column("headline", String, nullable=False),
    Column("corrected_in", String),
)
"""Which win each newsletter or digest told, in which released edition, and where it was taken back."""

stories = Table(
    "stories",
    metadata,
    Column("story_id", String, primary_key=True),
    Column("subject", String, nullable=False, unique=True),
    Column("state", String, nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("submitted_by", Text),
    Column("via", String, nullable=False),
    Column("submitted_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("waits_since", Instant, nullable=False),
    Column("edited_by", String),
    Column("merged_into", String),
    Column("sent_hash", String, nullable=False),
)
"""The stories that people tell, as they stand; `about` is JSON: orders, customer, and whom they mention."""

story_log = Table(
    "story_log",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("story_id", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("action", String, nullable=False),
    Column("by", String),
    Column("state", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("title", Text),
    Column("body", Text),
    Column("note", Text),
    sqlite_autoincrement=True,
)
"""Who did what to a story, and its state from then on; its words where they became others. Rows only come."""

manuscripts = Table(
    "manuscripts",
    metadata,
    Column("manuscript_id", String, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("draft_id", String, nullable=False),
    Column("words", Text, nullable=False),
    Column("aside", Text),
    Column("returns", Boolean, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("sent_words", Text),
    Column("began_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("manuscripts_of_person", "person_id", "draft_id", unique=True),
)
"""Stories as their authors write them, seen by nobody else. `words` and `aside` are JSON: the answers, and a
version that was put aside, which `returns` at the next visit. `sent` counts the times it was handed in."""

photos = Table(
    "photos",
    metadata,
    Column("photo_id", String, primary_key=True),
    Column("draft_id", String, nullable=False, index=True),
    Column("person_id", String, nullable=False, index=True),
    Column("alt", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
)
"""Photos of drafts as JPEG, made anew from what was uploaded; with what they show, in words."""


choosing_log = Table(
    "choosing_log",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("edition_id", String, nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("by", String, nullable=False),
    Column("action", String, nullable=False),
    Column("win_ids", Text, nullable=False),
    Column("reason", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What editors chose for an edition: `pin`, `drop` or `free` a win, or `arrange` all of them; `win_ids` is a
JSON list. Rows only come."""


questions = Table(
    "questions",
    metadata,
    Column("question_id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("state", String, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("due_on", Day, nullable=False),
    Column("settled_at", Instant),
    Column("answer", String),
    Index("questions_once", "subject", "kind", "person_id", unique=True),
    Index("questions_of_person", "person_id", "asked_at"),
)
"""What one person was asked about one story or win, by a link in a mail: once, for ever. `due_on` is the last
day on which it may be answered; what the person wrote is in the journal, not here."""

tokens = Table(
    "tokens",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("scopes", String, nullable=False),
    Column("sources", String, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
)
"""Who may send events by HTTP; of the secret only its digest. Scopes and sources are JSON lists."""

outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("topic", String, nullable=False),
    Column("key", LargeBinary),
    Column("headers", LargeBinary, nullable=False),
    Column("value", LargeBinary),
    Column("created_at", Instant, nullable=False),
    Column("refused", String),
    Index("outbox_topic", "topic", "number"),
    sqlite_autoincrement=True,
)
"""What waits to leave for Kafka, in this order; `refused` says why Kafka will not take it as it is."""

announced = Table(
    "announced",
    metadata,
    Column("topic", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("turn", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("seen", LargeBinary, nullable=False),
    Column("data", LargeBinary, nullable=False),
)
"""What was said last of each win and edition, for the how-manieth time, and of which row."""

people = Table(
    "people",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("email", String),
    Column("email_key", String, unique=True),
    Column("name", String),
    Column("department", String, nullable=False),
    Column("language", String, nullable=False),
    Column("naming", String, nullable=False),
    Column("roles", Text, nullable=False),
    Column("customers", Text),
    Column("chosen", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("erased_at", Instant),
)
"""Who may be written to and named; `roles`, `customers` and `chosen` are JSON lists, `customers` None where
the owners of accounts decide. `chosen` is what people set themselves, which no import overwrites."""

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("edition", String, primary_key=True),
    Column("frequency", String, nullable=False),
)
"""How often a person wants an edition, where that is not each time it comes."""

suppressions = Table(
    "suppressions",
    metadata,
    Column("address", LargeBinary, primary_key=True),
    Column("reason", String, nullable=False),
    Column("since", Instant, nullable=False),
)
"""Addresses that get no mail whatever a list says; of the address only a keyed hash,
which outlives the person."""

contents = Table(
    "contents",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""The frozen body of mails that are alike but for the reader's own links; NUL and 1 stand where these go."""

sendings = Table(
    "sendings",
    metadata,
    Column("edition_id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("candidates", Integer, nullable=False),
    Column("post", Text, nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("good_until", Instant, nullable=False),
    Column("finished_at", Instant),
)
"""One for each edition released with its recipients: `sending`, `paused`, `stopped`, `completed` or
`archived`, in which no address is kept; `post` is what the headers of its mails are made from, as JSON,
whatever is set later."""

mails = Table(
    "mails",
    metadata,
    Column("mail_id", String, primary_key=True),
    Column("edition_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("recipient", String),
    Column("content", LargeBinary),
    Column("state", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("due_at", Instant, nullable=False),
    Column("digest", LargeBinary),
    Column("changed_at", Instant, nullable=False),
    Index("mails_once", "edition_id", "person_id", unique=True),
    Index("mails_due", "state", "due_at"),
    Index("mails_of_edition", "edition_id", "state"),
)
"""One for each edition and recipient, frozen at the release; `digest` is of the bytes that
were begun to be sent."""

bounces = Table(
    "bounces",
    metadata,
    Column("mail_id", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("person_id", String, nullable=False),
    Column("address", LargeBinary, index=True),
    Column("status", String, nullable=False),
    Column("said", Text, nullable=False),
    Column("undone_at", Instant),
)
"""What came back of which mail, once for each kind: `hard`, `soft`, `other` or `complaint`; `address` is
a keyed hash, `said` holds no address."""

refusals = Table(
    "refusals",
    metadata,
    Column("day", Day, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)
"""How many reports came in on each day that no mail of ours could have caused."""

alerts = Table(
    "alerts",
    metadata,
    Column("kind", String, primary_key=True),
    Column("about", String, primary_key=True),
    Column("said", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("told", Text, nullable=False),
    Column("resolved_at", Instant),
)
"""What an editor or administrator must know, once for each fact while it lasts; `told` is JSON: who knows."""

signs = Table(
    "signs",
    metadata,
    Column("person_id", String, primary_key=True),
    Column("at", Instant, nullable=False),
)
"""When someone last showed that they read what they get: by a link they followed or a thank-you."""

schedules = Table(
    "schedules",
    metadata,
    Column("name", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("rule", Text),
)
"""Since when a schedule is known, before which nothing is made up for; when its first run was confirmed.

`rule`, as JSON, is what people set here; what the settings say is not kept.
"""

runs = Table(
    "runs",
    metadata,
    Column("schedule", String, primary_key=True),
    Column("day", Day, primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("edition", String, nullable=False),
    Column("period", String, nullable=False),
    Column("state", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("changed_at", Instant, nullable=False),
)
"""One for each schedule and local day, however many publishers there are."""

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer().with_variant(BigInteger, "postgresql"), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("about", String, nullable=False, index=True),
    Column("note", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""What people decided about mails and about people, in order."""

sign_ins = Table(
    "sign_ins",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("began_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Who is signed in to the newsroom, on which browser; of its secret only the digest."""

sign_in_links = Table(
    "sign_in_links",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("person_id", String, nullable=False),
    Column("expires_at", Instant, nullable=False),
)
"""Links that sign a person in once."""

openid_requests = Table(
    "openid_requests",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("browser", LargeBinary, nullable=False),
    Column("verifier", String, nullable=False),
    Column("nonce", String, nullable=False),
    Column("person_id", String),
    Column("expires_at", Instant, nullable=False),
)
"""Browsers that were sent to the provider of identities, by the state they bring back; `person_id` is who
wants to be known to it from now on."""

identities = Table(
    "identities",
    metadata,
    Column("issuer", String, primary_key=True),
    Column("subject", String, primary_key=True),
    Column("person_id", String, nullable=False, index=True),
    Column("since", Instant, nullable=False),
)
"""Who someone is whom a provider of identities vouches for."""

thanks = Table(
    "thanks",
    metadata,
    Column("thanks_id", String, primary_key=True),
    Column("story_id", String, nullable=False, index=True),
    Column("edition_id", String, nullable=False),
    Column("person_id", String, nullable=False),
    Column("department", String, nullable=False),
    Column("note", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("given_at", Instant, nullable=False, index=True),
    Column("taken_back_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Index("thanks_once", "person_id", "story_id", unique=True),
)
"""Who thanked for which story, once each; `department` is the giver's at that time, `shown` whether everyone
may read the note. `digest` is of what others may know of it, so that a change is seen."""

thanked_departments = Table(
    "thanked_departments",
    metadata,
    Column("thanks_id", String, primary_key=True),
    Column("department", String, primary_key=True),
)
"""Where thanks went: the departments of those who had a part in the story, as it was known then."""

thanked_people = Table(
    "thanked_people",
    metadata,
    Column("thanks_id", String, primary_key=True),
    Column("person_id", String, primary_key=True, index=True),
    Column("told_in", String),
)
"""Whom thanks are for, and the edition whose mail told them so."""

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
PROJECTIONS = (
    customers,
    orders,
    order_lines,
    *TOTALS,
    receipts,
    shipments,
    feedback,
    plans,
    products,
    risks,
    interventions,
    holds,
    returns,
    invoices,
    drafts,
    wins,
)
"""What the journal can rebuild."""
REBUILT = (*PROJECTIONS, agenda)
"""These and what is still to be judged of them, which depends on when that was done last."""
