"""Plants and traps of `heads_up_served`: Sales warns of a spike a lead time ahead, and it is served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import month, months_before
from services.simulator.episodes.supply import (
    REASONS,
    acted,
    arriving,
    prepared,
    published,
    sold,
    wanted,
)
from services.simulator.people import ALLOCATION, BATCH, Person, someone
from services.simulator.season import workday

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan
    from services.simulator.products import Product

PATTERN = "heads_up_served"
_KNOWN, _FORECAST, _TRADED, _SPIKE = 18, 8, 12, 3
"""Months of demand, of Sales' forecasts and of orders before the spike; the spike's month after the start."""
_VARIANTS = {"plain": 45, "two_lead_times_ahead": 20, "orders_only": 15, "sales_called_too": 20}


@dataclass(slots=True)
class Spike:
    """A product whose demand of one month is far above the usual; a flaw changes one thing before it is told.

    `lead` and `ahead` are days: the product's lead time, and from a forecast or the revision to its month.
    """

    scene: Scene
    product: Product
    customers: list[Customer]
    mean: float
    lead: int
    usually_ahead: int
    ahead: int
    author: Person
    revised: float
    actual: float
    step: str = "sales"
    reason: bool = True
    usual_bias: float = 0.0
    steps: int = 1
    by: Person | None = None
    acted_before: bool = False
    called: bool = False
    recorded: bool = True
    late: int = 0
    already_planned: bool = False
    recorded_on: date | None = None

    @property
    def peak(self) -> date:
        """The month of the spike."""
        return months_before(self.scene.start, -_SPIKE)

    @property
    def told_on(self) -> date:
        """About the day of the revision."""
        return self.peak - timedelta(days=self.ahead)

    def told(self, variant: str | None = None) -> Episode:
        """The episode; the win is that of the spike's month."""
        for nth in range(1, _KNOWN + 1):
            self._usual(nth)
        self._forecast()
        self._sold()
        if self.called:
            self._call()
        first, last = self.told_on + timedelta(days=3), self.peak - timedelta(days=5)
        if self.acted_before:
            first, last = self.told_on - timedelta(days=30), self.told_on - timedelta(days=9)
        prepared(self.scene, self.product, first, last, self.steps, self.by)
        return self.scene.episode(f"product/{self.product.product_id}", (month(self.peak),), variant)

    def _usual(self, nth: int) -> None:
        """The nth month before the spike, in which nothing happens."""
        period, dice = months_before(self.peak, nth), self.scene.dice
        qty = self.mean * dice.share(0.94, 1.06)
        if nth <= _FORECAST:
            said = qty * (1 + self.usual_bias + dice.share(-0.04, 0.04))
            published(self.scene, self.product, period, "sales", said, self.usually_ahead, self.author)
        if nth <= _TRADED:
            orders = sold(self.scene, self.product, self.customers[:2], period, round(qty))
            if nth in {4, 9}:
                self._delay(orders[:1], 2)
        if self.recorded:
            wanted(self.scene, self.product, period, qty)

    def _forecast(self) -> None:
        """The month of the spike: said to be as usual at first, then revised."""
        scene, ahead = self.scene, max(self.ahead, self.usually_ahead) + self.scene.dice.between(24, 32)
        how = (scene, self.product, self.peak)
        published(*how, "statistical", self.mean, ahead, BATCH)
        published(*how, "sales", self.mean, ahead, self.author)
        if self.already_planned:
            planner = someone(scene.dice, "planning")
            words = "Promotion of the central plan"
            published(*how, "consensus", self.revised, self.ahead + 12, planner, words)
        reason = scene.dice.pick(REASONS) if self.reason else None
        author = self.author if self.step == "sales" else BATCH
        told = published(*how, self.step, self.revised, self.ahead, author, reason)
        if self.recorded_on:
            told["data"]["recorded_at"] = f"{self.recorded_on}T08:00:00+00:00"

    def _sold(self) -> None:
        orders = [
            order
            for share in (0.3, 0.3, 0.4)
            for order in sold(self.scene, self.product, self.customers, self.peak, round(self.actual * share))
        ]
        self._delay(orders[: self.late], 3)
        if self.recorded:
            wanted(self.scene, self.product, self.peak, self.actual)

    def _delay(self, orders: list[Plan], days: int) -> None:
        for order in orders:
            day = workday(order.due + timedelta(days=days))
            order.receipts = [arriving(self.scene, order, day, order.receipts[0].qty)]

    def _call(self) -> None:
        person = someone(self.scene.dice, "sales", "customer_service")
        about = {"product_id": self.product.product_id}
        day = self.told_on + timedelta(days=2)
        acted(self.scene, about, day, "heads_up", person, "Went through the call-offs with planning")


def spike(scene: Scene, least_lead: int = 14) -> Spike:
    """A plan without a flaw; the product's lead time is so many days at least."""
    dice = scene.dice
    mean, lead = dice.between(300, 3000), dice.between(least_lead, 40)
    product = scene.product(lead_time_days=lead)
    customers = [scene.customer() for _ in range(3)]
    revised = mean * dice.share(1.45, 2.0)
    actual = revised * dice.share(0.93, 1.07)
    ahead = max(lead, 30) + dice.between(8, 16)
    author = someone(dice, "sales")
    return Spike(scene, product, customers, mean, lead, ahead, ahead, author, revised, actual)


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A spike foreseen and served, in one of several settings."""
    plan, variant = spike(scene), scene.dice.weighted(_VARIANTS)
    plan.steps = scene.dice.between(1, 2)
    match variant:
        case "two_lead_times_ahead":
            plan.ahead = 2 * plan.lead + 35
        case "orders_only":
            plan.recorded = False
        case "sales_called_too":
            plan.called, plan.steps = True, 3
    return plan.told(variant)


@trap(PATTERN)
def too_small_a_revision(scene: Scene) -> Episode:
    """Hardly more than usual was foreseen, and came."""
    plan = spike(scene)
    plan.revised = plan.mean * scene.dice.share(1.08, 1.13)
    plan.actual = plan.revised * scene.dice.share(0.98, 1.02)
    return plan.told()


@trap(PATTERN)
def spike_never_came(scene: Scene) -> Episode:
    """Demand was as usual in the end."""
    plan = spike(scene)
    plan.actual = plan.mean * scene.dice.share(0.95, 1.05)
    return plan.told()


@trap(PATTERN)
def far_more_came(scene: Scene) -> Episode:
    """Demand went far beyond what Sales foresaw."""
    plan = spike(scene)
    plan.actual = plan.revised * scene.dice.share(1.3, 1.5)
    return plan.told()


@trap(PATTERN)
def too_late(scene: Scene) -> Episode:
    """The revision came well inside the lead time."""
    plan = spike(scene, least_lead=32)
    plan.ahead = scene.dice.between(9, 14)
    return plan.told()


@trap(PATTERN)
def entered_afterwards(scene: Scene) -> Episode:
    """The revision bears an early date and was recorded when the month had begun or was over."""
    plan = spike(scene)
    plan.recorded_on = plan.peak + timedelta(days=scene.dice.between(10, 40))
    return plan.told()


@trap(PATTERN)
def hedging(scene: Scene) -> Episode:
    """Sales has been asking for a quarter too much for months."""
    plan = spike(scene)
    plan.usual_bias = scene.dice.share(0.22, 0.3)
    return plan.told()


@trap(PATTERN)
def planned_centrally(scene: Scene) -> Episode:
    """The promotion stood in the consensus plan before Sales repeated it."""
    plan = spike(scene)
    plan.already_planned = True
    return plan.told()


@trap(PATTERN)
def statistics_saw_it(scene: Scene) -> Episode:
    """Not Sales but the statistical forecast was revised."""
    plan = spike(scene)
    plan.step = "statistical"
    return plan.told()


@trap(PATTERN)
def service_fell(scene: Scene) -> Episode:
    """A good third of the orders came late."""
    plan = spike(scene)
    plan.late = scene.dice.between(3, 4)
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """The stock was there, and nobody in Operations did anything for it."""
    plan = spike(scene)
    plan.steps = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def acted_before_the_warning(scene: Scene) -> Episode:
    """What Operations did it had done before Sales said anything."""
    plan = spike(scene)
    plan.acted_before = True
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system answered by itself."""
    plan = spike(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def no_reason_given(scene: Scene) -> Episode:
    """Sales' revision comes without a reason."""
    plan = spike(scene)
    plan.reason = False
    return plan.told()
