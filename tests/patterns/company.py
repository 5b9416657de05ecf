"""A company's orders, each due on a day of 2026, and what is found in its weeks and quarters."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from shared.recording import record
from shared.rules import DEFAULTS, Rules
from shared.settling import settle
from tests import make, seen
from tests.databases import opened

if TYPE_CHECKING:
    from shared.patterns.model import Win
    from shared.store.engine import Store

Json = dict[str, Any]
UTC = ZoneInfo("UTC")


def wins(store: Store, pattern: str, as_of: datetime = make.LATER, rules: Rules = DEFAULTS) -> list[Win]:
    """The wins of a pattern once the clock has judged."""
    settle(store, as_of=as_of, rules=rules)
    with store.reading() as connection:
        return sorted(
            (win for win in seen.wins(connection) if win.pattern == pattern), key=lambda win: win.subject
        )


def judged(
    events: list[Json], pattern: str, as_of: datetime = make.LATER, rules: Rules = DEFAULTS
) -> list[Win]:
    with closing(opened()) as store:
        record(store, make.raw(events), as_of=as_of, rules=rules)
        return wins(store, pattern, as_of, rules)


def moment(day: date, hour: int = 12) -> str:
    return datetime.combine(day, time(hour), UTC).isoformat()


def due(
    day: date, lines: int, late: int = 0, *, late_by: int = 2, qty: int = 10, order: str = "", **more: Any
) -> list[Json]:
    """One order of so many lines due on a day; the last `late` of them arrive some days after it."""
    name = order or f"SO-{day:%m%d}"
    who = {"order_id": name, "customer_id": "C-1", **more}
    ids = [f"{name}/{number}" for number in range(lines)]
    wanted = [make.line(line_id=i, qty=qty, requested_on=day.isoformat()) for i in ids]
    promised = [{"line_id": i, "committed_on": day.isoformat(), "committed_qty": qty} for i in ids]
    told = [
        make.placed(moment(day - timedelta(days=14)), *wanted, **who),
        make.of_order("order.confirmed", moment(day - timedelta(days=13)), {"lines": promised, **who}),
    ]
    for some, on in ((ids[: lines - late], day), (ids[lines - late :], day + timedelta(days=late_by))):
        arrived = [{"line_id": i, "qty_delivered": qty} for i in some]
        shipment = {"shipment_id": f"{name}-{on:%m%d}", "lines": arrived, **who}
        told += [make.of_order("delivery.delivered", moment(on, 10), shipment)] if some else []
    return told


def did(day: date, person: Json, kind: str, **about: Any) -> Json:
    """Somebody does something out of the ordinary about a week, a product or an order."""
    what = {"intervention_id": f"I-{day}-{kind}-{person['person_id']}", "kind": kind, "actor": person}
    return make.event("intervention.recorded", moment(day), {**what, **about})
