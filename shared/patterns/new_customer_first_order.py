"""A new customer's first order came as promised, although something stood in the way."""

from __future__ import annotations

from shared.patterns import gates
from shared.patterns.case import Finding, OrderCase
from shared.patterns.registry import pattern


@pattern(premise=lambda case: case.is_first is True and bool(case.order.roadblocks))
def new_customer_first_order(case: OrderCase) -> Finding:
    """Sales won the customer and bought time; Operations cleared the roadblock."""
    checks = (
        gates.new_customer,
        gates.roadblock,
        gates.promise_kept,
        gates.no_slip,
        gates.material,
        gates.seen_live,
    )
    difficulty = gates.delay_difficulty(case) if case.beaten else gates.SMOOTH
    return Finding(checks, case.beaten, difficulty, registrations=case.registrations)
