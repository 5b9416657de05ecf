"""What was expected of each product, step by step, and what was then wanted and in stock."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import fsum
from typing import TYPE_CHECKING

from services.simulator.dice import Dice
from services.simulator.envelope import Event, event, number
from services.simulator.people import BATCH, Person, someone
from services.simulator.season import ORGANISATION, clock, months, trouble, workday, workday_before

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from services.simulator.plan import Plan
    from services.simulator.products import Product

_DAYS_AHEAD = {"naive": 58, "statistical": 55, "sales": 48, "marketing": 44, "consensus": 38}
_REASONS = {
    "sales": (
        "Two plant shutdowns announced for that month", "Frame contract starts",
        "Distributor runs down its stock", "Customer brings its build forward",
        "Tender won, first call-off expected", "Service season begins",
    ),
    "marketing": (
        "Trade fair offer", "Spring campaign for service kits", "Predecessor goes out of the price list",
    ),
    "consensus": (
        "Capped at bench capacity", "Sales view taken for the frame contracts", "Mean of both views",
    ),
}  # fmt: skip
Demand = dict[tuple[str, date], Decimal]
"""Units by product and first day of the month of the requested date."""


def demand_of(plans: Iterable[Plan]) -> Demand:
    """What customers wanted, whether they got it or not."""
    demand: Demand = defaultdict(Decimal)
    for plan in plans:
        if plan.kind == "normal" and not plan.backfill:
            for line in plan.lines:
                demand[line.product.product_id, line.requested.replace(day=1)] += line.qty
    return demand


@dataclass(frozen=True, slots=True)
class Planner:
    """Publishes the forecasts of all months; `year` knows the difficult times."""

    seed: int
    year: int
    demand: Demand

    def published(self, product: Product, first: date, last: date) -> Iterator[Event]:
        """Every version of every step for the months from `first` to `last`."""
        for month in months(first, last):
            dice = Dice(self.seed, "forecast", product.product_id, month)
            truth = float(self.demand.get((product.product_id, month), 0)) or self._usual(product, month)
            for step, qty in self._steps(dice, product, month, truth).items():
                yield self._version(dice, product, month, step, qty)

    def recorded(self, product: Product, first: date, last: date) -> Iterator[Event]:
        """Demand as the order desk heard it, a little more than was ordered."""
        for month in months(first, last):
            dice = Dice(self.seed, "demand", product.product_id, month)
            heard = self.demand.get((product.product_id, month), Decimal()) * dice.between(100, 104) // 100
            at = clock(dice, workday((month + timedelta(days=32)).replace(day=1)), ORGANISATION)
            data = {"product_id": product.product_id, "period": f"{month:%Y-%m}", "qty": number(heard)}
            id_ = f"D-{product.product_id}-{month:%Y-%m}"
            yield event("demand.recorded", id_, at, f"product/{product.product_id}", data, "planning")

    def _steps(self, dice: Dice, product: Product, month: date, truth: float) -> dict[str, float]:
        usual = self._usual(product, month)
        hard = 0.75 + 0.25 * trouble(month, self.year)
        statistical = 0.75 * usual + 0.25 * truth
        sales = 0.15 * usual + 0.85 * truth * dice.around(1.05, 0.28 * hard)
        steps = {
            "naive": self._last_known(product, month) or usual,
            "statistical": statistical,
            "sales": sales,
        }
        if dice.chance(0.25):
            steps["marketing"] = truth * dice.around(1.05, 0.3)
        steps["consensus"] = 0.25 * statistical + 0.75 * truth * dice.around(1.05, 0.32 * hard)
        return steps

    def _last_known(self, product: Product, month: date) -> float:
        """The demand of three months before, the last that is complete when the version is made."""
        back = (month - timedelta(days=75)).replace(day=1)
        return float(self.demand.get((product.product_id, back), 0))

    def _usual(self, product: Product, month: date) -> float:
        """The mean of the months known by then; later ones where there are none."""
        mine = [(m, float(qty)) for (id_, m), qty in self.demand.items() if id_ == product.product_id]
        known = [qty for m, qty in mine if m < month - timedelta(days=60)] or [qty for _, qty in mine]
        return fsum(known) / len(known) if known else float(product.usual[0])

    def _version(self, dice: Dice, product: Product, month: date, step: str, qty: float) -> Event:
        day = workday_before(month, _DAYS_AHEAD[step] + dice.between(-2, 1))
        reason = dice.pick(_REASONS[step]) if step in _REASONS and dice.chance(0.35) else None
        version = f"F-{product.product_id}-{month:%Y-%m}-{step}"
        data = {
            "version_id": version, "step": step, "product_id": product.product_id, "period": f"{month:%Y-%m}",
            "qty": max(0, round(qty)), "reason": reason, "actor": _author(dice, step).wire("forecaster"),
        }  # fmt: skip
        at = clock(dice, day, ORGANISATION)
        return event("forecast.published", version, at, f"product/{product.product_id}", data, "planning")


def _author(dice: Dice, step: str) -> Person:
    departments = {"sales": "sales", "marketing": "marketing", "consensus": "planning"}
    return someone(dice, departments[step]) if step in departments else BATCH


def stock(seed: int, product: Product, first: date, last: date) -> Iterator[Event]:
    """The count on the first working day of each month."""
    for month in months(first, last):
        dice = Dice(seed, "stock", product.product_id, month)
        at = clock(dice, workday(month), ORGANISATION, 6, 6)
        qty = product.usual[1] * dice.between(2, 30) // 10
        data = {
            "product_id": product.product_id,
            "location": dice.pick(("Kassel", "Kassel", "Lyon")),
            "qty": qty,
        }
        id_ = f"ST-{product.product_id}-{month:%Y-%m}"
        yield event("stock.counted", id_, at, f"product/{product.product_id}", data, "erp")


def registered(product: Product, loaded_at: datetime) -> Event:
    """The product's master data, loaded when the log began."""
    data = {
        "product_id": product.product_id, "name": product.name, "family": product.family,
        "lead_time_days": product.lead_time_days, "launched_on": product.launched_on.isoformat(),
        "quality_limit_ppm": product.quality_limit_ppm, "special_requirements": product.special_requirements,
    }  # fmt: skip
    subject = f"product/{product.product_id}"
    return event("product.registered", f"P-{product.product_id}", loaded_at, subject, data, "erp")
