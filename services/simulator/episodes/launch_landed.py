"""Plants and traps of `launch_landed`: a new product's first three months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import month, months_before
from services.simulator.episodes.supply import counted, prepared, published, sold, wanted
from services.simulator.people import ALLOCATION, BATCH, Person, someone
from services.simulator.turns import returned

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan
    from services.simulator.products import Product

PATTERN = "launch_landed"
_MONTHS, _AFTER, _PLAIN, _WEEKS_A_MONTH = 3, 4, 2, 4.35
"""The launch is four months after the start; two plain launches of other products stand behind it."""
_LIMIT_PPM = 800
REASONS = (
    "Listed by two distributors from the first day", "Pilot customers confirmed their call-offs",
    "Ramp as with the product it follows", "Trade fair offer", "First build of the new series",
)  # fmt: skip
_VARIANTS = {"plain": 40, "ramp_up": 20, "marketing_forecast": 20, "one_came_back": 10, "orders_only": 10}


@dataclass(slots=True)
class Launch:
    """The first three months of a product; a flaw changes one thing before it is told.

    `heard` is the unconstrained demand, `ordered` what customers ordered; `weeks` of stock are left.
    """

    scene: Scene
    product: Product
    customers: list[Customer]
    heard: list[float]
    ordered: list[float]
    said: list[float]
    author: Person
    step: str = "sales"
    days_ahead: int = 42
    reasons: tuple[str, ...] = REASONS
    steps: int = 3
    by: Person | None = None
    at_first: int = 100
    came_back: int = 0
    weeks: float = 1.5
    recorded: bool = True
    stock_counted: bool = True

    @property
    def first(self) -> date:
        """The day of the launch."""
        return months_before(self.scene.start, -_AFTER)

    def told(self, variant: str | None = None) -> Episode:
        """The episode; the first 90 days end in the third month, and may be judged when it is over."""
        for nth in range(_PLAIN):
            plain(self.scene, months_before(self.first, 8 + 3 * nth))
        for nth in range(_MONTHS):
            self._month(nth, months_before(self.first, -nth))
        prepared(
            self.scene, self.product, self.first - timedelta(days=45), self.first + timedelta(days=20),
            self.steps, self.by,
        )  # fmt: skip
        periods = tuple(month(months_before(self.first, -nth)) for nth in (_MONTHS - 1, _MONTHS))
        return self.scene.episode(f"product/{self.product.product_id}", periods, variant)

    def _month(self, nth: int, period: date) -> None:
        scene, product = self.scene, self.product
        reason = scene.dice.pick(self.reasons) if self.reasons else None
        published(scene, product, period, self.step, self.said[nth], self.days_ahead, self.author, reason)
        orders = sold(scene, product, self.customers, period, round(self.ordered[nth]), self.at_first)
        if nth == 1 and self.came_back:
            self._comes_back(max(orders, key=lambda order: order.lines[0].qty))
        if self.recorded:
            wanted(scene, product, period, self.heard[nth])
        if self.stock_counted:
            counted(scene, product, period, self.heard[nth] / _WEEKS_A_MONTH * self.weeks)

    def _comes_back(self, order: Plan) -> None:
        qty = order.lines[0].qty.__class__(self.came_back)
        returned(order, self.scene.dice, self.scene.dice.between(8, 20), "quality", qty)


def plain(scene: Scene, first: date) -> None:
    """A launch of another product that nobody foresaw well: what launches are measured against."""
    product, author = scene.product(launched_on=first), someone(scene.dice, "sales")
    for nth in range(_MONTHS):
        qty = scene.dice.between(200, 900)
        period = months_before(first, -nth)
        said = qty * scene.dice.pick((0.3, 1.8)) * scene.dice.share(0.9, 1.1)
        published(scene, product, period, "sales", said, 42, author)
        wanted(scene, product, period, qty)


def launch(scene: Scene, launched: int = _AFTER) -> Launch:
    """A plan without a flaw; `launched` so many months after the start."""
    dice = scene.dice
    on = months_before(scene.start, -launched)
    product = scene.product(launched_on=on, lead_time_days=dice.between(14, 28), quality_limit_ppm=_LIMIT_PPM)
    customers = [scene.customer() for _ in range(3)]
    heard = [dice.between(1500, 3000) * dice.share(0.9, 1.1) for _ in range(_MONTHS)]
    said = [qty * (1 + dice.pick((-1, 1)) * dice.share(0.02, 0.12)) for qty in heard]
    plan = Launch(scene, product, customers, heard, list(heard), said, someone(dice, "sales"))
    plan.weeks, plan.days_ahead = dice.share(0.8, 2.2), dice.between(36, 55)
    return plan


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A launch that went well in every respect, in one of several settings."""
    plan, variant = launch(scene), scene.dice.weighted(_VARIANTS)
    plan.steps = scene.dice.between(2, 3)
    match variant:
        case "ramp_up":
            for quantities in (plan.heard, plan.ordered, plan.said):
                quantities[:] = [qty * ramp for qty, ramp in zip(quantities, (0.4, 1, 1.6), strict=True)]
        case "marketing_forecast":
            plan.step, plan.author = "marketing", someone(scene.dice, "marketing")
        case "one_came_back":
            plan.came_back = 1
        case "orders_only":
            plan.recorded = False
    return plan.told(variant)


@trap(PATTERN)
def far_from_forecast(scene: Scene) -> Episode:
    """More than twice as much was forecast as was wanted."""
    plan = launch(scene)
    plan.said = [qty * scene.dice.share(2.1, 2.6) for qty in plan.heard]
    return plan.told()


@trap(PATTERN)
def forecast_too_late(scene: Scene) -> Episode:
    """The forecasts came when each month had begun."""
    plan = launch(scene)
    plan.days_ahead = -scene.dice.between(6, 20)
    return plan.told()


@trap(PATTERN)
def shelf_empty(scene: Scene) -> Episode:
    """A third of the goods was not there at first."""
    plan = launch(scene)
    plan.at_first = scene.dice.between(55, 75)
    return plan.told()


@trap(PATTERN)
def too_many_came_back(scene: Scene) -> Episode:
    """Several times more than the family's limit came back for quality."""
    plan = launch(scene)
    plan.came_back = scene.dice.between(25, 60)
    return plan.told()


@trap(PATTERN)
def overstocked(scene: Scene) -> Episode:
    """Stock for the better part of a year is left."""
    plan = launch(scene)
    plan.weeks = scene.dice.share(30, 45)
    return plan.told()


@trap(PATTERN)
def stock_never_counted(scene: Scene) -> Episode:
    """Nobody knows what is left."""
    plan = launch(scene)
    plan.stock_counted = False
    return plan.told()


@trap(PATTERN)
def channel_stuffed(scene: Scene) -> Episode:
    """Distributors ordered what was forecast; their customers wanted less than half."""
    plan = launch(scene)
    plan.heard = [qty * scene.dice.share(0.35, 0.45) for qty in plan.heard]
    return plan.told()


@trap(PATTERN)
def allocation_hid_demand(scene: Scene) -> Episode:
    """Customers could order what there was, and wanted nearly three times as much."""
    plan = launch(scene)
    plan.heard = [qty * scene.dice.share(2.6, 3.2) for qty in plan.heard]
    return plan.told()


@trap(PATTERN)
def no_launch(scene: Scene) -> Episode:
    """The product has been sold for years."""
    plan = launch(scene, launched=-24)
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """All went well, and nobody in Operations did anything out of the ordinary."""
    plan = launch(scene)
    plan.steps = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """Stock was built up by a planning system."""
    plan = launch(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def no_reasons_given(scene: Scene) -> Episode:
    """The ramp comes without a reason."""
    plan = launch(scene)
    plan.reasons = ()
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_sales(scene: Scene) -> Episode:
    """The ramp was calculated, not forecast by anyone."""
    plan = launch(scene)
    plan.author = BATCH
    return plan.told()
