"""From a finding to a win: whether it is joint, when it is final, what contradicts it, its score."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any

from shared.history.feedback import speaks_against
from shared.history.order import BAD_CAUSES
from shared.patterns.contributions import DEED, contributions
from shared.patterns.facts import evidence, facts
from shared.patterns.model import Gate, Side, Win
from shared.patterns.registry import patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.events.customers import FeedbackReceived
    from shared.events.envelope import Event
    from shared.patterns.case import Finding, OrderCase
    from shared.patterns.model import Contribution

_PLACES = Decimal("0.0001")
_PROOF = {
    "pod": Decimal(1),
    "receiving_advice": Decimal(1),
    "carrier": Decimal("0.8"),
    "estimated": Decimal("0.5"),
}
_ALARM = {"human": Decimal(1), "system": Decimal("0.7")}
_UNKNOWN = Decimal("0.5")  # a value or a rarity that nothing tells


def detect(case: OrderCase) -> list[Win]:
    """Every win and highlight that the patterns see in a case."""
    wins = (judge(name, case, pattern(case)) for name, pattern in patterns().items())
    return [win for win in wins if win is not None]


def promising(case: OrderCase) -> bool:
    """Whether any pattern's gates all let a case pass; a gate that looks at single events may be mistaken.

    For an order that is kept without its events: only when this is so they are needed.
    """
    return any(all(gate(case).passed for gate in pattern(case).gates) for pattern in patterns().values())


def judge(name: str, case: OrderCase, finding: Finding) -> Win | None:
    """Make the win of a finding: joint, a highlight of the side that acted, or nothing."""
    gates: list[Gate] = []
    for gate in finding.gates:
        verdict = gate(case)
        if not verdict.passed:
            return None
        gates.append(Gate(verdict.name, passed=True, values=verdict.values()))
    parts = contributions(case, finding)
    sides: dict[Side, list[Contribution]] = {
        side: [part for part in parts if part.side == side] for side in ("sales", "operations")
    }
    jointness = _jointness(sides, case.rules.contribution_cap)
    acted = [side for side in sides if _acted(sides[side], side, finding)]
    joint = jointness >= case.rules.joint_floor and _two_humans(sides, finding)
    if not acted:
        return None
    alone = None if joint else _who_acted(acted, sides)
    if not joint and alone is None:
        return None
    order, told = case.order, facts(case, finding)
    return Win(
        win_id=f"{name}:{order.order_id}",
        pattern=name,
        kind="joint" if joint else "highlight",
        side=alone,
        subject=f"order/{order.order_id}",
        customer_id=told["customer_id"],
        order_id=order.order_id,
        facts=told,
        sales=tuple(sides["sales"]),
        operations=tuple(sides["operations"]),
        jointness=jointness,
        score=_score(case, finding, jointness, told),
        gates=(*gates, _joint_gate(sides, jointness, joint=joint)),
        evidence=evidence(case, finding, parts),
        final_at=_final_at(case),
        pending=any(returned.assessed is None for returned in order.returns.values()),
        reason=_contradiction(case),
    )


def _jointness(sides: dict[Side, list[Contribution]], cap: Decimal) -> Decimal:
    """J = 2·min(s, o) / (s + o), each side's weights capped; 0 where nobody contributed."""
    s, o = (min(cap, sum((part.weight for part in sides[side]), Decimal(0))) for side in sides)
    if s + o == 0:
        return Decimal(0)
    return (2 * min(s, o) / (s + o)).quantize(_PLACES, ROUND_HALF_EVEN)


def _acted(parts: list[Contribution], side: Side, finding: Finding) -> bool:
    return bool(_deeds(parts, side, finding))


def _deeds(parts: list[Contribution], side: Side, finding: Finding) -> set[str]:
    """The people of a side who did what the pattern asks of it."""
    if finding.routine_is_enough:
        enough = ("order.placed",) if side == "sales" else ("order.confirmed", "delivery.delivered")
        return {part.person_id for part in parts if part.action in enough}
    return {part.person_id for part in parts if part.weight >= DEED}


def _two_humans(sides: dict[Side, list[Contribution]], finding: Finding) -> bool:
    sales, operations = (_deeds(parts, side, finding) for side, parts in sides.items())
    return bool(sales and operations) and len(sales | operations) > 1


def _who_acted(acted: list[Side], sides: dict[Side, list[Contribution]]) -> Side | None:
    """The one side that acted; of two, the one that did more; None where they did the same."""
    sums = sorted(((sum(part.weight for part in sides[side]), side) for side in acted), reverse=True)
    if len(sums) == 1 or sums[0][0] > sums[1][0]:
        return sums[0][1]
    return None


def _joint_gate(sides: dict[Side, list[Contribution]], jointness: Decimal, *, joint: bool) -> Gate:
    values: dict[str, Any] = {
        side: str(sum((part.weight for part in parts), Decimal(0))) for side, parts in sides.items()
    }
    return Gate("joint", joint, {**values, "jointness": str(jointness)})


def _final_at(case: OrderCase) -> datetime:
    """Midnight after the return window, the feedback window and the grace for late events."""
    rules = case.rules
    closed = case.closed_at.astimezone(rules.zone).date()
    dues = [line.first_commit for line in case.order.lines.values() if line.first_commit is not None]
    last = max(
        closed + timedelta(days=rules.return_window_days),
        closed + timedelta(days=rules.feedback_window_days),
        max(dues) + timedelta(days=rules.late_event_grace_days),
    )
    return datetime.combine(last + timedelta(days=1), time(), rules.zone)


def _contradiction(case: OrderCase) -> str | None:
    """The earliest thing that speaks against the win."""
    return min(_contradictions(case), default=(None, None))[1]


def _contradictions(case: OrderCase) -> Iterator[tuple[datetime, str]]:
    for return_id, returned in case.order.returns.items():
        if returned.assessed is not None and returned.assessed.data.cause in BAD_CAUSES:
            cause = returned.assessed.data.cause.replace("_", " ")
            yield returned.assessed.time, f"return {return_id} was assessed: {cause}"
    for cancelled in case.order.cancellations:
        yield cancelled.time, "the order was cancelled, in whole or in part"
    yield from _complaints([*case.order.feedback, *case.loose_feedback])


def _complaints(feedback: Sequence[Event[FeedbackReceived]]) -> Iterator[tuple[datetime, str]]:
    for event in feedback:
        data = event.data
        if speaks_against(data):
            said = "complained" if data.kind == "complaint" else f"scored {data.score:f} ({data.kind})"
            yield event.time, f"the customer {said}: {data.feedback_id}"


def _score(case: OrderCase, finding: Finding, jointness: Decimal, told: dict[str, Any]) -> Decimal:
    """100·√J·Q·(0.40·D + 0.35·V + 0.25·R).

    Q is the quality of the proof, D the difficulty, V the order's value, R the rarity: 0.5 where no
    months before tell how rare it is.
    """
    quality = _PROOF[told["evidence"]]
    quality *= min((_ALARM[block["detected_by"]] for block in told["roadblocks"]), default=Decimal(1))
    value = _UNKNOWN if case.order.value is None else case.order.value / case.rules.full_order_value
    if told["strategic"]:
        value = Decimal(1)
    weighed = (
        Decimal("0.40") * finding.difficulty
        + Decimal("0.35") * min(Decimal(1), value)
        + Decimal("0.25") * _UNKNOWN
    )
    return (100 * jointness.sqrt() * quality * weighed).quantize(_PLACES, ROUND_HALF_EVEN)
