"""Events for tests, as a source would send them: plain JSON, one function for each thing that happens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import orjson

Json = dict[str, Any]

_NUMBERS = count(1)
SALES = {"person_id": "p-sales", "department": "sales"}
OPERATIONS = {"person_id": "p-ops", "department": "logistics"}
LATER = datetime(2026, 12, 31, tzinfo=UTC)
"""When every window of a test's spring has passed."""


def at(day: str, clock: str = "12:00", offset: str = "+00:00") -> str:
    """An instant; `03-10` is a day of 2026."""
    year = "" if len(day) > len("03-10") else "2026-"
    return f"{year}{day}T{clock}:00{offset}"


def instant(day: str, clock: str = "12:00", offset: str = "+00:00") -> datetime:
    return datetime.fromisoformat(at(day, clock, offset))


def event(kind: str, time: str, data: Json, *, source: str = "erp", name: str | None = None) -> Json:
    """One CloudEvent; `kind` such as `order.placed`."""
    return {
        "specversion": "1.0",
        "id": name or f"e{next(_NUMBERS)}",
        "source": source,
        "type": f"tandem.{kind}.v1",
        "time": time,
        "data": data,
    }


def of_order(kind: str, time: str, data: Json, /, **more: Any) -> Json:
    """An event of order SO-1 of customer C-1 unless `data` says otherwise."""
    names = {key: more.pop(key) for key in ("source", "name") if key in more}
    return event(kind, time, {"order_id": "SO-1", "customer_id": "C-1", **data, **more}, **names)


def line(**more: Any) -> Json:
    """100 pieces of P-1 for 10 March."""
    return {"line_id": "1", "product_id": "P-1", "qty": 100, "requested_on": "2026-03-10", **more}


def placed(time: str = at("03-01"), *lines: Json, **more: Any) -> Json:
    return of_order("order.placed", time, {"currency": "EUR", "lines": list(lines) or [line()]}, **more)


def confirmed(on: str = "2026-03-12", time: str = at("03-02"), line_id: str = "1", **more: Any) -> Json:
    promise = {"line_id": line_id, "committed_on": on, "committed_qty": more.pop("qty", 100)}
    return of_order("order.confirmed", time, {"lines": [promise]}, **more)


def changed(field: str, new: Any, time: str, **more: Any) -> Json:
    return of_order("order.changed", time, {"line_id": "1", "field": field, "new": new}, **more)


def promised(new_on: str, time: str, **more: Any) -> Json:
    return of_order("order.promise_changed", time, {"line_id": "1", "new_on": new_on}, **more)


def cancelled(time: str, **more: Any) -> Json:
    return of_order("order.cancelled", time, more)


def line_closed(time: str, **more: Any) -> Json:
    return of_order("order.line_closed", time, {"line_id": "1", **more})


def shipped(qty: Any, time: str, *, shipment: str = "S-1", line_id: str = "1", **more: Any) -> Json:
    parts = [{"line_id": line_id, "qty": qty}]
    return of_order("delivery.shipped", time, {"shipment_id": shipment, "lines": parts}, **more)


def delivered(
    qty: Any, time: str, *, shipment: str | None = None, part: Json | None = None, **more: Any
) -> Json:
    told = {"line_id": "1", "qty_delivered": qty, **(part or {})}
    shipment = shipment or f"S-{next(_NUMBERS)}"
    return of_order("delivery.delivered", time, {"shipment_id": shipment, "lines": [told]}, **more)


def raised(time: str = at("03-05"), *, roadblock: str = "R-1", **more: Any) -> Json:
    what = {"roadblock_id": roadblock, "category": "carrier", "severity": "high", "predicted_delay_days": 3}
    return of_order("delivery.roadblock_raised", time, {**what, **more})


def resolved(time: str = at("03-07"), *, roadblock: str = "R-1", **more: Any) -> Json:
    people = {"participants": [{**SALES, "role": "communicator"}, {**OPERATIONS, "role": "resolver"}]}
    what = {"roadblock_id": roadblock, "outcome": "on_original_promise", **people}
    return of_order("delivery.roadblock_resolved", time, {**what, **more})


def intervened(time: str, person: Json, kind: str = "expedite", **more: Any) -> Json:
    what = {"intervention_id": f"I-{next(_NUMBERS)}", "kind": kind, "actor": person}
    return of_order("intervention.recorded", time, {**what, **more})


def invoiced(
    time: str, net: str = "1000.00", freight: str | None = None, cost: str | None = None, **more: Any
) -> Json:
    """An invoice of SO-1, with what it cost and premium freight if that is told."""
    told: Json = {"invoice_id": f"INV-{next(_NUMBERS)}"}
    for name, amount in (("net_sales", net), ("premium_freight", freight), ("cost_of_goods", cost)):
        told |= {} if amount is None else {name: {"amount": amount, "currency": "EUR"}}
    return of_order("invoice.posted", time, {**told, **more})


def held(time: str, hold: str = "H-1", **more: Any) -> Json:
    return of_order("order.hold_placed", time, {"hold_id": hold, "kind": "quality", **more})


def drafted(time: str, draft: str = "D-1", person: Json = OPERATIONS, **more: Any) -> Json:
    """A story of SO-1 that someone tells."""
    told = {"title": "How it went", "body": "We did it.", "order_ids": ["SO-1"]}
    return event("draft.submitted", time, {"draft_id": draft, "actor": person, **told, **more})


def returned(qty: Any, time: str, *, name: str = "RT-1", **more: Any) -> Json:
    return of_order("return.received", time, {"return_id": name, "line_id": "1", "qty": qty, **more})


def assessed(cause: str, time: str, *, name: str = "RT-1", **more: Any) -> Json:
    return of_order("return.assessed", time, {"return_id": name, "line_id": "1", "cause": cause, **more})


def feedback(kind: str, time: str, score: Any = None, *, loose: bool = False, **more: Any) -> Json:
    """An answer about SO-1, or (`loose`) about no order."""
    data: Json = {"customer_id": "C-1", "feedback_id": f"F-{next(_NUMBERS)}", "kind": kind, **more}
    data |= {} if score is None else {"score": score}
    data |= {} if loose else {"order_id": "SO-1"}
    data |= {"scale_min": 1, "scale_max": 5} if kind == "csat" else {}
    return event("feedback.received", time, data)


def registered(customer: str = "C-1", time: str = at("01-05"), **more: Any) -> Json:
    return event("customer.registered", time, {"customer_id": customer, "name": f"{customer} Ltd", **more})


def merged(customer: str, into: str, time: str = at("01-06")) -> Json:
    return event("customer.merged", time, {"customer_id": customer, "merged_into": into})


def retracted(target: Json, time: str, **more: Any) -> Json:
    return event(
        "event.retracted", time, {"corrects": name_of(target), "reason": "It never happened"}, **more
    )


def corrected(target: Json, time: str | None = None, **more: Any) -> Json:
    """The same event with other data, as its source sends a correction."""
    again = event("", time or target["time"], {**target["data"], **more, "corrects": name_of(target)})
    return again | {"type": target["type"], "source": target["source"]}


def name_of(target: Json) -> Json:
    return {"source": target["source"], "id": target["id"]}


def forecast(qty: Any, time: str, **more: Any) -> Json:
    what = {
        "version_id": f"V-{next(_NUMBERS)}",
        "step": "consensus",
        "product_id": "P-1",
        "period": "2026-03",
    }
    return event("forecast.published", time, {**what, "qty": qty, **more})


def demand(qty: Any, time: str, **more: Any) -> Json:
    return event("demand.recorded", time, {"product_id": "P-1", "period": "2026-03", "qty": qty, **more})


def heartbeat(until: str, time: str, source: str = "erp") -> Json:
    return event("source.heartbeat", time, {"complete_until": until}, source=source)


def win(order: str = "SO-1", customer: str = "C-1", **more: Any) -> list[Json]:
    """An order on which both sides beat a roadblock; the customer's history is unknown."""
    who = {"order_id": order, "customer_id": customer}
    return [
        placed(at("03-01"), actor={**SALES, "role": "order_taker"}, **who, **more),
        confirmed(actor=OPERATIONS, **who),
        raised(roadblock=f"R-{order}", actor=OPERATIONS, **who),
        resolved(roadblock=f"R-{order}", **who),
        delivered(100, at("03-11"), **who),
    ]


def raw(events: list[Json]) -> list[bytes]:
    return [orjson.dumps(told, default=_number) for told in events]


def days(moment: datetime, number: float) -> datetime:
    return moment + timedelta(days=number)


def _number(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(type(value))
