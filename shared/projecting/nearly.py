"""What almost was a win, gathered anew from what stands: it is never stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import literal, select, tuple_

from shared import tables
from shared.patterns import nearly
from shared.patterns.registry import subject_patterns
from shared.projecting.cases import cases
from shared.projecting.judging import ended
from shared.projecting.subjects import KINDS, Span
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Select

    from shared.patterns.nearly import Held, NearMiss
    from shared.periods import Period
    from shared.projecting.reading import Reading

_O, _A = tables.orders.c, tables.agenda.c


class Place(NamedTuple):
    """Where an order stands among those that closed."""

    closed_at: datetime
    order_id: str


def near_misses(reading: Reading, month: Period | None) -> Iterator[NearMiss]:
    """Orders that closed, and other subjects whose period ended, in a month, or ever; kind by kind."""
    yield from of_orders(reading, month)
    for kind in KINDS:
        for miss in _subjects(reading, kind, month):
            if month is None or (miss.day is not None and month.start <= miss.day < month.end):
                yield miss


def of_orders(reading: Reading, month: Period | None) -> Iterator[NearMiss]:
    """Orders alone, which closed in a period, or ever."""
    for some in chunks([row.order_id for row in reading.connection.execute(_closed(reading, month))]):
        yield from _missed(reading, some)


class Stretch(NamedTuple):
    """The near misses among some orders that closed one after the other, and after which the next begin."""

    misses: list[NearMiss]
    orders: int
    last: Place | None
    """The last of them, where more follow."""


def stretch(reading: Reading, month: Period, after: Place | None, most: int) -> Stretch:
    """Look at so many orders of a period behind a place: a page costs the same however many there are."""
    query = _closed(reading, month).limit(most + 1)
    if after is not None:
        place = tuple_(literal(after.closed_at, _O.closed_at.type), literal(after.order_id))
        query = query.where(tuple_(_O.closed_at, _O.order_id) > place)
    rows = reading.connection.execute(query).all()
    seen = rows[:most]
    misses = list(_missed(reading, [row.order_id for row in seen])) if seen else []
    return Stretch(misses, len(seen), Place(*seen[-1]) if len(rows) > most else None)


def _closed(reading: Reading, month: Period | None) -> Select[datetime, str]:
    query = select(_O.closed_at, _O.order_id).where(_O.closed_at.is_not(None))
    if month is not None:
        zone = reading.rules.zone
        query = query.where(_O.closed_at >= month.starts_at(zone), _O.closed_at < month.ends_at(zone))
    return query.order_by(_O.closed_at, _O.order_id)


def _missed(reading: Reading, order_ids: Sequence[str]) -> Iterator[NearMiss]:
    orders = list(reading.histories(order_ids).values())
    for case in cases(reading, orders, reading.groups(orders)):
        yield from nearly.of_order(case)


def _subjects(reading: Reading, kind: str, month: Period | None) -> Iterator[NearMiss]:
    """Everything that was ever on the agenda, which holds each subject that there is to judge."""
    patterns = subject_patterns(kind)
    names = sorted(reading.connection.scalars(select(_A.name).where(_A.kind == kind)))
    until = ended(kind, reading.as_of, reading.rules)
    since = date.min if month is None or KINDS[kind].unit is None else month.start
    if month is not None and KINDS[kind].unit is not None:
        until = min(until, month.end)
    lead = max((each.apart for each in patterns.values()), default=1) - 1
    held: Held = {}
    for some in chunks(names) if patterns else ():
        span = Span(dict.fromkeys(some, since), until, lead)
        for _, case in KINDS[kind].cases(reading, span):
            yield from nearly.of_subject(case, patterns, held)
