"""Roadblocks on an order, and the people who clear them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.obstacles import OBSTACLES, PREMIUM, Obstacle, Remedy
from services.simulator.people import TRACKING, Person, someone
from services.simulator.plan import Plan, Roadblock, Step
from services.simulator.season import moment, start_of

if TYPE_CHECKING:
    from datetime import datetime

    from services.simulator.dice import Dice

OPERATIONS = ("planning", "production", "logistics", "warehouse", "quality", "procurement", "operations")
SALES = ("sales", "customer_service")
_SHORTEST = timedelta(hours=2)


def block(
    dice: Dice, plan: Plan, *, operations: int = 0, sales: int = 0, obstacle: Obstacle | None = None
) -> Roadblock:
    """A roadblock cleared before the due day, with so many interventions of each side.

    Each side that acts also has one person in the resolution: a resolver, a communicator.
    """
    obstacle = obstacle or dice.pick(OBSTACLES)
    first, last = _window(plan, obstacle)
    raised_at = moment(dice, first, first + (last - first) * 2 / 5)
    resolved_at = moment(dice, max(raised_at + _SHORTEST, first + (last - first) * 3 / 5), last)
    days = dice.between(2, 7)
    remedies = dice.some(obstacle.operations, operations) + dice.some(obstacle.sales, sales)
    during = (raised_at + timedelta(minutes=20), resolved_at - timedelta(minutes=20))
    steps = [_step(dice, plan, obstacle.cause, remedy, during) for remedy in remedies]
    steps.sort(key=lambda step: step.at)
    found = Roadblock(
        obstacle.category,
        raised_at,
        resolved_at,
        someone(dice, *OPERATIONS, *SALES) if dice.chance(0.75) else TRACKING,
        _words(dice.pick(obstacle.descriptions), plan, days),
        "; ".join(step.description for step in steps) or "Solved within the team",
        days,
        "high" if dice.chance(0.6) else "medium",
        resolvers=_resolvers(dice, steps, operations, sales),
        steps=steps,
    )
    plan.roadblocks.append(found)
    return found


def _window(plan: Plan, obstacle: Obstacle) -> tuple[datetime, datetime]:
    """From when to when such a roadblock may stand, resolved well before the day of arrival begins."""
    leaves = plan.receipts[0].shipped_at
    assert plan.confirmed_at
    if obstacle.on_the_way:
        due = start_of(plan.receipts[0].at.date(), plan.customer.site.zone)
        first = min(leaves + timedelta(hours=1), due - timedelta(hours=20))
        return first, due.astimezone(first.tzinfo) - timedelta(hours=5)
    first = max(plan.confirmed_at + timedelta(hours=2), leaves - timedelta(days=6))
    return first, leaves - timedelta(hours=1)


def _step(
    dice: Dice, plan: Plan, cause: str | None, remedy: Remedy, during: tuple[datetime, datetime]
) -> Step:
    kind, department, text = remedy
    at = moment(dice, *during)
    premium = kind in PREMIUM
    cost = Decimal(dice.between(9, 160) * 10) if premium else None
    words = _words(text, plan, 0)
    return Step(at, kind, someone(dice, department), words, cause, premium, cost)


def _words(text: str, plan: Plan, days: int) -> str:
    return text.format(product=plan.lines[0].product.name, days=days)


def _resolvers(dice: Dice, steps: list[Step], operations: int, sales: int) -> list[tuple[Person, str]]:
    people: list[tuple[Person, str]] = []
    if operations:
        ours = [step.person for step in steps if step.person.department in OPERATIONS]
        people.append((dice.pick(ours), "resolver"))
    if sales:
        ours = [step.person for step in steps if step.person.department not in OPERATIONS]
        people.append((dice.pick(ours), "communicator"))
    return people
