"""From what a win is made of to the win: whether it is joint, a highlight of one side, or nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.events.deliveries import ASKED
from shared.patterns.contributions import DEED
from shared.patterns.model import Gate, Side, Win
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from shared.patterns.claim import Making
    from shared.patterns.model import Contribution, Verdict
    from shared.periods import Period
    from shared.rules import Rules

    Sides = dict[Side, list[Contribution]]

QUALITY = threshold(
    "asked.quality",
    "0.6",
    "share of a proof by events",
    "what a side tells of itself, once asked, is no record",
)
RARITY = Decimal("0.25")
"""What rarity weighs in a score."""
_PLACES = Decimal("0.0001")


class Weighed(NamedTuple):
    """The contributions of each side, how evenly they are spread, and what follows."""

    sides: Sides
    jointness: Decimal
    joint: bool
    alone: Side | None
    """The one side that acted, where it is not joint."""
    acted: tuple[Side, ...]
    """The sides of which someone did what the pattern asks: two different people must have."""
    cap: Decimal
    """As much of a side's sum counts."""

    @property
    def gate(self) -> Gate:
        """The last gate of every pattern."""
        values: dict[str, Any] = {
            side: str(sum((part.weight for part in parts), Decimal(0))) for side, parts in self.sides.items()
        }
        told = {"most": str(self.cap), "jointness": str(self.jointness), "acted": list(self.acted)}
        return Gate("joint", self.joint, {**values, **told})


def passed(gates: Iterable[Callable[[], Verdict]]) -> tuple[Gate, ...] | None:
    """The gates with the values they were judged by; None as soon as one fails."""
    held: list[Gate] = []
    for gate in gates:
        verdict = gate()
        if not verdict.passed:
            return None
        held.append(Gate(verdict.name, passed=True, values=verdict.values()))
    return tuple(held)


def conclude(
    name: str,
    about: str,
    period: Period | None,
    gates: Sequence[Gate],
    made: Making,
    rules: Rules,
    customer_id: str | None,
) -> Win | None:
    """A joint win, a highlight of the side that acted, or nothing."""
    sides, jointness, joint, alone, *_ = weighed = weigh(made, rules)
    if not joint and alone is None:
        return None
    if _rests_on_answers(sides):
        made = replace(made, quality=min(made.quality, QUALITY.of(rules)))
    kind, _, key = about.partition("/")
    named = [period.name] if period else []
    return Win(
        win_id=":".join([name, *([key] if key else []), *named]),
        pattern=name,
        kind="joint" if joint else "highlight",
        side=alone,
        subject="/".join([about, *named]),
        about=about,
        ends_on=period.end if period else None,
        customer_id=customer_id,
        order_id=key if kind == "order" else None,
        facts=made.facts,
        sales=tuple(sides["sales"]),
        operations=tuple(sides["operations"]),
        jointness=jointness,
        score=_score(made, jointness),
        gates=(*gates, weighed.gate),
        evidence=made.evidence,
        final_at=made.final_at,
        pending=made.pending,
        reason=made.reason,
        quality=made.quality,
        rarity=made.rarity,
        ceiling=made.ceiling,
    )


def weigh(made: Making, rules: Rules) -> Weighed:
    """Who contributed, and whether that makes it joint."""
    sides: Sides = {
        side: [part for part in made.parts if part.side == side] for side in ("sales", "operations")
    }
    jointness = _jointness(sides, rules.contribution_cap)
    joint = jointness >= rules.joint_floor and _two_humans(sides, made)
    acted = tuple(side for side in sides if _deeds(sides[side], side, made))
    alone = None if joint else _who_acted(acted, sides)
    return Weighed(sides, jointness, joint, alone, acted, rules.contribution_cap)


def _jointness(sides: Sides, cap: Decimal) -> Decimal:
    """J = 2·min(s, o) / (s + o), each side's weights capped; 0 where nobody contributed."""
    s, o = (min(cap, sum((part.weight for part in sides[side]), Decimal(0))) for side in sides)
    if s + o == 0:
        return Decimal(0)
    return (2 * min(s, o) / (s + o)).quantize(_PLACES, ROUND_HALF_EVEN)


def _deeds(parts: list[Contribution], side: Side, made: Making) -> set[str]:
    """The people of a side who did what the pattern asks of it."""
    if made.enough is not None:
        enough = made.enough[0 if side == "sales" else 1]
        return {part.person_id for part in parts if part.action in enough}
    return {part.person_id for part in parts if part.weight >= DEED}


def _two_humans(sides: Sides, made: Making) -> bool:
    sales, operations = (_deeds(parts, side, made) for side, parts in sides.items())
    return bool(sales and operations) and len(sales | operations) > 1


def _who_acted(acted: Sequence[Side], sides: Sides) -> Side | None:
    """The one side that acted; of two, the one that did more; None where they did the same, or nobody."""
    sums = sorted(((sum(part.weight for part in sides[side]), side) for side in acted), reverse=True)
    if len(sums) == 1 or (sums and sums[0][0] > sums[1][0]):
        return sums[0][1]
    return None


def _rests_on_answers(sides: Sides) -> bool:
    """Whether all that a side did out of the ordinary is what it said when it was asked."""
    deeds = [[part for part in parts if part.weight >= DEED] for parts in sides.values()]
    return any(own and all(part.event.source == ASKED for part in own) for own in deeds)


def _score(made: Making, jointness: Decimal) -> Decimal:
    """100·√J·Q·(0.40·D + 0.35·V + 0.25·R): quality of the proof, difficulty, value, rarity."""
    weighed = Decimal("0.40") * made.difficulty + Decimal("0.35") * made.value + RARITY * made.rarity
    score = 100 * jointness.sqrt() * made.quality * weighed
    return min(made.ceiling, score).quantize(_PLACES, ROUND_HALF_EVEN)
