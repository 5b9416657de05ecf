"""Root customers, month by month."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from shared import tables
from shared.history.account import months_before
from shared.patterns.account_case import MONTHS, AccountCase, AccountLine
from shared.periods import Period
from shared.store import projections
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.projecting.reading import Reading
    from shared.projecting.subjects import Span

EARLIEST = date(1980, 1, 1)
"""No order is older; events may be of any time since 1900."""
_O, _L = tables.orders.c, tables.order_lines.c
_LINES = (
    select(
        _O.root_id,
        _O.order_id, _L.line_id, _L.customer_id, _L.product_id, _O.currency, _O.placed_at, _L.ordered_qty,
        _L.in_full, _L.excluded_adjusted, _L.closed_at, _L.ended_at, _L.ended_by, _L.documents_ok,
        _L.condition_ok, _L.value, _L.slips, _L.fence_changes, _L.special, _L.requested_due,
        _L.requested_on_time, _L.first_commit_due, _L.first_commit_verdict, _L.first_commit_on_time,
        _L.first_commit_overdue_at, _L.last_commit_due,
    )
    .join(tables.order_lines, _L.order_id == _O.order_id)
    .where(Among(_O.root_id), _O.placed_at >= bindparam("placed_from", type_=tables.Instant), _L.counted)
    .order_by(_O.root_id, _O.placed_at, _O.place_rank, _L.line_id)
)  # fmt: skip


def cases(reading: Reading, span: Span) -> Iterator[tuple[str, AccountCase]]:
    """The cases of some root customers, each customer's months in order."""
    first = Period.of(max(min(span.since.values()), EARLIEST), "month").back(span.lead)
    placed_from = months_before(first.starts_at(reading.rules.zone), MONTHS)
    lines: dict[str, list[AccountLine]] = defaultdict(list)
    for root_id, *row in run_among(reading.connection, _LINES, span.since, placed_from=placed_from):
        lines[root_id].append(AccountLine(*row))
    accounts = projections.accounts(reading.connection, span.since)
    for name, day in span.since.items():
        case = partial(
            AccountCase,
            about=f"customer/{name}",
            rules=reading.rules,
            account=accounts.get(name),
            told=cache(partial(_told, reading, name)),
            histories=partial(_histories, reading),
        )
        yield from ((name, each) for each in _months(case, lines[name], reading, span, day))


def _months(
    case: Any, lines: Sequence[AccountLine], reading: Reading, span: Span, day: date
) -> Iterator[AccountCase]:
    zone = reading.rules.zone
    placed = [line.placed_at for line in lines]
    for month in months(max(day, placed[0].date()), span) if lines else ():
        since = months_before(month.ends_at(zone), MONTHS)
        yield case(period=month, lines=lines[bisect_left(placed, since) :])


def months(day: date, span: Span) -> Iterator[Period]:
    """The months that end after a day, and the lead before them, up to the last that has ended."""
    month = Period.of(max(day, EARLIEST), "month").back(span.lead)
    while month.end <= span.ended:
        yield month
        month = month.back(-1)


def _told(reading: Reading, root_id: str) -> list[Event[Any]]:
    under = reading.connection.scalars(
        select(tables.customers.c.customer_id).where(tables.customers.c.root_id == root_id)
    )
    told = reading.in_force("customer", {root_id, *under})
    events = [event for of_customer in told.values() for event in of_customer]
    return sorted(events, key=lambda event: (event.time, event.source, event.id))


def _histories(reading: Reading, order_ids: Iterable[str]) -> Mapping[str, Order]:
    return reading.histories(sorted(set(order_ids)))
