"""Root customers, month by month."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from shared import tables
from shared.history.account import months_before
from shared.patterns.account_case import MONTHS, AccountCase, AccountLine, AccountOrder, Answer
from shared.patterns.account_orders import AccountOrders
from shared.periods import Period
from shared.store import journal, projections
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import Connection

    from shared.events.envelope import Event
    from shared.projecting.reading import Reading
    from shared.projecting.subjects import Span

EARLIEST = date(1980, 1, 1)
"""No order is older; events may be of any time since 1900."""
_O, _L, _C = tables.orders.c, tables.order_lines.c, tables.customers.c
_F, _I = tables.feedback.c, tables.interventions.c
_LINES = (
    select(
        _O.root_id, _O.placed_at,
        _O.order_id, _L.product_id, _O.currency, _L.in_full, _L.closed_at, _L.ended_at, _L.ended_by,
        _L.documents_ok, _L.condition_ok, _L.value, _L.fence_changes, _L.special, _L.requested_due,
        _L.first_commit_due, _L.first_commit_verdict, _L.first_commit_on_time,
    )
    .join(tables.order_lines, _L.order_id == _O.order_id)
    .where(Among(_O.root_id), _O.placed_at >= bindparam("placed_from", type_=tables.Instant), _L.counted)
    .order_by(_O.root_id, _O.placed_at, _O.place_rank, _L.line_id)
)  # fmt: skip
_UNDER = select(_C.customer_id, _C.root_id).where(Among(_C.root_id))
_SAID = (_F.source, _F.id, _F.order_id, _F.kind, _F.points, _F.against, _F.contact, _F.time)
_OF_ORDERS = (
    select(_O.root_id, *_SAID)
    .join(tables.feedback, _F.subject == "order/" + _O.order_id)
    .where(Among(_O.root_id), _F.counted)
)
_LOOSE = select(_F.customer_id, *_SAID).where(Among(_F.subject), _F.order_id.is_(None))
_DEEDS = select(_I.source, _I.id).where(Among(_I.customer_id), _I.order_id.is_(None))


def cases(reading: Reading, span: Span) -> Iterator[tuple[str, AccountCase]]:
    """The cases of some root customers, each customer's months in order."""
    zone, connection = reading.rules.zone, reading.connection
    first = Period.of(max(min(span.since.values()), EARLIEST), "month").back(span.lead)
    orders = _orders(connection, span.since, months_before(first.starts_at(zone), MONTHS), zone)
    families = _families(connection, span.since)
    answers = _answers(connection, families)
    accounts = projections.accounts(connection, span.since)
    for name, day in span.since.items():
        case = partial(
            AccountCase,
            about=f"customer/{name}",
            rules=reading.rules,
            account=accounts.get(name),
            answers=answers[name],
            told=cache(partial(_told, reading, families[name])),
            deeds=cache(partial(_deeds, connection, families[name])),
            histories=reading.recall,
        )
        yield from ((name, each) for each in _months(case, orders[name], span, day, zone))


def _orders(
    connection: Connection, names: Iterable[str], placed_from: datetime, zone: ZoneInfo
) -> dict[str, list[AccountOrder]]:
    rows = run_among(connection, _LINES, names, placed_from=placed_from)
    found: dict[str, list[AccountOrder]] = defaultdict(list)
    for (root_id, placed_at, order_id), of_order in groupby(rows, itemgetter(0, 1, 2)):
        lines = tuple(AccountLine(*row[2:]) for row in of_order)
        found[root_id].append(AccountOrder(order_id, placed_at, placed_at.astimezone(zone).date(), lines))
    return found


def _months(
    case: Any, orders: Sequence[AccountOrder], span: Span, day: date, zone: ZoneInfo
) -> Iterator[AccountCase]:
    record = AccountOrders(orders, zone)
    for month in months(max(day, orders[0].placed_on), span) if orders else ():
        each: AccountCase = case(period=month, record=record)
        if each.places:  # no pattern does without orders
            yield each


def months(day: date, span: Span) -> Iterator[Period]:
    """The months that end after a day, and the lead before them, up to the last that has ended."""
    month = Period.of(max(day, EARLIEST), "month").back(span.lead)
    while month.end <= span.ended:
        yield month
        month = month.back(-1)


def _families(connection: Connection, names: Iterable[str]) -> dict[str, set[str]]:
    """Each root with the customers under it."""
    found = {name: {name} for name in names}
    for customer_id, root_id in run_among(connection, _UNDER, names):
        found[root_id].add(customer_id)
    return found


def _answers(connection: Connection, families: Mapping[str, set[str]]) -> dict[str, list[Answer]]:
    """What each family said, by time: of its orders, and of no order."""
    roots = {name: root_id for root_id, under in families.items() for name in under}
    found: dict[str, list[Answer]] = defaultdict(list)
    for root_id, *row in run_among(connection, _OF_ORDERS, families):
        found[root_id].append(Answer(*row))
    for customer_id, *row in run_among(connection, _LOOSE, (f"customer/{name}" for name in roots)):
        found[roots[customer_id]].append(Answer(*row))
    for of_root in found.values():
        of_root.sort(key=lambda answer: (answer.time, answer.source, answer.id))
    return found


def _told(reading: Reading, family: set[str]) -> list[Event[Any]]:
    return _in_time(event for told in reading.in_force("customer", family).values() for event in told)


def _deeds(connection: Connection, family: set[str]) -> list[Event[Any]]:
    keys = {(row[0], row[1]) for row in run_among(connection, _DEEDS, family)}
    return _in_time(journal.named(connection, keys).values())


def _in_time(events: Iterable[Event[Any]]) -> list[Event[Any]]:
    return sorted(events, key=lambda event: (event.time, event.source, event.id))
