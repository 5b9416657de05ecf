"""From histories to the rows of the projections; those of orders in the order of their table's columns."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from math import ceil
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import TypeAdapter

from shared.events.customers import FeedbackReceived
from shared.events.deliveries import InterventionRecorded, InvoicePosted, ReturnAssessed, ReturnReceived
from shared.events.drafts import DraftSubmitted
from shared.events.forecasts import DemandRecorded, ForecastPublished, ProductRegistered
from shared.events.orders import OrderHoldPlaced, OrderHoldReleased, OrderPlaced
from shared.history.feedback import points, speaks_against
from shared.history.outcomes import condition, day_starts
from shared.instants import microseconds
from shared.patterns.model import Win
from shared.tables import SCALE, millionths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.events.deliveries import DeliveryShipped
    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.line import Line, Receipt
    from shared.history.order import Order, Roadblock
    from shared.history.outcomes import Outcome
    from shared.store.bulk import Stored

    Row = dict[str, Any]

_RANK_DIGITS = 40
_MOST = 2**63 - 1
_WIN: TypeAdapter[Win] = TypeAdapter(Win)


def account_row(account: Account, root_id: str, merged_id: str) -> Row:
    """A customer, with the root that parents and merges lead to."""
    names = account.__dataclass_fields__
    return {name: getattr(account, name) for name in names} | {"root_id": root_id, "merged_id": merged_id}


def order_row(order: Order, root_id: str, *, counted: bool) -> Stored:
    """An order that has been placed; `counted`: whether it is in any KPI."""
    assert order.placed is not None, "only placed orders have a row"
    placed, closed_at, filled_at = order.placed, order.closed_at, order.filled_at
    return (
        order.order_id,
        placed.data.customer_id,
        root_id,
        placed.data.kind,
        microseconds(placed.time),
        place_rank(order.order_id),
        None if closed_at is None else microseconds(closed_at),
        order.quarantined,
        placed.data.currency,
        placed.data.ship_to.site,
        _owner_named_in(placed.data),
        int(counted),
        None if filled_at is None else microseconds(filled_at),
    )


def _owner_named_in(placed: OrderPlaced) -> str | None:
    owners = (person.person_id for person in placed.participants if person.role == "account_owner")
    return min(owners, default=None)


def place_rank(order_id: str) -> str:
    """Sort orders of one instant by id: numbers as numbers, everything else as text."""
    digits = order_id.isdecimal() and order_id.isascii()
    return f"{order_id.zfill(_RANK_DIGITS)} {order_id}" if digits else order_id


def line_row(order: Order, line_id: str, *, counted: bool) -> Stored:
    """A line of an order with its outcomes; `counted`: whether it is in any KPI."""
    assert order.placed is not None, "only placed orders have lines"
    line, of_line = order.lines[line_id], order.outcomes[line_id]
    placed, ordered = line.placed, millionths(line.ordered)
    return (
        order.order_id,
        line_id,
        order.placed.data.customer_id,
        placed.product_id,
        placed.uom,
        int(counted),
        ordered,
        min(millionths(line.accepted), _MOST) if _cancelled_by_customer(line) else ordered,
        line.first_requested.toordinal(),
        int(line.in_full),
        "customer_site" if line.customer_site else None,
        *_ending(line),
        _flag(order.documents(line)),
        _flag(condition(line)),
        None if placed.unit_price is None else _within_64_bits(line.ordered * placed.unit_price),
        line.slips,
        line.fence_changes,
        int(placed.special_requirement),
        int(line.loaded),
        int(line.backordered),
        ceil(line.enough * SCALE / 100) if placed.under_tolerance else ordered,
        None if (first := line.first_shipped) is None else min(millionths(first), _MOST),
        int(bool(line.receipts)),
        *_outcome(of_line["requested"]),
        *_outcome(of_line["first_commit"]),
        *_outcome(of_line["last_commit"]),
    )


def _ending(line: Line) -> Stored:
    ended, closed_at = line.closing, line.closed_at
    if ended is None:
        return (None, None, None)
    return (None if closed_at is None else microseconds(closed_at), microseconds(ended.at), ended.how)


def _within_64_bits(value: Decimal) -> int | None:
    return number if abs(number := millionths(value)) < 2**63 else None


def _flag(value: bool | None) -> int | None:  # noqa: FBT001 - a fact, not a switch
    return None if value is None else int(value)


@lru_cache(maxsize=4096)
def _outcome(outcome: Outcome) -> Stored:
    """Orders of one time have the same due days, and outcomes with them."""
    due, overdue_at = outcome.due, outcome.overdue_at
    return (
        None if due is None else due.toordinal(),
        outcome.verdict,
        int(outcome.on_time),
        None if overdue_at is None else microseconds(overdue_at),
    )


def _cancelled_by_customer(line: Line) -> bool:
    return line.closing is not None and line.closing.how == "cancelled" and line.closing.by_customer


def receipt_row(order: Order, line_id: str, receipt: Receipt, *, counted: bool) -> Stored:
    """What was accepted of a line at one time, by the local day."""
    kept, price = receipt.accepted - receipt.returned, order.lines[line_id].placed.unit_price
    return (
        order.order_id,
        line_id,
        receipt.source,
        receipt.event_id,
        order.lines[line_id].placed.uom,
        int(counted),
        receipt.at.astimezone(order.zone).toordinal(),
        millionths(receipt.accepted),
        millionths(receipt.returned_bad),
        millionths(kept),
        None if price is None else _within_64_bits(kept * price),
    )


def shipment_rows(event: Event[DeliveryShipped]) -> Iterator[Stored]:
    """What left, line by line."""
    data = event.data
    for part in data.lines:
        if part.qty > 0:
            yield (
                data.order_id,
                part.line_id,
                event.source,
                event.id,
                data.shipment_id,
                millionths(part.qty),
                microseconds(event.time),
            )


def risk_row(order: Order, block: Roadblock) -> Stored:
    """A roadblock of an order."""
    resolved, due = block.resolved, order.due_of(block)
    return (
        order.order_id,
        block.raised.data.roadblock_id,
        block.raised.data.category,
        microseconds(block.raised.time),
        None if resolved is None else microseconds(resolved.time),
        None if resolved is None else resolved.data.outcome,
        None if due is None else due.toordinal(),
        None if due is None else microseconds(day_starts(due, order.zone)),
    )


def feedback_rows(events: Iterable[Event[Any]], *, counted: bool) -> Iterator[Row]:
    """What customers answered, complained of and praised."""
    for event in events:
        data = event.data
        if isinstance(data, FeedbackReceived):
            yield {
                "source": event.source,
                "id": event.id,
                "subject": data.subject,
                "customer_id": data.customer_id,
                "order_id": data.order_id,
                "kind": data.kind,
                "points": points(data),
                "against": speaks_against(data),
                "contact": data.contact,
                "time": event.time,
                "counted": counted,
            }


def plan_rows(events: Iterable[Event[Any]]) -> Iterator[Row]:
    """Forecast versions and recorded demand."""
    for event in events:
        data = event.data
        if isinstance(data, ForecastPublished | DemandRecorded):
            yield {
                "source": event.source,
                "id": event.id,
                "subject": data.subject,
                "step": data.step if isinstance(data, ForecastPublished) else "demand",
                "product_id": data.product_id,
                "customer_id": data.customer_id,
                "location": data.location,
                "period": data.period,
                "qty": data.qty,
                "time": event.time,
                "known_at": event.known_at,
                "backfill": data.backfill,
            }


def product_rows(events: Iterable[Event[Any]]) -> list[Row]:
    """Master data as registered last; what a later registration leaves out stays as it was."""
    names = ("family", "lead_time_days", "launched_on", "quality_limit_ppm")
    found: dict[str, Row] = {}
    for event in sorted(events, key=lambda event: (event.time, event.source, event.id)):
        if isinstance(event.data, ProductRegistered):
            told = {name: getattr(event.data, name) for name in names}
            row = found.setdefault(event.data.product_id, {"product_id": event.data.product_id, **told})
            row |= {name: value for name, value in told.items() if value is not None}
    return list(found.values())


def intervention_rows(events: Iterable[Event[Any]]) -> Iterator[Row]:
    """What someone did out of the ordinary."""
    for event in events:
        data = event.data
        if isinstance(data, InterventionRecorded):
            names = ("subject", "customer_id", "order_id", "product_id", "week", "kind", "premium", "cause")
            yield _named(event, {name: getattr(data, name) for name in names})


def hold_rows(events: Iterable[Event[Any]]) -> Iterator[Row]:
    """Holds placed and released."""
    for event in events:
        data = event.data
        if isinstance(data, OrderHoldPlaced | OrderHoldReleased):
            names = ("subject", "hold_id", "order_id", "kind", "product_id", "lot")
            told = {name: getattr(data, name) for name in names}
            yield _named(event, told | {"placed": isinstance(data, OrderHoldPlaced)})


def return_rows(events: Iterable[Event[Any]]) -> list[Row]:
    """What came back, each return as it was assessed last."""
    told = [event for event in events if isinstance(event.data, ReturnReceived | ReturnAssessed)]
    told.sort(key=lambda event: (event.time, event.source, event.id))
    assessed = (event.data for event in told if isinstance(event.data, ReturnAssessed))
    causes = {(data.subject, data.return_id): data.cause for data in assessed}
    names = ("subject", "return_id", "customer_id", "order_id", "line_id", "product_id", "lot", "qty")
    return [
        _named(
            event,
            {name: getattr(event.data, name) for name in names}
            | {"cause": causes.get((event.data.subject, event.data.return_id))},
        )
        for event in told
        if isinstance(event.data, ReturnReceived)
    ]


def invoice_rows(events: Iterable[Event[Any]]) -> Iterator[Row]:
    """What was charged and what it cost; what a credit note takes back is below zero."""
    for event in events:
        data = event.data
        if isinstance(data, InvoicePosted):
            names = ("subject", "customer_id", "order_id")
            yield _named(event, {name: getattr(data, name) for name in names} | _money(data))


def _money(data: InvoicePosted) -> Row:
    """Sources write credits with either sign; one without a cost took back no goods."""
    cost, freight, credit = data.cost_of_goods, data.premium_freight, data.kind == "credit_note"
    net = data.net_sales.amount
    if cost is None:
        goods = Decimal(0) if credit else None
    else:
        goods = cost.amount if cost.currency == data.net_sales.currency else None
    sign = -1 if credit else 1
    return {
        "currency": data.net_sales.currency,
        "net_sales": -abs(net) if credit else net,
        "cost_of_goods": goods if goods is None or not credit else -abs(goods),
        "freight_currency": freight.currency if freight else None,
        "premium_freight": sign * freight.amount if freight else None,
    }


def draft_rows(events: Iterable[Event[Any]]) -> list[Row]:
    """The orders that people's own stories name."""
    named = {
        (event.data.draft_id, order_id)
        for event in events
        if isinstance(event.data, DraftSubmitted)
        for order_id in event.data.order_ids
    }
    return [{"draft_id": draft_id, "order_id": order_id} for draft_id, order_id in sorted(named)]


def _named(event: Event[Any], told: Row) -> Row:
    return {"source": event.source, "id": event.id, **told, "time": event.time}


def win_row(win: Win) -> Row:
    """A win, its hot columns apart from its body."""
    body = _WIN.dump_python(win, mode="json")
    return {
        "win_id": win.win_id,
        "about": win.about,
        "ends_on": win.ends_on,
        "customer_id": win.customer_id,
        "pattern": win.pattern,
        "kind": win.kind,
        "final_at": win.final_at,
        "pending": win.pending,
        "reason": win.reason,
        "digest": blake2b(orjson.dumps(body), digest_size=16).digest(),
        "body": body,
    }


def win_of(body: Any) -> Win:
    """Read a win back."""
    return _WIN.validate_python(body)
