"""How an order stands in the totals that count whole orders: what it adds to each of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from shared import tables
from shared.instants import microseconds
from shared.tables import millionths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Table

    from shared.store.bulk import Stored

    Key = tuple[Any, ...]
    Row = Mapping[str, Any]
    Part = tuple[Table, Key, tuple[int, ...]]
    """What is added to the sums of one row of a total."""

ALWAYS: Final = -62_135_596_800_000_000
"""The first instant, as it is stored: what has closed or was missed is scored whenever one looks."""
SCORED: Final = ("closed", "missed", "waiting")
_NEVER: Final = 1
"""The first day of all."""
_QUARTER: Final = 15 * 60 * 10**6
"""Days begin at a full quarter of an hour of UTC in every time zone of our days."""


class Line(NamedTuple):
    """What the totals of whole orders need of a counted line."""

    uom: str
    ordered: int
    held: int
    """What the first shipment held of it."""
    told: bool
    """Whether a shipment was told."""
    filled: bool | None
    """By its first shipment; None where that is not known."""
    perfect: bool | None
    backordered: bool
    due: int | None
    """By the first promise, as is `scored_from`."""
    scored_from: int | None
    """None while nothing can be scored."""
    excluded: bool


_AT = {name: place for place, name in enumerate(tables.order_lines.c.keys())}
_RECEIPT = [
    tables.receipts.c.keys().index(name)
    for name in ("uom", "day", "accepted_qty", "returned_bad_qty", "kept_qty", "kept_value")
]
_RECEIPT_COUNTED = tables.receipts.c.keys().index("counted")
_FACTS = (
    "uom", "ordered_qty", "enough_qty", "first_shipped", "arrived", "backordered", "in_full", "documents_ok",
    "condition_ok", "first_commit_due", "first_commit_verdict", "first_commit_on_time",
    "first_commit_overdue_at",
)  # fmt: skip
_PLACES = tuple(_AT[name] for name in _FACTS)


def line_of(row: Sequence[Any]) -> Line:
    """A row of `order_lines` that counts."""
    (
        uom, ordered, enough, first, arrived, backordered, in_full, documents, condition, due, verdict,
        on_time, overdue_at,
    ) = (row[place] for place in _PLACES)  # fmt: skip
    filled = None if first is None and arrived else (first or 0) >= enough
    met = verdict == "closed" and bool(on_time) and bool(in_full)
    scored_from = overdue_at if verdict == "waiting" else ALWAYS if verdict in SCORED else None
    faulty = 0 in (documents, condition)
    sound = documents is not None and condition is not None and not faulty
    perfect = False if faulty or (scored_from is not None and not met) else True if met and sound else None
    return Line(
        uom,
        ordered,
        min(first or 0, ordered),
        first is not None,
        filled,
        perfect,
        bool(backordered),
        due,
        scored_from,
        verdict == "excluded",
    )


class Receipt(NamedTuple):
    """A counted receipt."""

    uom: str
    day: int
    accepted: int
    bad: int
    kept: int
    value: int | None

    @property
    def sold(self) -> bool:
        """Lines given away are no sales."""
        return self.value != 0 or self.kept == 0


def receipt_of(row: Sequence[Any]) -> Receipt | None:
    """A row of `receipts`; None where it does not count."""
    return Receipt(*(row[place] for place in _RECEIPT)) if row[_RECEIPT_COUNTED] else None


class Invoice(NamedTuple):
    """An invoice of an order."""

    time: int
    currency: str
    net: int
    cost: int | None
    """With premium freight; None where either is not known."""


def invoice_of(row: Row) -> Invoice:
    """A row of `invoices` with its names."""
    cost, freight = row["cost_of_goods"], row["premium_freight"]
    known = cost is not None and (freight is None or row["freight_currency"] == row["currency"])
    spent = millionths(cost + (freight or 0)) if known else None
    return Invoice(microseconds(row["time"]), row["currency"], millionths(row["net_sales"]), spent)


@dataclass(slots=True)
class Standing:
    """What is known of an order as its rows were last written."""

    placed_at: int
    currency: str
    lines: dict[str, Any] = field(default_factory=dict)
    """How each line counts; None if it does not."""
    receipts: dict[Key, Receipt | None] = field(default_factory=dict)
    """By the rest of their key."""
    invoices: dict[Key, Invoice] = field(default_factory=dict)
    """By source and id."""
    parts: tuple[Part, ...] = ()
    """What the order added."""

    def take(self, receipts: Iterable[Stored]) -> None:
        """Receipts came."""
        for row in receipts:
            self.receipts[row[1:4]] = receipt_of(row)

    def charge(self, invoices: Iterable[Row]) -> None:
        """Invoices came."""
        for row in invoices:
            self.invoices[row["source"], row["id"]] = invoice_of(row)

    def counted(self) -> tuple[Part, ...]:
        """What it adds as it stands now."""
        lines = [line.facts for line in self.lines.values() if line is not None]
        if not lines:
            return ()
        received = [receipt for receipt in self.receipts.values() if receipt is not None]
        return (
            *_placed(self.placed_at, lines),
            *_due(lines),
            *_received(received),
            *_sold([receipt for receipt in received if receipt.sold], self.currency),
            *_charged(self.invoices.values()),
        )


def first_pass(line: Line) -> Iterator[Part]:
    """A line that is due by the first promise, once it may be scored."""
    if line.scored_from is not None:
        known = line.filled is not None
        held, ordered = (line.held, line.ordered) if known else (0, 0)
        key = (line.due, line.scored_from, line.uom, _FILLED[line.filled], line.told)
        yield tables.first_passes, key, (*divmod(held, tables.SCALE), *divmod(ordered, tables.SCALE), 1)


_FILLED: Final = {True: "filled", False: "short", None: "unknown"}


def _placed(at: int, lines: Sequence[Line]) -> Iterator[Part]:
    backordered = sum(line.backordered for line in lines)
    yield tables.placed_times, (at - at % _QUARTER,), (backordered, len(lines))


def _due(lines: Sequence[Line]) -> Iterator[Part]:
    """Where a line failed the order did, else it is unknown where one is neither."""
    kept = [line for line in lines if not line.excluded]
    if days := [line.due for line in kept if line.due is not None]:
        scored_from = max((line.scored_from for line in kept if line.scored_from is not None), default=ALWAYS)
        perfect, filled = (_whole([getattr(line, of) for line in kept]) for of in ("perfect", "filled"))
        told = any(line.told for line in kept)
        yield tables.order_days, (max(days), scored_from, perfect, filled, told), (1,)


def _whole(judged: Sequence[bool | None]) -> str:
    return "bad" if False in judged else "unknown" if None in judged else "good"


def _received(receipts: Iterable[Receipt]) -> Iterator[Part]:
    for one in receipts:
        sums = (*divmod(one.bad, tables.SCALE), *divmod(one.accepted, tables.SCALE))
        yield tables.received_days, (one.uom, one.day), (*sums, 1)


def _charged(invoices: Iterable[Invoice]) -> Iterator[Part]:
    for one in invoices:
        net, cost = (one.net, one.cost) if one.cost is not None else (0, 0)
        sums = (*divmod(net, tables.SCALE), *divmod(cost, tables.SCALE), int(one.cost is None))
        yield tables.margin_times, (one.currency, one.time - one.time % _QUARTER), (*sums, 1)


def _sold(receipts: Iterable[Receipt], currency: str) -> Iterator[Part]:
    """Each unit of measure and the currency by itself, day by day."""
    days: dict[tuple[bool, str], dict[int, list[int | None]]] = defaultdict(lambda: defaultdict(list))
    for receipt in receipts:
        days[False, receipt.uom][receipt.day].append(receipt.kept)
        days[True, currency][receipt.day].append(receipt.value)
    for unit, by_day in days.items():
        before = _NEVER
        for day, amounts in sorted(by_day.items()):
            known = [amount for amount in amounts if amount is not None]
            sums = (*divmod(sum(known), tables.SCALE), len(amounts) - len(known), bool(known) + 0)
            yield tables.sold_days, (*unit, day, before), (*sums, len(amounts))
            before = day if known else before
