"""What speaks against a win: bad returns, cancellations, complaints and detractors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.history.feedback import speaks_against
from shared.history.order import BAD_CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from shared.events.customers import FeedbackReceived
    from shared.events.envelope import Event
    from shared.history.order import Order


def first_against(
    orders: Iterable[Order],
    feedback: Iterable[Event[FeedbackReceived]] = (),
    *,
    since: datetime | None = None,
    cancellations: bool = True,
) -> str | None:
    """The earliest thing that speaks against these orders, or None; `feedback` names no order."""
    told = [each for order in orders for each in _against(order, cancellations=cancellations)]
    found = [each for each in (*told, *_complaints(feedback)) if since is None or each[0] >= since]
    return min(found, default=(None, None))[1]


def _against(order: Order, *, cancellations: bool) -> Iterator[tuple[datetime, str]]:
    for return_id, returned in order.returns.items():
        if returned.assessed is not None and returned.assessed.data.cause in BAD_CAUSES:
            cause = returned.assessed.data.cause.replace("_", " ")
            yield returned.assessed.time, f"return {return_id} was assessed: {cause}"
    for cancelled in order.cancellations if cancellations else ():
        yield cancelled.time, "the order was cancelled, in whole or in part"
    yield from _complaints(order.feedback)


def _complaints(feedback: Iterable[Event[FeedbackReceived]]) -> Iterator[tuple[datetime, str]]:
    for event in feedback:
        data = event.data
        if speaks_against(data):
            said = "complained" if data.kind == "complaint" else f"scored {data.score:f} ({data.kind})"
            yield event.time, f"the customer {said}: {data.feedback_id}"
