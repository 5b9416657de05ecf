"""A company's ordinary orders, left to machines: so many lines due on a day, so many of them late."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.booking import least_lead
from services.simulator.customers import SITES
from services.simulator.episodes.supply import arriving
from services.simulator.people import EDI
from services.simulator.plan import Line, Plan
from services.simulator.season import ORGANISATION, clock, is_workday, workday, workday_before

if TYPE_CHECKING:
    from datetime import date

    from services.simulator.customers import Customer
    from services.simulator.dice import Dice
    from services.simulator.episodes.scene import Scene

_HOME = [site for site in SITES if site.zone == ORGANISATION]
_MOST_LINES = 4


def customers(scene: Scene, count: int = 6) -> list[Customer]:
    """Customers near by, in the organisation's own time zone, who all buy small parts of one family."""
    family = scene.dice.pick(("Seal kits", "Fittings", "Filters"))
    scene.products[:] = [scene.product(family) for _ in scene.products[:]]
    return [scene.customer(scene.dice.pick(_HOME)) for _ in range(count)]


def due_on(
    scene: Scene,
    buyers: list[Customer],
    day: date,
    lines: int,
    late: int = 0,
    late_by: int = 2,
    *,
    tiny: bool = False,
    discount: int = 0,
) -> list[Plan]:
    """Orders due on a day with so many lines; the last `late` of them come some days late."""
    orders = []
    while lines:
        count = min(lines, _MOST_LINES)
        lines -= count
        behind = max(0, late - lines)
        late -= behind
        orders.append(_order(scene, scene.dice.pick(buyers), day, count, tiny=tiny, discount=discount))
        if behind:
            _split(scene, orders[-1], behind, late_by)
    return orders


def _order(scene: Scene, customer: Customer, due: date, count: int, *, tiny: bool, discount: int) -> Plan:
    dice = scene.dice
    placed_on = workday_before(due, least_lead(customer) + dice.between(1, 6))
    order_id = scene.numbers.next(placed_on)
    lines = [_line(dice, customer, f"{order_id}/{n}", due, tiny, discount) for n in range(1, count + 1)]
    placed_at = clock(dice, placed_on, scene.zone, 8, 12)
    confirmed_at = placed_at + timedelta(hours=dice.between(2, 24))
    plan = Plan(order_id, customer, lines, placed_at, EDI, confirmed_at, None, None, invoiced=False)
    plan.receipts = [arriving(scene, plan, due, {line.line_id: line.qty for line in lines})]
    scene.plans.append(plan)
    return plan


def _line(dice: Dice, customer: Customer, line_id: str, due: date, tiny: bool, discount: int) -> Line:  # noqa: FBT001
    product = dice.pick(customer.assortment)
    price = product.price(dice) * (100 - discount) / 100
    qty = Decimal(1) if tiny else product.quantity(dice)
    return Line(line_id, product, qty, price, due, due)


def _split(scene: Scene, plan: Plan, behind: int, days: int) -> None:
    """So many lines of the order arrive some days after the rest."""
    (whole,) = plan.receipts
    names = list(whole.qty)
    day = workday(plan.due + timedelta(days=days))
    rest = arriving(scene, plan, day, {name: whole.qty[name] for name in names[-behind:]})
    first = {name: whole.qty[name] for name in names[:-behind]}
    plan.receipts = [*([replace(whole, qty=first)] if first else []), rest]


def workdays(first: date, last: date) -> list[date]:
    """The working days from the first day to the last."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if is_workday(day)]
