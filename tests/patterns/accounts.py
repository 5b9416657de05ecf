"""A customer's trade over months, one short line for each order, and what the clock finds in it."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.rules import DEFAULTS, Rules
from shared.settling import settle
from tests import make, seen
from tests.make import OPERATIONS, SALES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.patterns.model import Win

Json = dict[str, Any]
MACHINE = {"person_id": "bot", "department": "sales", "is_human": False}


def found(
    pattern: str, events: Iterable[Json], as_of: datetime = make.LATER, rules: Rules = DEFAULTS
) -> list[Win]:
    """The wins of a pattern, by month."""
    with closing(seen.recorded(list(events), as_of, rules)) as store:
        settle(store, as_of=as_of, rules=rules)
        with store.reading() as connection:
            wins = [win for win in seen.wins(connection) if win.pattern == pattern]
    return sorted(wins, key=lambda win: win.subject)


def told(pattern: str, events: Iterable[Json], as_of: datetime = make.LATER) -> dict[str, str]:
    """Month -> kind and status."""
    return {
        win.subject.rsplit("/", 1)[1]: f"{win.kind} {win.status(as_of)}"
        for win in found(pattern, events, as_of)
    }


def moment(day: date, hour: int = 9) -> str:
    return f"{day.isoformat()}T{hour:02}:00:00+00:00"


def order(
    name: str,
    placed: date,
    due: date,
    came: date | None,
    *,
    papers: bool | None = True,
    qty: int = 100,
    price: str = "10.00",
    requested: date | None = None,
    cost: int | None = None,
    product: str = "P-1",
    lines: int = 1,
    customer: str = "C-1",
    **more: Any,
) -> list[Json]:
    """One order as it went; `cost` in percent of what was invoiced."""
    who = {"order_id": name, "customer_id": customer}
    asked = (requested or due).isoformat()
    numbers = [str(number + 1) for number in range(lines)]
    of = [
        make.line(line_id=number, product_id=product, qty=qty, unit_price=price, requested_on=asked, **more)
        for number in numbers
    ]
    promise = [{"line_id": n, "committed_on": due.isoformat(), "committed_qty": qty} for n in numbers]
    events = [
        make.placed(moment(placed), *of, **who),
        make.of_order("order.confirmed", moment(placed, 10), {"lines": promise}, **who),
    ]
    if came is not None:
        sound = {} if papers is None else {"documents_ok": papers}
        parts = [{"line_id": number, "qty_delivered": qty, **sound} for number in numbers]
        data = {"shipment_id": f"S-{name}", "lines": parts, "evidence": "pod"}
        events.append(make.of_order("delivery.delivered", moment(came), data, **who))
    if cost is not None:
        events.append(invoice(name, came or due, qty * lines * float(price), cost, customer))
    return events


def flat(parts: Iterable[list[Json]]) -> list[Json]:
    """All events of some orders."""
    return [event for events in parts for event in events]


def invoice(name: str, day: date, net: float, cost: float, customer: str = "C-1", **more: Any) -> Json:
    """An invoice of an order; `cost` in percent of it."""
    data = {
        "invoice_id": f"INV-{name}",
        "net_sales": {"amount": f"{net:.2f}", "currency": "EUR"},
        "cost_of_goods": {"amount": f"{net * cost / 100:.2f}", "currency": "EUR"},
    }
    return make.of_order(
        "invoice.posted", moment(day, 11), {**data, **more}, order_id=name, customer_id=customer
    )


def said(kind: str, day: date, score: int | None = None, name: str | None = None, **more: Any) -> Json:
    """What the customer said, of an order or of none."""
    told = make.feedback(kind, moment(day, 15), score, loose=True, **more)
    return {**told, "data": told["data"] | ({} if name is None else {"order_id": name})}


def did(name: str, day: date, person: Json = SALES, kind: str = "process_fix", **more: Any) -> Json:
    return make.intervened(moment(day, 12), person, kind, order_id=name, **more)


def both(name: str, day: date, kind: str = "process_fix") -> list[Json]:
    """Each side does something out of the ordinary."""
    return [did(name, day, SALES, kind), did(name, day, OPERATIONS, kind)]


def without(events: Iterable[Json], person: Json) -> list[Json]:
    """The same, had this person done nothing."""
    return [event for event in events if event["data"].get("actor") != person]


def of_order(events: Iterable[Json], name: str, kind: str) -> Json:
    """The event of a kind of an order."""
    return next(
        event
        for event in events
        if event["data"].get("order_id") == name and event["type"] == f"tandem.{kind}.v1"
    )


def loaded(event: Json) -> Json:
    """The same, loaded as history."""
    return {**event, "data": {**event["data"], "backfill": True}}


def after(day: date, days: float) -> date:
    return day + timedelta(days=days)
