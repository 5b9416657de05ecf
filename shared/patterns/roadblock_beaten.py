"""A roadblock threatened an order, and the original promise was kept all the same."""

from __future__ import annotations

from shared.patterns import gates
from shared.patterns.case import Finding, OrderCase
from shared.patterns.model import Gate
from shared.patterns.registry import pattern


@pattern
def roadblock_beaten(case: OrderCase) -> Finding:
    """Sales bought time or information; Operations resolved. First orders tell their own story."""
    checks = (
        Gate("not_a_first_order", case.is_first is not True, {"first_order": case.is_first}),
        gates.promise_kept(case),
        gates.no_slip(case),
        gates.roadblock(case),
        gates.material(case),
        gates.seen_live(case),
    )
    difficulty = gates.delay_difficulty(case) if case.beaten else gates.SMOOTH
    return Finding(checks, case.beaten, difficulty)
