"""Weeks of the whole company: counted day by day in one pass, the rest where it is asked for."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Double, and_, bindparam, cast, func, or_, select

from shared import tables
from shared.patterns.company_case import FOLLOWING, TRAILING, Size, Sizes, Tally, WeekCase, total
from shared.patterns.model import EventRef
from shared.periods import Period
from shared.projecting.subjects.customers import EARLIEST
from shared.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Literal

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.projecting.reading import Reading
    from shared.projecting.subjects import Span

_L, _I, _F, _R = tables.order_lines.c, tables.interventions.c, tables.feedback.c, tables.receipts.c
_FROM, _END = bindparam("first", type_=tables.Day), bindparam("end", type_=tables.Day)
_WEEK = timedelta(weeks=1)
DUE = and_(_L.counted, _L.first_commit_due.is_not(None), _L.first_commit_verdict != "excluded")
"""Lines that were due, whatever became of them but what the customer cancelled in time."""
BETWEEN = and_(DUE, _L.first_commit_due >= _FROM, _L.first_commit_due < _END)
_GOOD = and_(_L.first_commit_verdict == "closed", _L.first_commit_on_time, _L.in_full)
_COMPLAINED = select(_F.order_id).where(_F.against, _F.order_id.is_not(None))
_AGAINST = or_(_L.condition_ok.is_(False), _L.order_id.in_(_COMPLAINED))
_count = func.count()
_DAYS = (
    select(
        _L.first_commit_due,
        _count,
        _count.filter(_GOOD),
        _count.filter(~_L.loaded),
        _count.filter(~_L.loaded, _GOOD),
        func.sum(_L.fence_changes),
        _count.filter(_AGAINST),
        _count.filter(_L.condition_ok.is_(None), _L.closed_at.is_not(None)),
    )
    .where(BETWEEN)
    .group_by(_L.first_commit_due)
)
_FIRST_DUE = select(func.min(_L.first_commit_due, type_=tables.Day)).where(DUE)
_DUE_BEFORE = (
    select(_L.order_id).where(DUE, _L.first_commit_due < bindparam("day", type_=tables.Day)).limit(1)
)
_OVERDUE = select(_count).where(
    DUE,
    _L.first_commit_due < bindparam("day", type_=tables.Day),
    or_(_L.ended_at.is_(None), _L.ended_at >= bindparam("at", type_=tables.Instant)),
)
_SIZES = (
    select(_L.product_id, _L.uom, _count, func.sum(cast(_L.ordered_qty, Double)))
    .where(BETWEEN, ~_L.loaded)
    .group_by(_L.product_id, _L.uom)
)
_PREMIUM = (
    select(func.count(_I.order_id.distinct()))
    .join(tables.order_lines, _L.order_id == _I.order_id)
    .where(BETWEEN, _I.premium)
)
_ABOUT_WEEK = select(_I.source, _I.id).where(_I.week == bindparam("week"))
_MOST = 500
_RECEIPTS = (
    select(_R.day, _R.source, _R.id)
    .join(tables.order_lines, and_(_L.order_id == _R.order_id, _L.line_id == _R.line_id))
    .where(BETWEEN)
    .order_by(_R.day, _R.source, _R.id)
    .distinct()
    .limit(_MOST)
)


def weeks(reading: Reading, span: Span) -> Iterator[tuple[str, WeekCase]]:
    """The weeks of the company, in order."""
    connection = reading.connection
    ((name, day),) = span.since.items()
    todo = list(periods(connection, "week", day, span))
    if not todo:
        return
    counted = _by_week(days(connection, todo[0].back(TRAILING).start, span.ended))
    asked = _asked_of(reading)
    for week in todo:
        around = [week.back(count).start for count in range(TRAILING, -FOLLOWING - 1, -1)]
        tallies = [counted.get(monday, Tally()) for monday in around if monday < span.ended]
        yield (
            name,
            WeekCase(
                "week",
                week,
                reading.rules,
                week=tallies[TRAILING],
                before=tallies[:TRAILING],
                after=tallies[TRAILING + 1 :],
                known_before=cache(partial(known_before, connection)),
                deeds=cache(partial(_about, reading, week.name)),
                receipts=partial(_receipts, connection, week),
                **asked,
            ),
        )


def known_before(connection: Connection, day: date) -> bool:
    """Whether anything was due before a day: the company's record reaches back over it."""
    return connection.scalar(_DUE_BEFORE, {"day": day}) is not None


def periods(
    connection: Connection, unit: Literal["week", "quarter"], day: date, span: Span
) -> Iterator[Period]:
    """The periods that end after a day, and the lead before them, up to the last that has ended.

    They begin when the first line that was ever due fell due.
    """
    if day < EARLIEST:
        day = connection.scalar(_FIRST_DUE) or span.ended
    period = Period.of(max(day, EARLIEST), unit).back(span.lead)
    while period.end <= span.ended:
        yield period
        period = period.back(-1)


def days(connection: Connection, first: date, end: date) -> dict[date, Tally]:
    """What was due on each day from the first up to, not including, the end."""
    found = connection.execute(_DAYS, {"first": first, "end": end})
    return {row[0]: Tally(*map(int, row[1:])) for row in found}


def _by_week(found: Mapping[date, Tally]) -> dict[date, Tally]:
    weeks: dict[date, list[Tally]] = defaultdict(list)
    for day, tally in found.items():
        weeks[day - timedelta(days=day.weekday())].append(tally)
    return {monday: total(tallies) for monday, tallies in weeks.items()}


def _asked_of(reading: Reading) -> dict[str, Any]:
    """What few weeks need: asked once, and only where the cheap gates hold."""
    return {
        "overdue": cache(partial(_overdue, reading)),
        "sizes": cache(partial(_sizes, reading.connection)),
        "premium_orders": cache(partial(_premium_orders, reading.connection)),
    }


def _overdue(reading: Reading, day: date) -> int:
    at = datetime.combine(day, time(), reading.rules.zone)
    return reading.connection.scalar(_OVERDUE, {"day": day, "at": at}) or 0


def _sizes(connection: Connection, first: date, end: date) -> Sizes:
    found = connection.execute(_SIZES, {"first": first, "end": end})
    return {
        (product_id, uom): Size(lines, Decimal(round(qty)).scaleb(-6))
        for product_id, uom, lines, qty in found
    }


def _premium_orders(connection: Connection, first: date, end: date) -> int:
    return connection.scalar(_PREMIUM, {"first": first, "end": end}) or 0


def _about(reading: Reading, week: str) -> Sequence[Event[Any]]:
    keys = [(source, id_) for source, id_ in reading.connection.execute(_ABOUT_WEEK, {"week": week})]
    return list(journal.named(reading.connection, keys).values())


def _receipts(connection: Connection, week: Period) -> list[EventRef]:
    found = connection.execute(_RECEIPTS, {"first": week.start, "end": week.end})
    return [EventRef(source, id_) for _, source, id_ in found]
