"""An order book that exports itself whole, a row for each line, and the mapping that reads it."""

from __future__ import annotations

import csv
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select

from services.commands.importing import record_all
from services.commands.snapshots import Tally, begun, restated
from shared import tables
from shared.mapping import find
from shared.mapping.run import Run
from shared.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Any

    from shared.store.engine import Store

MAPPING = """
source = "urn:book"
timezone = "UTC"

[snapshot]
POLICY

[files.book]
path = "*.csv"
many.line = { file = "book", on = { order = "{order}" } }

[[events]]
type = "tandem.order.placed.v1"
from = "book"
once_per = "{order}"
id = "order/{order}"
time = { datetime = "{placed}" }
[events.data]
order_id = "{order}"
customer_id = "C-{order}"
currency = "EUR"
actor = { person_id = "p1", name = "{clerk?}", department = "sales" }
[events.data.lines]
each = "line"
[events.data.lines.make]
line_id = "{line.pos}"
product_id = "{line.product}"
qty = { number = "{line.qty}" }
requested_on = { date = "{line.wanted}" }

[[events]]
type = "tandem.order.confirmed.v1"
from = "book"
once_per = "{order}"
id = "order/{order}/confirmed"
time = { datetime = "{placed}" }
[events.data]
order_id = "{order}"
customer_id = "C-{order}"
[events.data.lines]
each = "line"
[events.data.lines.make]
line_id = "{line.pos}"
committed_on = { date = "{line.promised}" }
committed_qty = { number = "{line.qty}" }

[[events]]
type = "tandem.delivery.delivered.v1"
from = "book"
when = { delivered = true }
unless = { status = "void" }
id = "order/{order}/{pos}/delivered"
time = { datetime = "{delivered}" }
[events.data]
order_id = "{order}"
customer_id = "C-{order}"
shipment_id = "S-{order}-{pos}"
lines = [ { line_id = "{pos}", qty_delivered = { number = "{qty}" } } ]

[[events]]
type = "tandem.order.cancelled.v1"
from = "book"
when = { status = "void" }
id = "order/{order}/{pos}/void"
[events.data]
order_id = "{order}"
customer_id = "C-{order}"
line_ids = [ "{pos}" ]
"""
STRICT = """
initiator = { qty = "customer", requested_on = "customer" }
missing_line = "cancelled"
missing_order = "cancelled"
missing_event = "retracted"
"""
FIRST = datetime(2026, 10, 5, 6, tzinfo=UTC)
LATER = datetime(2026, 12, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    order: str = "1"
    pos: str = "10"
    product: str = "P"
    qty: str = "5"
    wanted: str = "2027-01-10"
    promised: str = "2027-01-12"
    delivered: str = ""
    status: str = "open"
    placed: str = "2026-10-01"
    clerk: str = "Åsa"


class Book:
    """The files of one book, and the database that its exports go to."""

    def __init__(self, folder: Path, store: Store, policy: str = STRICT) -> None:
        self.folder, self.store = folder, store
        self.mapping = folder / "book.toml"
        self.mapping.write_text(MAPPING.replace("POLICY", policy), encoding="utf-8")
        self.file = folder / "book.csv"

    def write(self, lines: Iterable[Line]) -> Path:
        with self.file.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            names = [each.name for each in fields(Line)]
            writer.writerow(names)
            writer.writerows([getattr(line, name) for name in names] for line in lines)
        return self.file

    def export(self, day: int, lines: Iterable[Line], *, batch: int = 3, most: int | None = None) -> Tally:
        """Import the book as it stands on this day, or only its first batches, as if then broken off."""
        self.write(lines)
        run = find(str(self.mapping)).run([self.file], Run, FIRST + timedelta(days=day))
        tally = Tally()
        snapshot = begun(run, self.store)
        assert snapshot is not None
        mapped = list(run.events())
        batches = [mapped[start : start + batch] for start in range(0, len(mapped), batch)]
        record_all(self.store, islice(restated(snapshot, batches, tally), most), Rules(), LATER, tally)
        return tally

    def events(self) -> list[tuple[str, str]]:
        """What the journal holds: types and ids, in the order they came."""
        query = select(tables.journal.c.type, tables.journal.c.id).order_by(tables.journal.c.seq)
        with self.store.reading() as connection:
            return [(kind.removeprefix("tandem.")[:-3], name) for kind, name in connection.execute(query)]

    def rows(self) -> dict[tuple[str, str], Any]:
        """The lines as they are judged."""
        with self.store.reading() as connection:
            quarantined = {row.order_id: row.quarantined for row in connection.execute(select(tables.orders))}
            assert set(quarantined.values()) <= {None}, quarantined
            found = connection.execute(select(tables.order_lines))
            return {(row.order_id, row.line_id): row for row in found}

    def accepted(self) -> dict[tuple[str, str], Any]:
        """What was received of each line."""
        total: dict[tuple[str, str], Any] = {}
        with self.store.reading() as connection:
            for row in connection.execute(select(tables.receipts)):
                key = (row.order_id, row.line_id)
                total[key] = total.get(key, 0) + row.accepted_qty
        return total
