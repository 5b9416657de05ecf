"""Quarters of the whole company: what was due, and what was spent to have it come in time."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, func, or_, select, union

from shared import tables
from shared.patterns.company_case import LASTING, Quarter, QuarterCase, Tally, total
from shared.patterns.model import EventRef
from shared.periods import Period
from shared.projecting.subjects.weeks import DUE, days, known_before, periods
from shared.store import journal
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime

    from shared.events.envelope import Event
    from shared.projecting.reading import Reading
    from shared.projecting.subjects import Span

    Refs = dict[Period, dict[str, EventRef]]
    Money = dict[Period, dict[str, dict[str, Decimal]]]

_L, _I, _F = tables.order_lines.c, tables.interventions.c, tables.invoices.c
_SPENT = or_(_I.premium, _I.kind == "expedite")
_ON_ORDERS = union(
    select(_I.order_id).where(_SPENT, _I.order_id.is_not(None)),
    select(_F.order_id).where(_F.premium_freight.is_not(None), _F.order_id.is_not(None)),
)
_ORDER = (
    select(_L.order_id, func.min(_L.first_commit_due, type_=tables.Day).label("due"))
    .where(DUE, _L.order_id.in_(_ON_ORDERS))
    .group_by(_L.order_id)
    .subquery()
)
"""The orders for which something was spent, with the day on which they were first due."""
_AFTER, _BEFORE = bindparam("start", type_=tables.Instant), bindparam("until", type_=tables.Instant)
_WITHIN = _ORDER.c.due.between(bindparam("first", type_=tables.Day), bindparam("last", type_=tables.Day))


def _when(columns: Any, *told: Any) -> Any:
    """Rows of orders that were due in some days, and those of no order that are of that time."""
    order_id, at = columns.order_id, columns.time
    loose = and_(order_id.is_(None), at >= _AFTER, at < _BEFORE)
    return (
        select(_ORDER.c.due, at, order_id, columns.source, columns.id, *told)
        .join(_ORDER, _ORDER.c.order_id == order_id, isouter=True)
        .where(or_(_WITHIN, loose))
        .order_by(at, columns.source, columns.id)
    )


_INCIDENTS = _when(_I, _I.premium).where(_SPENT)
_FREIGHT = _when(_F, _F.freight_currency, _F.premium_freight).where(_F.premium_freight.is_not(None))
_PRODUCTS = select(_L.product_id).where(Among(_L.order_id)).distinct()
_LASTING = select(_I.source, _I.id).where(_I.kind.in_(LASTING), _I.time >= _AFTER, _I.time < _BEFORE)


def quarters(reading: Reading, span: Span) -> Iterator[tuple[str, QuarterCase]]:
    """The quarters of the company, in order."""
    ((name, day),) = span.since.items()
    todo = list(periods(reading.connection, "quarter", day, span))
    if not todo:
        return
    known = _quarters(reading, todo[0].previous, todo[-1])
    for quarter in todo:
        case = QuarterCase(
            "quarter",
            quarter,
            reading.rules,
            quarter=known[quarter],
            before=known[quarter.previous],
            known_before=cache(partial(known_before, reading.connection)),
            deeds=cache(partial(_deeds, reading)),
            flown=cache(partial(_flown, reading, known[quarter.previous])),
        )
        yield name, case


def _quarters(reading: Reading, first: Period, last: Period) -> Mapping[Period, Quarter]:
    """All quarters from the first to the last."""
    due: dict[Period, list[Tally]] = defaultdict(list)
    for day, tally in days(reading.connection, first.start, last.end).items():
        due[Period.of(day, "quarter")].append(tally)
    asked = {"first": first.start, "last": last.end, **_bounds(reading, first, last)}
    premium, expedited = _incidents(reading, asked)
    freight = _freight(reading, asked)
    return {
        quarter: Quarter(total(due[quarter]), premium[quarter], expedited[quarter], freight[quarter])
        for quarter in _from_to(first, last)
    }


def _from_to(first: Period, last: Period) -> Iterator[Period]:
    while first <= last:
        yield first
        first = first.back(-1)


def _bounds(reading: Reading, first: Period, last: Period) -> dict[str, datetime]:
    zone = reading.rules.zone
    return {"start": first.starts_at(zone), "until": last.ends_at(zone)}


def _incidents(reading: Reading, asked: Mapping[str, Any]) -> tuple[Refs, Refs]:
    """What a premium was paid for, and all that was expedited; each order counts once, by its first."""
    premium: Refs = defaultdict(dict)
    expedited: Refs = defaultdict(dict)
    for due, at, order_id, source, id_, paid in reading.connection.execute(_INCIDENTS, asked):
        ref, quarter = EventRef(source, id_), _quarter(reading, due, at)
        what = f"order/{order_id}" if order_id is not None else f"{source}/{id_}"
        expedited[quarter].setdefault(what, ref)
        if paid:
            premium[quarter].setdefault(what, ref)
    return premium, expedited


def _freight(reading: Reading, asked: Mapping[str, Any]) -> Money:
    """What was invoiced and not taken back, by currency and order."""
    found: dict[tuple[Period, str, str], Decimal] = defaultdict(Decimal)
    for due, at, order_id, source, id_, currency, amount in reading.connection.execute(_FREIGHT, asked):
        what = f"order/{order_id}" if order_id is not None else f"{source}/{id_}"
        found[_quarter(reading, due, at), currency, what] += amount
    freight: Money = defaultdict(lambda: defaultdict(dict))
    for (quarter, currency, what), amount in found.items():
        if amount > 0:
            freight[quarter][currency][what] = amount
    return freight


def _quarter(reading: Reading, due: date | None, at: datetime) -> Period:
    """When it counts: an order when it was first due, everything else when it was done."""
    return Period.of(due or at.astimezone(reading.rules.zone).date(), "quarter")


def _deeds(reading: Reading, quarter: Period) -> Sequence[Event[Any]]:
    found = reading.connection.execute(_LASTING, _bounds(reading, quarter, quarter))
    return list(journal.named(reading.connection, [(row[0], row[1]) for row in found]).values())


def _flown(reading: Reading, quarter: Quarter) -> set[str]:
    events = journal.named(reading.connection, list(quarter.premium.values())).values()
    orders = {event.data.order_id for event in events if event.data.order_id is not None}
    on_lines = run_among(reading.connection, _PRODUCTS, orders)
    return {event.data.product_id for event in events if event.data.product_id is not None} | {
        row.product_id for row in on_lines
    }
