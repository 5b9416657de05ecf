"""What is told of a product month by month: forecasts, demand, orders, stock, and who acted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import fsum
from typing import TYPE_CHECKING, Any

from services.simulator.booking import least_lead, shipped
from services.simulator.episodes.scene import month, months_before
from services.simulator.mishaps import part
from services.simulator.people import EDI, HAULIER, Person, someone
from services.simulator.plan import Line, Plan, Receipt
from services.simulator.season import clock, workday, workday_before

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.simulator.customers import Customer
    from services.simulator.envelope import Event
    from services.simulator.episodes.scene import Scene
    from services.simulator.products import Product

REASONS = (
    "Two plant shutdowns announced for that month", "Frame contract starts",
    "Distributor runs down its stock", "Customer brings its build forward",
    "Tender won, first call-off expected", "Service season begins",
    "Call-off plan of the largest account", "Project moved by the customer",
)  # fmt: skip
PREPARED = (
    ("buffer_changed", "planning", "Moved safety stock to where the plan expects demand"),
    ("capacity_added", "production", "Opened a second shift on the assembly bench"),
    ("stock_transfer", "logistics", "Brought stock over from the second depot"),
    ("alternative_source", "procurement", "Second foundry released for the castings"),
    ("reschedule", "planning", "Pulled two production orders forward"),
    ("overtime", "production", "Saturday shifts agreed ahead of the month"),
)
"""What Operations does to have it ready: the kind of intervention, who does it, in words."""


def published(
    scene: Scene,
    product: Product,
    period: date,
    step: str,
    qty: float,
    days_ahead: int,
    author: Person,
    reason: str | None = None,
    **more: Any,
) -> Event:
    """A version of the forecast of a month, made at least so many days before the month begins."""
    data = {
        "version_id": f"{scene.prefix}-V{len(scene.events) + 1}", "step": step, "period": month(period),
        "product_id": product.product_id, "qty": max(0, round(qty)), "reason": reason,
        "actor": author.wire("forecaster"), **more,
    }  # fmt: skip
    at = clock(scene.dice, workday_before(period, days_ahead), scene.zone)
    return scene.tell("forecast.published", at, f"product/{product.product_id}", data)


def wanted(scene: Scene, product: Product, period: date, qty: float, **where: Any) -> Event:
    """The demand of a month, recorded when it is over."""
    at = clock(scene.dice, workday(months_before(period, -1)), scene.zone)
    data = {"product_id": product.product_id, "period": month(period), "qty": round(qty), **where}
    return scene.tell("demand.recorded", at, f"product/{product.product_id}", data)


def counted(scene: Scene, product: Product, period: date, qty: float) -> Event:
    """The stock on the evening of the month's last working day."""
    at = clock(scene.dice, workday_before(months_before(period, -1), 1), scene.zone, 18, 19)
    data = {"product_id": product.product_id, "location": "Kassel", "qty": max(0, round(qty))}
    return scene.tell("stock.counted", at, f"product/{product.product_id}", data)


def acted(scene: Scene, about: dict[str, str], day: date, kind: str, person: Person, words: str) -> Event:
    """Somebody does something out of the ordinary `about` a product or a week."""
    (name, id_), *_ = about.items()
    number = sum(told["type"] == "tandem.intervention.recorded.v1" for told in scene.events) + 1
    data = {
        "intervention_id": f"IV-{scene.prefix}-{number}", "kind": kind, "description": words, **about,
        "actor": person.wire("performer"),
    }  # fmt: skip
    at = clock(scene.dice, workday(day), scene.zone)
    return scene.tell("intervention.recorded", at, f"{name.removesuffix('_id')}/{id_}", data)


def prepared(
    scene: Scene, product: Product, first: date, last: date, times: int, by: Person | None = None
) -> None:
    """Operations does so many things between two days to have the product ready."""
    for kind, department, words in scene.dice.some(PREPARED, times):
        day = first + timedelta(days=scene.dice.between(0, (last - first).days))
        person = by or someone(scene.dice, department)
        acted(scene, {"product_id": product.product_id}, day, kind, person, words)


def sold(
    scene: Scene,
    product: Product,
    customers: Sequence[Customer],
    period: date,
    qty: int,
    at_first: int = 100,
) -> list[Plan]:
    """The demand of a month in one order of each customer; see `bought`."""
    shares = _shares(scene, qty, len(customers))
    return [
        bought(scene, product, customer, share, some_day(scene, period), at_first)
        for customer, share in zip(customers, shares, strict=True)
        if share
    ]


def _shares(scene: Scene, qty: int, count: int) -> list[int]:
    weights = [scene.dice.share(0.7, 1.3) for _ in range(count)]
    shares = [int(qty * weight / fsum(weights)) for weight in weights]
    return [qty - sum(shares[1:]), *shares[1:]]


def some_day(scene: Scene, period: date) -> date:
    """A working day well inside the month."""
    return workday(period + timedelta(days=scene.dice.between(8, 19)))


def bought(
    scene: Scene,
    product: Product,
    customer: Customer,
    qty: int,
    due: date,
    at_first: int = 100,
    requested: date | None = None,
) -> Plan:
    """An order left to machines, on time and in full; `at_first`: the percent of its first shipment."""
    dice = scene.dice
    placed_on = workday_before(min(due, requested or due), least_lead(customer) + dice.between(1, 6))
    order_id = scene.numbers.next(placed_on)
    placed_at = clock(dice, placed_on, scene.zone, 8, 12)
    line = Line(f"{order_id}/1", product, Decimal(qty), product.price(dice), requested or due, due)
    confirmed_at = placed_at + timedelta(hours=dice.between(2, 24))
    plan = Plan(order_id, customer, [line], placed_at, EDI, confirmed_at, None, None, invoiced=False)
    first = part(line.qty, at_first)
    plan.receipts = [arriving(scene, plan, due, {line.line_id: line.qty})]
    if first < line.qty:
        early = arriving(scene, plan, workday_before(due, dice.between(3, 5)), {line.line_id: first})
        plan.receipts = [early, replace(plan.receipts[0], qty={line.line_id: line.qty - first})]
    scene.plans.append(plan)
    return plan


def arriving(scene: Scene, plan: Plan, day: date, qty: dict[str, Decimal]) -> Receipt:
    """A shipment that is accepted on a day."""
    at: datetime = clock(scene.dice, day, plan.customer.site.zone, 8, 16)
    left = min(shipped(scene.dice, plan, day), at - timedelta(hours=2))
    return Receipt(qty, left, at, None, HAULIER, documents_ok=None, planned=False)
