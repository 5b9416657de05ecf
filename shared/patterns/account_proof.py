"""What wins over a customer rest on: who did what, what speaks against it, which events prove it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.events.customers import FeedbackReceived
from shared.history.feedback import speaks_against
from shared.patterns import contributions
from shared.patterns.contradictions import first_against
from shared.patterns.gates import decides
from shared.patterns.model import EventRef, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase
    from shared.patterns.model import Contribution

LASTING = (
    "corrective_action",
    "process_fix",
    "quality_containment",
    "spec_clarification",
    "order_simplification",
    "terms_changed",
    "buffer_changed",
)
"""Interventions that change how things are done; an expedite only saves the one order."""
CHANGES = tuple(f"intervention.{kind}" for kind in LASTING)


def deeds(
    case: AccountCase, histories: Iterable[Order], since: datetime, until: datetime
) -> tuple[Contribution, ...]:
    """What people did out of the ordinary for these orders, or for the customer, in a span of time.

    Routine is left out: over many orders it would hide that one side did nothing else.
    """
    of_orders = [part for order in histories for part in _of(order)]
    return chosen([*of_orders, *contributions.of_events(case.deeds())], since, until)


def _of(order: Order) -> list[Contribution]:
    """Up to its closing; while it is open, so far."""
    return contributions.of_events(order.events) if order.closed_at is None else contributions.of_order(order)


def chosen(parts: Iterable[Contribution], since: datetime, until: datetime) -> tuple[Contribution, ...]:
    """Those out of the ordinary in a span of time, each once, in order of time."""
    found = {
        (part.time, part.event, part.person_id): part
        for part in parts
        if part.weight >= contributions.DEED and since <= part.time < until
    }
    return tuple(found[key] for key in sorted(found))


def seen_live(histories: Iterable[Order], *told: Event[Any]) -> Verdict:
    """No decisive step of these orders, and none of these events, was loaded as history."""
    orders = {order.order_id for order in histories for e in order.events if e.data.backfill and decides(e)}
    loaded = [*sorted(orders), *(event.id for event in told if event.data.backfill)]
    return Verdict("seen_live", not loaded, lambda: {"loaded": loaded[:5]})


def against(case: AccountCase, histories: Iterable[Order], since: datetime | None = None) -> str | None:
    """What speaks against these orders, from an instant on; feedback without an order for two weeks.

    A cancellation does not by itself: one that is a miss has spoiled the order already.
    """
    histories = list(histories)
    window = timedelta(days=case.rules.feedback_window_days)
    closed = [order.closed_at for order in histories if order.closed_at is not None]
    loose = [
        event
        for event in (case.told() if any(a.against and a.order_id is None for a in case.answers) else ())
        if isinstance(event.data, FeedbackReceived)
        and speaks_against(event.data)
        and any(closed_at <= event.time <= closed_at + window for closed_at in closed)
    ]
    return first_against(histories, loose, since=since, cancellations=False)


def proof(
    histories: Iterable[Order], parts: Iterable[Contribution], *more: Event[Any]
) -> tuple[EventRef, ...]:
    """The receipts of these orders, the deeds, and what else tells it, in order of time."""
    refs = {
        EventRef(receipt.source, receipt.event_id): receipt.at
        for order in histories
        for line in order.lines.values()
        for receipt in line.receipts
    }
    refs |= {part.event: part.time for part in parts}
    refs |= {EventRef(event.source, event.id): event.time for event in more}
    return tuple(sorted(refs, key=lambda ref: (refs[ref], ref)))
