"""A roadblock threatened an order, and the original promise was kept all the same."""

from __future__ import annotations

from shared.patterns import gates
from shared.patterns.case import Finding, OrderCase
from shared.patterns.registry import pattern


@pattern(premise=lambda case: bool(case.order.roadblocks))
def roadblock_beaten(case: OrderCase) -> Finding:
    """Sales bought time or information; Operations resolved. First orders tell their own story."""
    checks = (
        gates.not_a_first_order,
        gates.roadblock,
        gates.promise_kept,
        gates.no_slip,
        gates.material,
        gates.seen_live,
    )
    difficulty = gates.delay_difficulty(case) if case.beaten else gates.SMOOTH
    return Finding(checks, case.beaten, difficulty)
