"""A product's events for tests: what was forecast, wanted, ordered, counted and done about it, by month."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from shared.patterns.model import Verdict
from shared.patterns.registry import subject_patterns
from shared.periods import Period
from shared.projecting.reading import Reading
from shared.projecting.subjects import Span, products
from shared.recording import record
from shared.rules import DEFAULTS, Rules
from shared.settling import settle
from tests import make, seen
from tests.databases import opened
from tests.make import OPERATIONS, SALES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.patterns.model import Win

Json = dict[str, Any]
MACHINE = {"person_id": "svc-plan", "department": "planning", "is_human": False}
PLANNER = {"person_id": "p-plan", "department": "planning"}


def months(first: str, count: int) -> list[str]:
    """So many months from one on."""
    start = int(first[:4]) * 12 + int(first[5:]) - 1
    return [f"{nth // 12}-{nth % 12 + 1:02}" for nth in range(start, start + count)]


def day(month: str, ahead: int = 0, clock: int = 12) -> str:
    """An instant so many days before the first of a month; after it where `ahead` is below 0."""
    on = date.fromisoformat(f"{month}-01") - timedelta(days=ahead)
    return datetime.combine(on, time(clock), UTC).isoformat()


def forecast(month: str, qty: Any, step: str = "sales", ahead: int = 50, **more: Any) -> Json:
    """A version; by Sales with a reason unless `more` says otherwise."""
    reason = {"reason": "Tender won", "actor": SALES} if step == "sales" else {}
    return make.forecast(qty, day(month, ahead), step=step, period=month, **{**reason, **more})


def wanted(month: str, qty: Any, **more: Any) -> Json:
    return make.demand(qty, day(month, -32), period=month, **more)


def did(month: str, kind: str = "capacity_added", person: Json = OPERATIONS, ahead: int = -10) -> Json:
    return make.event(
        "intervention.recorded",
        day(month, ahead),
        {"product_id": "P-1", "intervention_id": f"I-{month}-{kind}-{ahead}", "kind": kind, "actor": person},
    )


def counted(month: str, qty: Any, **more: Any) -> Json:
    return make.event("stock.counted", day(month, -27), {"product_id": "P-1", "qty": qty, **more})


def product(**more: Any) -> Json:
    return make.event("product.registered", day("2024-01"), {"product_id": "P-1", "name": "Seal kit", **more})


def sold(month: str, qty: int, first: int = 100, name: str = "1", late: int = 0, **more: Any) -> list[Json]:
    """An order for the 15th; so many percent of it leave in the first shipment, the last of it `late`."""
    order = {"order_id": f"SO-{month}-{name}", **{k: more.pop(k) for k in ("customer_id",) if k in more}}
    line = make.line(qty=qty, requested_on=f"{month}-15", unit_price="5.00", **more)
    shares = [part for part in (qty * first // 100, qty - qty * first // 100) if part]
    told = [
        make.placed(day(month, 20), line, **order),
        make.confirmed(f"{month}-15", day(month, 19), qty=qty, **order),
    ]
    for nth, part in enumerate(shares):
        last = nth == len(shares) - 1
        shipment = {"shipment_id": f"S-{month}-{name}-{nth}", **order}
        leaves = day(month, -9 - nth)
        told.append(
            make.of_order("delivery.shipped", leaves, {**shipment, "lines": [{"line_id": "1", "qty": part}]})
        )
        arrives = day(month, -(12 + nth + late * last))
        receipt = {"line_id": "1", "qty_delivered": part}
        told.append(make.of_order("delivery.delivered", arrives, {**shipment, "lines": [receipt]}))
    return told


def judged(events: Iterable[Json], as_of: datetime = make.LATER, rules: Rules = DEFAULTS) -> list[Win]:
    """What the clock finds in events."""
    return missed(events, "", as_of=as_of, rules=rules)[0]


def standing(events: Iterable[Json], as_of: datetime = make.LATER, rules: Rules = DEFAULTS) -> dict[str, str]:
    """(pattern and subject) -> kind and status."""
    return {w.subject: f"{w.kind} {w.status(as_of)}" for w in judged(events, as_of, rules)}


NOTHING = {"nothing to judge"}


def missed(
    events: Iterable[Json],
    pattern: str,
    month: str = "2026-06",
    as_of: datetime = make.LATER,
    rules: Rules = DEFAULTS,
) -> tuple[list[Win], set[str]]:
    """What the clock finds, and the gates of a pattern that do not let the product pass in a month."""
    with closing(opened()) as store:
        report = record(store, make.raw(list(events)), as_of=as_of, rules=rules)
        assert not report.rejects, report.rejects
        settle(store, as_of=as_of, rules=rules)
        with store.reading() as connection:
            gates = _gates(Reading(connection, as_of, rules), pattern, Period.parse(month)) if pattern else ()
            assert all(make.raw([verdict.values()]) for verdict in gates), (
                "each can say what it was judged by"
            )
            return seen.wins(connection), {verdict.name for verdict in gates if not verdict.passed}


def _gates(reading: Reading, pattern: str, month: Period) -> list[Verdict]:
    for _, case in products.cases(reading, Span({"P-1": month.start}, month.end, 0)):
        if case.period == month and (claim := subject_patterns("product")[pattern].claim(case)):
            return [gate() for gate in claim.gates]
    return [Verdict(name, passed=False, values=dict) for name in NOTHING]
