"""The plan of a product whose demand of one month is far above the usual, as Sales said in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

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
from services.simulator.people import BATCH, Person, someone
from services.simulator.season import workday

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan
    from services.simulator.products import Product

_KNOWN, _FORECAST, _TRADED, _SPIKE = 18, 8, 12, 3
"""Months of demand, of Sales' forecasts and of orders before the spike; the spike's month after the start."""


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
