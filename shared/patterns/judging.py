"""From a finding about an order to a win: when it is final, what contradicts it, how it scores."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from shared.patterns.claim import HALF, Making
from shared.patterns.concluding import conclude, passed
from shared.patterns.contradictions import first_against
from shared.patterns.contributions import contributions
from shared.patterns.facts import evidence, facts
from shared.patterns.finality import settled_at
from shared.patterns.registry import possible

if TYPE_CHECKING:
    from datetime import datetime

    from shared.patterns.case import Finding, OrderCase
    from shared.patterns.model import Win

_PROOF = {
    "pod": Decimal(1),
    "receiving_advice": Decimal(1),
    "carrier": Decimal("0.8"),
    "estimated": Decimal("0.5"),
}
_ALARM = {"human": Decimal(1), "system": Decimal("0.7")}
_ROUTINE_STEPS = (("order.placed",), ("order.confirmed", "delivery.delivered"))


def detect(case: OrderCase) -> list[Win]:
    """Every win and highlight that the patterns see in a case."""
    wins = (judge(name, case, pattern(case)) for name, pattern in possible(case))
    return [win for win in wins if win is not None]


def promising(case: OrderCase) -> bool:
    """Whether any pattern's gates all let a case pass; a gate that looks at single events may be mistaken.

    For an order that is kept without its events: only when this is so they are needed.
    """
    return any(all(gate(case).passed for gate in pattern(case).gates) for _, pattern in possible(case))


def judge(name: str, case: OrderCase, finding: Finding) -> Win | None:
    """Make the win of a finding: joint, a highlight of the side that acted, or nothing."""
    if (gates := passed(partial(gate, case) for gate in finding.gates)) is None:
        return None
    made = make(case, finding)
    about = f"order/{case.order.order_id}"
    return conclude(name, about, None, gates, made, case.rules, made.facts["customer_id"])


def make(case: OrderCase, finding: Finding) -> Making:
    """What the win of a finding is made of."""
    parts, told = contributions(case, finding), facts(case, finding)
    value = HALF if case.order.value is None else case.order.value / case.rules.full_order_value
    alarms = (_ALARM[block["detected_by"]] for block in told["roadblocks"])
    made = Making(
        parts=tuple(parts),
        facts=told,
        evidence=evidence(case, finding, parts),
        final_at=_final_at(case),
        difficulty=finding.difficulty,
        value=Decimal(1) if told["strategic"] else min(Decimal(1), value),
        quality=_PROOF[told["evidence"]] * min(alarms, default=Decimal(1)),
        pending=any(returned.assessed is None for returned in case.order.returns.values()),
        reason=first_against([case.order], case.loose_feedback),
        enough=_ROUTINE_STEPS if finding.routine_is_enough else None,
    )
    return finding.refine(made)


def _final_at(case: OrderCase) -> datetime:
    dues = [line.first_commit for line in case.order.lines.values() if line.first_commit is not None]
    return settled_at(case.rules, case.closed_at, max(dues))
