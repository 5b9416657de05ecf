"""The plan of a product whose forecast may fill the shelf; a flaw changes one thing before it is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.simulator.episodes.scene import months_before, months_from
from services.simulator.episodes.supply import REASONS, bought, prepared, published, sold, some_day, wanted
from services.simulator.people import BATCH, Person, someone
from services.simulator.plan import Turn

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from services.simulator.customers import Customer
    from services.simulator.dice import Dice
    from services.simulator.envelope import Event
    from services.simulator.episodes.model import Claim, Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.products import Product

WINDOW, HISTORY, COMPARED = 6, 24, 6
"""Months in which Sales sees it coming, in which demand is known before, and of orders before."""
_SIDES, _SIZES = (1, 1, -1, -1, 1, -1), (0.2, 0.35, 0.5)
"""Demand of the six months off the mean: no two alike, so that no month before foretells one."""
_CONSENSUS_AHEAD = 36
By = dict[int, float]
"""Quantities by month, 0 being the first of the six."""


@dataclass(slots=True)
class Shelf:
    """Sales' forecasts of six months come true and the goods are there, after months of neither.

    `ordered` is what customers ordered, `heard` the unconstrained demand where the source has it; `unrest`
    scales how far demand moves off its `mean`; `at_first` is the percent of orders in the first shipment.
    """

    scene: Scene
    product: Product
    customers: list[Customer]
    mean: float
    unrest: float
    ordered: By
    heard: By
    statistical: By
    sales: By
    author: Person
    days_ahead: int
    reasons: tuple[str, ...] = REASONS
    revised: By = field(default_factory=dict)
    consensus: By = field(default_factory=dict)
    at_first_before: int = 87
    at_first: int = 100
    steps: int = 2
    by: Person | None = None
    places: dict[str, float] = field(default_factory=dict)
    recorded_after: bool = False
    mistyped: int | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def month(self, nth: int) -> date:
        """The first day of the nth month."""
        return months_before(self.scene.start, -nth)

    def around(self, deviation: float) -> float:
        """A quantity at the mean, off by so much of the unrest at most; of months without a story."""
        return self.mean * (1 + self.unrest * self.scene.dice.share(-deviation, deviation))

    def told(self, variant: str | None = None, also: tuple[Claim, ...] = ()) -> Episode:
        """The episode; five good months of six may be enough."""
        for nth in sorted(self.statistical):
            self._versions(nth)
        for nth in sorted(self.heard):
            wanted(self.scene, self.product, self.month(nth), self.heard[nth])
        for nth in sorted(self.ordered):
            at_first = self.at_first if nth >= 0 else self.at_first_before
            sold(
                self.scene, self.product, self.customers, self.month(nth), round(self.ordered[nth]), at_first
            )
        first = self.scene.start + timedelta(days=3)
        prepared(self.scene, self.product, first, first + timedelta(days=110), self.steps, self.by)
        periods = months_from(self.month(WINDOW - 2), self.month(WINDOW - 1))
        return self.scene.episode(f"product/{self.product.product_id}", periods, variant, also)

    def _versions(self, nth: int) -> None:
        self._version(nth, "statistical", self.statistical[nth], 55, BATCH)
        if nth in self.sales:
            for told in self._version(nth, "sales", self.sales[nth], self.days_ahead, self.author):
                told["data"] |= self.more
                if self.recorded_after:
                    told["data"]["recorded_at"] = self._after(nth)
                if self.mistyped == nth:
                    self._mistyped(told)
        if nth in self.revised:
            self._version(nth, "sales", self.revised[nth], self.scene.dice.between(2, 8), self.author)
        if nth in self.consensus:
            planner = someone(self.scene.dice, "planning")
            self._version(nth, "consensus", self.consensus[nth], _CONSENSUS_AHEAD, planner)

    def _version(self, nth: int, step: str, qty: float, days_ahead: int, author: Person) -> list[Event]:
        """One version, or one for each place."""
        reason = self.scene.dice.pick(self.reasons) if step == "sales" and nth >= 0 and self.reasons else None
        how = (step, qty, days_ahead, author, reason)
        if not self.places:
            return [published(self.scene, self.product, self.month(nth), *how)]
        return [
            published(self.scene, self.product, self.month(nth), step, qty * share, *how[2:], location=place)
            for place, share in self.places.items()
        ]

    def _mistyped(self, right: Event) -> None:
        """An hour before, the same version said ten times as much."""
        data = right["data"] | {"qty": right["data"]["qty"] * 10}
        at = datetime.fromisoformat(right["time"]) - timedelta(hours=1)
        wrong = self.scene.tell("forecast.published", at, right["subject"], data)
        right["data"]["corrects"] = {"source": wrong["source"], "id": wrong["id"]}

    def _after(self, nth: int) -> str:
        at = months_before(self.month(nth), -1) + timedelta(days=self.scene.dice.between(1, 9))
        return f"{at}T09:00:00+00:00"


def shelf(scene: Scene, least: float = 0.35, most: float = 1.2, levels: Sequence[float] = ()) -> Shelf:
    """A plan without a flaw: its unrest between these, its six months at these levels or at any."""
    dice = scene.dice
    mean, unrest = dice.between(400, 4000), dice.share(least, most)
    product = scene.product(lead_time_days=dice.between(12, 28))
    customers = [scene.customer() for _ in range(2)]
    author = someone(dice, "sales")
    plan = Shelf(scene, product, customers, mean, unrest, {}, {}, {}, {}, author, dice.between(38, 48))
    levels, sides = levels or _levels(dice), dice.some((1, 1, 1, -1, -1, -1), WINDOW)
    last = WINDOW + dice.between(0, 2)
    plan.heard = {nth: plan.around(0.1) for nth in range(-HISTORY, 0)}
    plan.heard |= {nth: mean * (1 + unrest * levels[nth % WINDOW]) for nth in range(last)}
    plan.ordered = {nth: qty for nth, qty in plan.heard.items() if nth >= -COMPARED}
    plan.statistical = {nth: plan.around(0.05) for nth in plan.ordered}
    plan.sales = {
        nth: plan.heard[nth] + mean * unrest * sides[nth % WINDOW] * dice.share(0.03, 0.06)
        for nth in range(last)
    }
    plan.at_first_before = dice.between(83, 90)
    plan.steps = dice.between(2, 3)
    return plan


def _levels(dice: Dice) -> list[float]:
    """Above and below the mean, so that a month says little of those two or three after it."""
    first, sizes = dice.pick((1, -1)), {side: dice.some(_SIZES, len(_SIZES)) for side in (1, -1)}
    return [first * side * sizes[side].pop() for side in _SIDES]


def move(plan: Shelf, asked: By, fit: By) -> None:
    """Orders for what was `asked` of each month, some of them moved a month on or back to `fit`."""
    moved = 0.0
    for nth in asked:
        back, moved = max(-moved, 0.0), moved + asked[nth] - fit[nth]
        on = 0.0 if nth + 1 not in asked else max(moved, 0.0)
        for months, qty in ((-1, back), (1, on), (0, asked[nth] - back - on)):
            _moved(plan, nth, months, round(qty))


def _moved(plan: Shelf, nth: int, months: int, qty: int) -> None:
    scene = plan.scene
    if qty < 1:
        return
    requested, due = some_day(scene, plan.month(nth)), some_day(scene, plan.month(nth + months))
    order = bought(
        scene,
        plan.product,
        scene.dice.pick(plan.customers),
        qty,
        due if months else requested,
        requested=requested,
    )
    if months:
        data = {"line_id": order.lines[0].line_id, "field": "requested_on", "old": requested.isoformat(),
                "new": due.isoformat(), "reason": "Agreed with the customer to meet the plan"}  # fmt: skip
        at = order.placed_at + timedelta(hours=1)
        order.turns.append(Turn("order.changed", at, data, plan.author, initiator="us"))
