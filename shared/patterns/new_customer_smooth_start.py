"""A new customer's first order came as promised, and nothing stood in the way."""

from __future__ import annotations

from shared.patterns import gates
from shared.patterns.case import Finding, OrderCase
from shared.patterns.registry import pattern


@pattern(premise=lambda case: case.is_first is True)
def new_customer_smooth_start(case: OrderCase) -> Finding:
    """The quiet variant of a first order: routine, well done on both sides, is the win."""
    checks = (
        gates.new_customer,
        gates.no_roadblock,
        gates.promise_kept,
        gates.no_slip,
        gates.material,
        gates.seen_live,
    )
    return Finding(checks, difficulty=gates.SMOOTH, routine_is_enough=True, registrations=case.registrations)
