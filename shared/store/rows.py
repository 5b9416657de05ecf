"""From histories to the rows of the projections."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import TypeAdapter

from shared.events.customers import FeedbackReceived
from shared.events.forecasts import DemandRecorded, ForecastPublished
from shared.history.feedback import points, speaks_against
from shared.history.outcomes import BASES
from shared.patterns.model import Win

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.history.line import Line
    from shared.history.order import Order

    Row = dict[str, Any]

_RANK_DIGITS = 40
_COLUMNS = {
    basis: [f"{basis}_{part}" for part in ("due", "verdict", "on_time", "overdue_at")] for basis in BASES
}
_WIN: TypeAdapter[Win] = TypeAdapter(Win)


def account_row(account: Account, root_id: str, merged_id: str) -> Row:
    """A customer, with the root that parents and merges lead to."""
    names = account.__dataclass_fields__
    return {name: getattr(account, name) for name in names} | {"root_id": root_id, "merged_id": merged_id}


def order_row(order: Order, root_id: str) -> Row:
    """An order that has been placed."""
    assert order.placed is not None, "only placed orders have a row"
    return {
        "order_id": order.order_id,
        "customer_id": order.placed.data.customer_id,
        "root_id": root_id,
        "kind": order.placed.data.kind,
        "placed_at": order.placed.time,
        "place_rank": place_rank(order.order_id),
        "closed_at": order.closed_at,
        "quarantined": order.quarantined,
    }


def position(row: Row | None) -> tuple[Any, ...] | None:
    """Where an order stands among those of its root."""
    return None if row is None else (row["root_id"], row["kind"], row["placed_at"])


def place_rank(order_id: str) -> str:
    """Sort orders of one instant by id: numbers as numbers, everything else as text."""
    digits = order_id.isdecimal() and order_id.isascii()
    return f"{order_id.zfill(_RANK_DIGITS)} {order_id}" if digits else order_id


def line_rows(order: Order, *, counted: bool) -> Iterator[Row]:
    """The lines of an order with their outcomes; `counted`: whether they are in any KPI."""
    assert order.placed is not None, "only placed orders have lines"
    for line_id, line in order.lines.items():
        row = {
            "order_id": order.order_id,
            "line_id": line_id,
            "customer_id": order.placed.data.customer_id,
            "product_id": line.placed.product_id,
            "uom": line.placed.uom,
            "counted": counted,
            "ordered_qty": line.ordered,
            "demand_qty": line.accepted if _cancelled_by_customer(line) else line.ordered,
            "first_requested": line.first_requested,
            "in_full": line.in_full,
            "excluded_adjusted": "customer_site" if line.customer_site else None,
        }
        for basis, (due, verdict, on_time, overdue_at) in _COLUMNS.items():
            outcome = order.outcomes[line_id][basis]
            row[due] = outcome.due
            row[verdict] = outcome.verdict
            row[on_time] = outcome.on_time
            row[overdue_at] = outcome.overdue_at
        yield row


def _cancelled_by_customer(line: Line) -> bool:
    return line.closing is not None and line.closing.how == "cancelled" and line.closing.by_customer


def receipt_rows(order: Order, *, counted: bool) -> Iterator[Row]:
    """What was accepted of each line, by the local day."""
    for line_id, line in order.lines.items():
        for receipt in line.receipts:
            yield {
                "order_id": order.order_id,
                "line_id": line_id,
                "source": receipt.source,
                "id": receipt.event_id,
                "uom": line.placed.uom,
                "counted": counted,
                "day": receipt.at.astimezone(order.zone).date(),
                "accepted_qty": receipt.accepted,
                "returned_bad_qty": receipt.returned_bad,
            }


def risk_rows(order: Order) -> Iterator[Row]:
    """The roadblocks of an order."""
    for roadblock_id, block in order.roadblocks.items():
        yield {
            "order_id": order.order_id,
            "roadblock_id": roadblock_id,
            "category": block.raised.data.category,
            "raised_at": block.raised.time,
            "resolved_at": block.resolved.time if block.resolved else None,
            "outcome": block.resolved.data.outcome if block.resolved else None,
        }


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
