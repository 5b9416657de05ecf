"""Gates that patterns share."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.events.orders import OrderChanged
from shared.patterns.model import Verdict

if TYPE_CHECKING:
    from shared.events.envelope import Event
    from shared.history.outcomes import Basis
    from shared.patterns.case import OrderCase

_BY_SEVERITY = {"low": Decimal("0.1"), "medium": Decimal("0.3"), "high": Decimal("0.6")}
SMOOTH = Decimal("0.2")
"""The difficulty of an order on which nothing stood in the way."""


def new_customer(case: OrderCase) -> Verdict:
    """The first normal order of the root customer, and the history proves it."""
    known = case.is_first is False
    return Verdict("new_customer", case.is_first is True, lambda: _newness(case), premise=known)


def _newness(case: OrderCase) -> dict[str, Any]:
    account, placed = case.account, case.order.placed
    return {
        "first_order": case.is_first,
        "placed_at": placed.time.isoformat() if placed else None,
        "prior_order_at": case.prior_at.isoformat() if case.prior_at else None,
        "history_from": account.history_from.isoformat() if account and account.history_from else None,
        "first_won_at": account.first_won_at.isoformat() if account and account.first_won_at else None,
    }


def not_a_first_order(case: OrderCase) -> Verdict:
    """First orders tell a story of their own."""
    first = case.is_first is True
    return Verdict("not_a_first_order", not first, lambda: {"first_order": case.is_first}, premise=True)


def promise_kept(case: OrderCase, basis: Basis = "first_commit") -> Verdict:
    """Every line that counts was on time and in full on a basis."""
    scores = {line_id: of_line[basis].at(case.closed_at) for line_id, of_line in case.order.outcomes.items()}
    counting = [score for score in scores.values() if score.status != "excluded"]
    return Verdict(
        f"otif_{basis}",
        bool(counting) and all(score.otif for score in counting),
        lambda: {
            line_id: {"status": score.status, "on_time": score.on_time, "in_full": score.in_full}
            for line_id, score in scores.items()
        },
    )


def no_slip(case: OrderCase) -> Verdict:
    """We never moved the promise to a later day."""
    slips = case.order.slips
    return Verdict("no_promise_slip", slips == 0, lambda: {"promise_slips": slips})


def roadblock(case: OrderCase) -> Verdict:
    """At least one roadblock counts."""
    blocks = case.order.roadblocks.values()
    return Verdict(
        "roadblock_beaten",
        bool(case.beaten),
        lambda: {"roadblocks": [case.roadblock_values(block) for block in blocks]},
        premise=not blocks,
    )


def no_roadblock(case: OrderCase) -> Verdict:
    """No roadblock counts: there was nothing to beat."""
    blocks = case.order.roadblocks
    return Verdict("no_roadblock_beaten", not case.beaten, lambda: {"roadblocks": len(blocks)}, premise=True)


def material(case: OrderCase) -> Verdict:
    """Worth telling: of the least value, or strategic."""
    value, least = case.order.value or Decimal(0), case.rules.min_order_value
    strategic = bool(case.order.placed and case.order.placed.data.strategic)
    return Verdict(
        "material",
        strategic or value >= least,
        lambda: {"order_value": str(value), "min_order_value": str(least), "strategic": strategic},
    )


def seen_live(case: OrderCase) -> Verdict:
    """No decisive step was loaded from history."""
    loaded = [event.id for event in case.order.events if event.data.backfill and decides(event)]
    return Verdict("seen_live", not loaded, lambda: {"backfill_events": loaded})


_DECISIVE = tuple(
    f"tandem.{step}"
    for step in ("order.placed.", "order.confirmed.", "order.promise_", "order.line_", "delivery.")
)
_REBASING = ("qty", "requested_on")


def decides(event: Event[Any]) -> bool:
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
