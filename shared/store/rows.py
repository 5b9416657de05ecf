"""From histories to the rows of the projections; those of orders in the order of their table's columns."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import TypeAdapter

from shared.events.customers import FeedbackReceived
from shared.events.forecasts import DemandRecorded, ForecastPublished
from shared.history.feedback import points, speaks_against
from shared.instants import microseconds
from shared.patterns.model import Win
from shared.tables import millionths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.line import Line, Receipt
    from shared.history.order import Order, Roadblock
    from shared.history.outcomes import Outcome
    from shared.store.bulk import Stored

    Row = dict[str, Any]

_RANK_DIGITS = 40
_WIN: TypeAdapter[Win] = TypeAdapter(Win)


def account_row(account: Account, root_id: str, merged_id: str) -> Row:
    """A customer, with the root that parents and merges lead to."""
    names = account.__dataclass_fields__
    return {name: getattr(account, name) for name in names} | {"root_id": root_id, "merged_id": merged_id}


def order_row(order: Order, root_id: str) -> Stored:
    """An order that has been placed."""
    assert order.placed is not None, "only placed orders have a row"
    placed, closed_at = order.placed, order.closed_at
    return (
        order.order_id,
        placed.data.customer_id,
        root_id,
        placed.data.kind,
        microseconds(placed.time),
        place_rank(order.order_id),
        None if closed_at is None else microseconds(closed_at),
        order.quarantined,
    )


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
        millionths(line.accepted) if _cancelled_by_customer(line) else ordered,
        line.first_requested.toordinal(),
        int(line.in_full),
        "customer_site" if line.customer_site else None,
        *_outcome(of_line["requested"]),
        *_outcome(of_line["first_commit"]),
        *_outcome(of_line["last_commit"]),
    )


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
    )


def risk_row(order: Order, block: Roadblock) -> Stored:
    """A roadblock of an order."""
    resolved = block.resolved
    return (
        order.order_id,
        block.raised.data.roadblock_id,
        block.raised.data.category,
        microseconds(block.raised.time),
        None if resolved is None else microseconds(resolved.time),
        None if resolved is None else resolved.data.outcome,
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
            }


def win_row(win: Win) -> Row:
    """A win, its hot columns apart from its body."""
    assert win.order_id is not None, "the patterns so far look at orders"
    body = _WIN.dump_python(win, mode="json")
    return {
        "win_id": win.win_id,
        "order_id": win.order_id,
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
