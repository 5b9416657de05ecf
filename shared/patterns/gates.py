"""Gates that patterns share."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.events.orders import OrderChanged
from shared.patterns.model import Gate

if TYPE_CHECKING:
    from shared.events.envelope import Event
    from shared.patterns.case import OrderCase

_BY_SEVERITY = {"low": Decimal("0.1"), "medium": Decimal("0.3"), "high": Decimal("0.6")}
SMOOTH = Decimal("0.2")
"""The difficulty of an order on which nothing stood in the way."""


def new_customer(case: OrderCase) -> Gate:
    """The first normal order of the root customer, and the history proves it."""
    account, placed = case.account, case.order.placed
    values = {
        "first_order": case.is_first,
        "placed_at": placed.time.isoformat() if placed else None,
        "prior_order_at": case.prior_at.isoformat() if case.prior_at else None,
        "history_from": account.history_from.isoformat() if account and account.history_from else None,
        "first_won_at": account.first_won_at.isoformat() if account and account.first_won_at else None,
    }
    return Gate("new_customer", case.is_first is True, values)


def not_a_first_order(case: OrderCase) -> Gate:
    """First orders tell a story of their own."""
    return Gate("not_a_first_order", case.is_first is not True, {"first_order": case.is_first})


def promise_kept(case: OrderCase) -> Gate:
    """Every line that counts was on time and in full on the first commit."""
    scores = {
        line_id: of_line["first_commit"].at(case.closed_at)
        for line_id, of_line in case.order.outcomes.items()
    }
    counting = [score for score in scores.values() if score.status != "excluded"]
    values = {
        line_id: {"status": score.status, "on_time": score.on_time, "in_full": score.in_full}
        for line_id, score in scores.items()
    }
    return Gate("otif_first_commit", bool(counting) and all(score.otif for score in counting), values)


def no_slip(case: OrderCase) -> Gate:
    """We never moved the promise to a later day."""
    return Gate("no_promise_slip", case.order.slips == 0, {"promise_slips": case.order.slips})


def roadblock(case: OrderCase) -> Gate:
    """At least one roadblock counts."""
    judged = [case.roadblock_values(block) for block in case.order.roadblocks.values()]
    return Gate("roadblock_beaten", bool(case.beaten), {"roadblocks": judged})


def no_roadblock(case: OrderCase) -> Gate:
    """No roadblock counts: there was nothing to beat."""
    return Gate("no_roadblock_beaten", not case.beaten, {"roadblocks": len(case.order.roadblocks)})


def material(case: OrderCase) -> Gate:
    """Worth telling: of the least value, or strategic."""
    value, least = case.order.value or Decimal(0), case.rules.min_order_value
    strategic = bool(case.order.placed and case.order.placed.data.strategic)
    values = {"order_value": str(value), "min_order_value": str(least), "strategic": strategic}
    return Gate("material", strategic or value >= least, values)


def seen_live(case: OrderCase) -> Gate:
    """No decisive step was loaded from history."""
    loaded = [event.id for event in case.order.events if event.data.backfill and _decides(event)]
    return Gate("seen_live", not loaded, {"backfill_events": loaded})


_DECISIVE = tuple(
    f"tandem.{step}"
    for step in ("order.placed.", "order.confirmed.", "order.promise_", "order.line_", "delivery.")
)
_REBASING = ("qty", "requested_on")


def _decides(event: Event[Any]) -> bool:
    """Whether an event says what was promised, what stood in the way, or what became of it."""
    if isinstance(event.data, OrderChanged):
        return event.data.field in _REBASING and event.data.initiator == "customer"
    return event.type.startswith(_DECISIVE)


def delay_difficulty(case: OrderCase) -> Decimal:
    """Predicted days of delay, in full at `full_delay_days`; by severity where nobody predicted."""
    days = sum(block.raised.data.predicted_delay_days or 0 for block in case.beaten)
    if days:
        return min(Decimal(1), Decimal(days) / case.rules.full_delay_days)
    return max(_BY_SEVERITY[block.raised.data.severity] for block in case.beaten)
