"""Whether a line came as promised, or on a later day to which its customer had agreed in time."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Literal

from shared.events.orders import OrderPromiseChanged

if TYPE_CHECKING:
    from shared.events.envelope import Event
    from shared.history.line import Line
    from shared.history.order import Order


def kept(order: Order, line_id: str) -> Literal["kept", "agreed", "missed", "excluded"]:
    """How a line of a delivered order stands: `kept` as first promised, `agreed` to a later day and kept."""
    assert order.closed_at is not None, "only delivered orders are looked at"
    line, of_line = order.lines[line_id], order.outcomes[line_id]
    first, last = of_line["first_commit"].at(order.closed_at), of_line["last_commit"].at(order.closed_at)
    if first.status == "excluded":
        return "excluded"
    if first.otif:
        return "kept"
    moved = [
        event
        for event in order.events
        if isinstance(event.data, OrderPromiseChanged)
        and event.data.line_id == line_id
        and event.data.initiator != "customer"
    ]
    agreed = len(moved) == line.slips > 0 and all(_agreed(event, line, order) for event in moved)
    return "agreed" if agreed and last.otif else "missed"


def _agreed(event: Event[OrderPromiseChanged], line: Line, order: Order) -> bool:
    """Whether the customer had agreed, and we had written it down, before the day first promised."""
    agreed_at = event.data.customer_agreed_at
    if agreed_at is None or line.first_commit is None:
        return False
    return max(agreed_at, event.known_at) < datetime.combine(line.first_commit, time(), order.zone)
