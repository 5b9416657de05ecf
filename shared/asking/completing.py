"""Which highlights a word of the silent side could complete, and what such a word is as an event.

Somebody of the silent side may have done a deed that no system saw. What they say of it is an intervention on
the day that they name, told now, by a source of its own: it counts as any deed does if it was in time, and a
win that rests on it proves no more than people's word (`shared/patterns/concluding.py`).
"""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any, Final

import orjson
from sqlalchemy import exists, select

from shared import tables
from shared.asking.model import Wanted, working_days_before
from shared.events.deliveries import ASKED, InterventionRecorded
from shared.store.chunks import Among, run_among
from shared.store.rows import win_of
from shared.workdays import after_working_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from shared.asking.model import Asking
    from shared.history.order import Order
    from shared.patterns.model import Side, Win
    from shared.people.model import Person
    from shared.projecting.reading import Reading

DEEDS: Final[Mapping[Side, tuple[str, ...]]] = {
    "sales": (
        "priority_call",
        "heads_up",
        "spec_clarification",
        "order_simplification",
        "terms_changed",
        "demand_reallocation",
    ),
    "operations": (
        "reschedule",
        "expedite",
        "overtime",
        "alternative_source",
        "alternative_carrier",
        "stock_transfer",
        "split_shipment",
        "capacity_added",
        "quality_containment",
    ),
}
"""What a side may have done for an order, as kinds of interventions; the likeliest first."""
_W, _O, _C = tables.wins.c, tables.orders.c, tables.customers.c


def to_complete(reading: Reading, asking: Asking) -> Iterator[Wanted]:
    """Each highlight of an order that closed lately, with whoever of the silent side answers for it."""
    rules, today = reading.rules, reading.as_of.astimezone(reading.rules.zone).date()
    first = working_days_before(today, asking.within_days, rules)
    due_on = after_working_days(today, asking.working_days, rules)
    wins = list(_highlights(reading, first))
    owners = _owners(reading, wins)
    for win in wins:
        people = _responsible(win, owners.get(win.order_id or "", ()))
        yield Wanted("silent", win.win_id, people, due_on, silent(win), win.score)


def silent(win: Win) -> Side:
    """The side of which nothing is known."""
    return "sales" if win.side == "operations" else "operations"


def span(order: Order) -> tuple[datetime, datetime] | None:
    """Between which instants a deed counts for an order: until nothing stood in its way any more.

    None where that cannot be said, or where anything of it was loaded as history.
    """
    if any(event.data.backfill for event in order.events):
        return None
    solved = [each.resolved.time for each in order.roadblocks.values() if each.resolved is not None]
    last = max(solved, default=order.closed_at)
    return None if order.placed is None or last is None else (order.placed.time, last)


def told(order: Order, by: Person, name: str, line: str, deed: str, day: date, now: datetime) -> bytes:
    """The event that says what someone did for an order, on a day of its span."""
    within = span(order)
    assert within is not None, "an order with a highlight was placed and closed"
    at = min(max(datetime.combine(day, time(12), order.zone), within[0]), within[1])
    data: dict[str, Any] = {
        "customer_id": order.customer_id,
        "order_id": order.order_id,
        "intervention_id": name,
        "kind": deed,
        "description": line,
        "actor": {"person_id": by.person_id, "department": by.department},
        "recorded_at": now.isoformat(),
    }
    head = {"specversion": "1.0", "id": name, "source": ASKED, "type": InterventionRecorded.TYPE}
    return orjson.dumps({**head, "time": at.isoformat(), "data": data})


def _highlights(reading: Reading, first: date) -> Iterator[Win]:
    """Of orders that closed since a day, and of which nobody was asked."""
    asked = exists().where(tables.questions.c.subject == _W.win_id)
    query = select(_W.body).where(
        _W.kind == "highlight",
        _W.reason.is_(None),
        _W.about.startswith("order/"),
        _W.final_at > reading.as_of,
        ~asked,
    )
    wins = (win_of(body) for body in reading.connection.scalars(query))
    yield from (win for win in wins if _closed_on(win, reading) >= first)


def _closed_on(win: Win, reading: Reading) -> date:
    return datetime.fromisoformat(win.facts["delivered_at"]).astimezone(reading.rules.zone).date()


def _responsible(win: Win, owners: Iterable[str | None]) -> tuple[str, ...]:
    """For Sales whoever owns the account, then who took part in the order; never who is praised already."""
    side = silent(win)
    praised = {part.person_id for part in (win.sales if win.side == "sales" else win.operations)}
    parts = (part.person_id for part in (win.sales if side == "sales" else win.operations))
    asked = (*owners, *parts) if side == "sales" else parts
    return tuple(dict.fromkeys(each for each in asked if each and each not in praised))


def _owners(reading: Reading, wins: Iterable[Win]) -> dict[str, tuple[str | None, ...]]:
    """Who owned the account at each order, and who does by the customer's registration."""
    orders = {win.order_id for win in wins if win.order_id}
    return {
        row.order_id: (row.account_owner, row.now) for row in run_among(reading.connection, _OWNERS, orders)
    }


_OWNERS = (
    select(_O.order_id, _O.account_owner, _C.account_owner.label("now"))
    .join(tables.customers, _C.customer_id == _O.customer_id, isouter=True)
    .where(Among(_O.order_id))
)
