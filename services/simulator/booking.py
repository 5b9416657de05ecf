"""An order on which everything goes to plan: the ground on which stories, wins and troubles are laid."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from services.simulator.people import EDI, HAULIER, Person, someone
from services.simulator.plan import Line, Plan, Receipt
from services.simulator.season import ORGANISATION, clock, workday, workday_before

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.dice import Dice

_CARRIERS = ("Rheinland Spedition", "Alpenexpress", "Norte Cargo", "Baltic Lines", "Blue Parcel")
_LINES = {1: 45, 2: 30, 3: 15, 4: 7, 5: 3}


def least_lead(customer: Customer) -> int:
    """The fewest calendar days from order to due day that leave time for everything."""
    return customer.site.transit_days + 13


def book(
    dice: Dice,
    customer: Customer,
    order_id: str,
    placed_on: date,
    due: date,
    *,
    by_people: bool = True,
    lines: int | None = None,
) -> Plan:
    """An order placed and due on these days, delivered in full on its due day or a little before.

    `by_people`: every step is done by somebody of ours; else many are left to machines and drivers.
    `lines`: so many of them, as far as the assortment goes; else as many as usual.
    """
    made = [
        Line(f"{order_id}/{n}", product, product.quantity(dice), product.price(dice), due, due)
        for n, product in enumerate(dice.some(customer.assortment, lines or dice.weighted(_LINES)), 1)
    ]
    placed_at = clock(dice, placed_on, ORGANISATION, 8, 15)
    confirmed_at = clock(dice, workday(placed_on + timedelta(days=dice.between(1, 2))), ORGANISATION)
    plan = Plan(
        order_id,
        customer,
        made,
        placed_at,
        _hand(dice, by_people, 0.55, EDI, "sales", "customer_service"),
        confirmed_at,
        _hand(dice, by_people, 0.6, None, "planning"),
        _hand(dice, by_people, 0.7, None, "logistics"),
    )
    early = dice.weighted({0: 60, 1: 25, 2: 15})
    plan.receipts.append(_receipt(dice, plan, workday_before(due, early), by_people=by_people))
    return plan


def _receipt(dice: Dice, plan: Plan, day: date, *, by_people: bool) -> Receipt:
    customer = plan.customer
    return Receipt(
        {line.line_id: line.qty for line in plan.lines},
        shipped(dice, plan, day),
        clock(dice, day, customer.site.zone, 8, 16),
        _hand(dice, by_people, 0.7, None, "warehouse"),
        _hand(dice, by_people, 0.15, HAULIER, "logistics"),
        evidence=dice.weighted({"pod": 70, "receiving_advice": 15, "carrier": 15}),
        carrier=dice.pick(_CARRIERS),
        documents_ok=True if dice.chance(0.9) else None,
    )


def shipped(dice: Dice, plan: Plan, arrives_on: date) -> datetime:
    """When goods that arrive on a day leave, but not before the order is confirmed."""
    left = workday_before(arrives_on, plan.customer.site.transit_days)
    at = clock(dice, left, ORGANISATION, 10, 16)
    return max(at, (plan.confirmed_at or plan.placed_at) + timedelta(hours=3))


def _hand(
    dice: Dice,
    by_people: bool,  # noqa: FBT001
    share: float,
    otherwise: Person | None,
    *departments: str,
) -> Person | None:
    return someone(dice, *departments) if by_people or dice.chance(share) else otherwise
