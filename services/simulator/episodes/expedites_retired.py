"""Plants and traps of `expedites_retired`: far fewer premium incidents than in the quarter before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.envelope import money
from services.simulator.episodes.peak_week_carried import week
from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import months_before
from services.simulator.episodes.supply import acted
from services.simulator.episodes.trading import customers, due_on, workdays
from services.simulator.lifecycle import intervention
from services.simulator.people import ALLOCATION, HAULIER, Person, someone
from services.simulator.plan import Step, Turn
from services.simulator.season import workday

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

PATTERN = "expedites_retired"
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
_VARIANTS = {"plain": 45, "more_volume": 20, "several_legs_before": 20, "logged_twice": 15}


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
                acted(self.scene, {"week": week(day)}, day, kind, person, words)

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
    plan.agreed, plan.cured = dice.between(1, 3), dice.between(2, 3)
    return plan


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A quarter with far fewer incidents, in one of several settings."""
    plan, variant = retirement(scene), scene.dice.weighted(_VARIANTS)
    match variant:
        case "more_volume":
            plan.after.orders = plan.after.orders * 13 // 10
        case "several_legs_before":
            plan.before.legs = 2
        case "logged_twice":
            plan.twice = 2
    return plan.told(variant)


@trap(PATTERN)
def fewer_but_not_enough(scene: Scene) -> Episode:
    """A dozen incidents fewer are a fifth of what there were."""
    plan = retirement(scene)
    plan.before.orders = plan.after.orders = 70
    plan.before.late, plan.after.late = 28, 20
    plan.before.incidents, plan.after.incidents = 60, 48
    return plan.told()


@trap(PATTERN)
def too_few_to_tell(scene: Scene) -> Episode:
    """From a handful to fewer."""
    plan = retirement(scene)
    plan.before.incidents, plan.after.incidents = scene.dice.between(7, 9), 2
    return plan.told()


@trap(PATTERN)
def volume_fell(scene: Scene) -> Episode:
    """A third of the orders, and of the incidents."""
    plan = retirement(scene)
    plan.after.orders, plan.after.incidents = plan.before.orders // 3, plan.before.incidents // 3
    plan.after.late, plan.after.changes = plan.before.late * 2 // 9, plan.before.changes // 5
    return plan.told()


@trap(PATTERN)
def reclassified(scene: Scene) -> Episode:
    """As many express runs as before; they are no longer called premium."""
    plan = retirement(scene)
    plan.after.incidents, plan.after.premium = plan.before.incidents, False
    return plan.told()


@trap(PATTERN)
def unlogged_favours(scene: Scene) -> Episode:
    """As much premium freight on the invoices as before, and hardly an incident in the log."""
    plan = retirement(scene)
    plan.after.incidents, plan.after.logged = plan.before.incidents, False
    return plan.told()


@trap(PATTERN)
def freight_recharged(scene: Scene) -> Episode:
    """Customers pay for the express runs, which nobody logs any more."""
    plan = retirement(scene)
    plan.after.incidents = plan.before.incidents
    plan.after.logged, plan.after.recharged = False, True
    return plan.told()


@trap(PATTERN)
def fewer_legs(scene: Scene) -> Episode:
    """As many orders are expedited; before, each took three legs."""
    plan = retirement(scene)
    plan.before.incidents = plan.after.incidents = scene.dice.between(9, 11)
    plan.before.legs = 3
    return plan.told()


@trap(PATTERN)
def more_late_changes(scene: Scene) -> Episode:
    """Customers change more inside the frozen fence than before."""
    plan = retirement(scene)
    plan.before.changes, plan.after.changes = plan.after.changes, plan.before.changes
    return plan.told()


@trap(PATTERN)
def service_fell(scene: Scene) -> Episode:
    """Nothing is expedited any more, and a quarter of the lines comes late."""
    plan = retirement(scene)
    plan.after.late = plan.after.orders
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_sales(scene: Scene) -> Episode:
    """Operations cured the causes alone."""
    plan = retirement(scene)
    plan.agreed = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """Sales agreed new terms, and nobody in Operations did anything."""
    plan = retirement(scene)
    plan.cured = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system took care of the causes by itself."""
    plan = retirement(scene)
    plan.by = ALLOCATION
    return plan.told()
