"""What almost was a win: all its gates held but one, or all of them and it was not joint."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns.concluding import weigh
from shared.patterns.judging import make
from shared.patterns.model import Gate
from shared.patterns.registry import patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from shared.patterns.case import OrderCase
    from shared.patterns.claim import Case, Making
    from shared.patterns.model import Verdict
    from shared.patterns.registry import SubjectPattern
    from shared.periods import Period
    from shared.rules import Rules

Held = dict[tuple[str, str], set["Period"]]


class NearMiss(NamedTuple):
    """A subject that a pattern all but made a win of."""

    pattern: str
    about: str
    period: str | None
    customer_id: str | None
    day: date | None
    """When an order closed, or a period ended."""
    stopped: Gate
    held: tuple[Gate, ...]

    @property
    def subject(self) -> str:
        """What the win would be about, such as `customer/C-1/2026-03`."""
        return "/".join([self.about, *([self.period] if self.period else [])])

    @property
    def facts(self) -> dict[str, Any]:
        """None: nothing is told of it but where it was stopped."""
        return {}


def of_order(case: OrderCase) -> Iterator[NearMiss]:
    """Which patterns an order nearly fulfilled."""
    order = case.order
    day = case.closed_at.astimezone(case.rules.zone).date()
    for name, pattern in patterns().items():
        finding = pattern(case)
        gates = [partial(gate, case) for gate in finding.gates]
        if (stopped := _stopped(gates, partial(make, case, finding), case.rules)) is not None:
            yield NearMiss(name, f"order/{order.order_id}", None, order.customer_id, day, *stopped)


def of_subject(case: Case, found: Mapping[str, SubjectPattern], held: Held) -> Iterator[NearMiss]:
    """Which patterns a case nearly fulfilled; where one held already in a window that overlaps, none.

    `held` is what earlier periods of the subject left, and is added to.
    """
    for name, pattern in found.items():
        if (claim := pattern.claim(case)) is None:
            continue
        stopped = _stopped(claim.gates, claim.make, case.rules)
        if (period := case.period) is not None:
            before = {period.back(count) for count in range(1, pattern.apart)}
            if held.get((name, case.about), set()) & before:
                continue
            if stopped is None or stopped[0].name == "joint":
                held.setdefault((name, case.about), set()).add(period)
        if stopped is not None:
            told = period.name if period else None
            yield NearMiss(name, case.about, told, case.customer_id, case.ended_on, *stopped)


def _stopped(
    gates: Sequence[Callable[[], Verdict]], make: Callable[[], Making], rules: Rules
) -> tuple[Gate, tuple[Gate, ...]] | None:
    """The one gate that failed, which is no mere premise, and those that held; else None."""
    held: list[Gate] = []
    stopped: Gate | None = None
    for gate in gates:
        verdict = gate()
        if not verdict.passed and (verdict.premise or stopped is not None):
            return None
        told = Gate(verdict.name, verdict.passed, verdict.values())
        if verdict.passed:
            held.append(told)
        else:
            stopped = told
    return (stopped, tuple(held)) if stopped is not None else _not_joint(make(), rules, held)


def _not_joint(made: Making, rules: Rules, held: Sequence[Gate]) -> tuple[Gate, tuple[Gate, ...]] | None:
    """Where nobody did anything that is told of, there is nobody to ask for the other half."""
    weighed = weigh(made, rules)
    return None if weighed.joint or not weighed.acted or made.reason else (weighed.gate, tuple(held))
