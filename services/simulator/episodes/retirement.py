"""The plan of two quarters of a company, the second with far fewer premium incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.envelope import money
from services.simulator.episodes.peak import week
from services.simulator.episodes.scene import months_before
from services.simulator.episodes.supply import acted
from services.simulator.episodes.trading import customers, due_on, workdays
from services.simulator.lifecycle import intervention
from services.simulator.people import HAULIER, Person, someone
from services.simulator.plan import Step, Turn
from services.simulator.season import workday

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

_CAUSES = ("late_order_change", "late_order_change", "forecast_miss", "supply", "quality", "carrier")
_DISCIPLINE = (
    ("terms_changed", "sales", "Changes inside the frozen week now cost the customer a fee"),
    ("process_fix", "sales", "Call-offs are closed on Wednesday with every key account"),
    ("order_simplification", "customer_service", "One call-off a week instead of five"),
)
_CURED = (
    ("corrective_action", "quality", "Cause of the leak test failures removed"),
    ("process_fix", "planning", "Changeovers planned from the closed call-offs"),
    ("buffer_changed", "planning", "Stock of the three parts that were flown in most often"),
    ("process_fix", "production", "Second set of tools for the fittings line"),
)


@dataclass(slots=True)
class Quarter:
    """A quarter of the company: orders of four lines, of which some are late, changed or expedited."""

    orders: int
    late: int
    changes: int
    incidents: int
    legs: int = 1
    premium: bool = True
    logged: bool = True
    recharged: bool = False


@dataclass(slots=True)
class Retirement:
    """Two quarters that follow each other; a flaw changes one thing before it is told."""

    scene: Scene
    buyers: list[Customer]
    before: Quarter
    after: Quarter
    agreed: int = 2
    cured: int = 2
    by: Person | None = None
    twice: int = 0
    for_orders: bool = False
    """Whether what was done was done for single orders."""

    @property
    def first(self) -> date:
        """The first day of the first quarter."""
        start = self.scene.start
        return months_before(start, (start.month - 1) % 3)

    @property
    def second(self) -> date:
        """The first day of the second quarter."""
        return months_before(self.first, -3)

    def told(self, variant: str | None = None) -> Episode:
        """The episode, told of the second quarter."""
        for quarter, first in ((self.before, self.first), (self.after, self.second)):
            self._quarter(quarter, first)
        self._acted()
        for order in self._expedited()[: self.twice]:
            _log_again(order)
        name = f"{self.second.year}-Q{self.second.month // 3 + 1}"
        return self.scene.episode("quarter", (name,), variant)

    def _quarter(self, quarter: Quarter, first: date) -> None:
        """Orders due on the quarter's days, but for the first and the last, whose troubles might leave it."""
        days = workdays(first + timedelta(days=9), months_before(first, -3) - timedelta(days=6))
        step = len(days) / quarter.orders
        orders = [self._order(quarter, days[int(nth * step)], nth) for nth in range(quarter.orders)]
        for order in self.scene.dice.some(orders, quarter.changes):
            self._change(order)
        for order in self.scene.dice.some(orders, quarter.incidents):
            self._incident(quarter, order)

    def _order(self, quarter: Quarter, day: date, nth: int) -> Plan:
        late = (nth + 1) * quarter.late // quarter.orders - nth * quarter.late // quarter.orders
        (order,) = due_on(self.scene, self.buyers, day, 4, late)
        return order

    def _change(self, order: Plan) -> None:
        """The customer changes its mind about the unloading, inside the frozen fence."""
        data = {
            "line_id": order.lines[0].line_id, "field": "unloading_window", "old": "morning",
            "new": "afternoon", "inside_frozen_fence": True,
        }  # fmt: skip
        at = order.receipts[0].shipped_at - timedelta(hours=20)
        order.turns.append(Turn("order.changed", at, data, initiator="customer"))

    def _incident(self, quarter: Quarter, order: Plan) -> None:
        dice, currency = self.scene.dice, order.customer.site.currency
        cost = Decimal(dice.between(16, 24) * 25)
        for leg in range(quarter.legs if quarter.logged else 0):
            at = order.receipts[0].shipped_at - timedelta(hours=2 + leg)
            step = Step(at, "expedite", HAULIER, "Direct run", dice.pick(_CAUSES), quarter.premium, cost)
            order.turns.append(intervention(step, f"IV-{order.order_id[3:]}-{leg}", currency))
        self._invoice(order, cost * quarter.legs, recharged=quarter.recharged)

    def _invoice(self, order: Plan, freight: Decimal, *, recharged: bool) -> None:
        currency = order.customer.site.currency
        data = {
            "invoice_id": f"INV-{order.order_id[3:]}",
            "net_sales": money(order.value + (freight if recharged else 0), currency),
            "cost_of_goods": money(order.value * 6 / 10, currency),
            "premium_freight": money(freight, currency),
        }
        at = order.closed_at + timedelta(hours=20)
        order.turns.append(Turn("invoice.posted", at, data))

    def _acted(self) -> None:
        dice = self.scene.dice
        for what, times, by in ((_DISCIPLINE, self.agreed, None), (_CURED, self.cured, self.by)):
            for kind, department, words in dice.some(what, times):
                day = workday(self.second + timedelta(days=dice.between(2, 24)))
                person = by or someone(dice, department)
                acted(self.scene, self._about(day), day, kind, person, words)

    def _about(self, day: date) -> dict[str, str]:
        """What is done is done for a week, or for an order that is still to come."""
        if not self.for_orders:
            return {"week": week(day)}
        order = self.scene.dice.pick([each for each in self.scene.plans if each.due > day])
        return {"order_id": order.order_id, "customer_id": order.customer.customer_id}

    def _expedited(self) -> list[Plan]:
        """Orders of the second quarter with an incident."""
        return [
            order
            for order in self.scene.plans
            if order.due >= self.second and any(turn.kind == "intervention.recorded" for turn in order.turns)
        ]


def _log_again(order: Plan) -> None:
    """The incident is logged once more, for a run that never happened; that is retracted."""
    first = next(turn for turn in order.turns if turn.kind == "intervention.recorded")
    data = first.data | {"intervention_id": f"{first.data['intervention_id']}-again"}
    at = first.at + timedelta(hours=1)
    order.turns.append(Turn(first.kind, at, data, first.actor))
    gone = Turn("event.retracted", at + timedelta(days=1), {"reason": "Entered twice"}, source="erp")
    gone.corrects = (first.kind, 2)
    order.turns.append(gone)


def retirement(scene: Scene) -> Retirement:
    """A plan without a flaw."""
    dice = scene.dice
    orders = dice.between(36, 44)
    before = Quarter(orders, orders * 4 // 10, dice.between(14, 18), dice.between(25, 30))
    after = Quarter(orders, orders * 4 // 14, dice.between(3, 5), dice.between(5, 8))
    plan = Retirement(scene, customers(scene), before, after)
    plan.agreed, plan.cured = dice.between(2, 3), dice.between(2, 3)
    return plan
