"""The plan of a product that is forecast always too high or too low, and then is no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from services.simulator.episodes.scene import month, months_before
from services.simulator.episodes.supply import acted, counted, published, sold, wanted
from services.simulator.people import BATCH, Person, someone

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.products import Product

WINDOW = 6
_AHEAD, _WEEKS_A_MONTH = 40, 4.35
REASONS = (
    "Open quotations no longer counted twice", "Call-offs as the customers confirmed them",
    "Safety margin left to planning", "Frame contracts at the rate of the last year",
    "Agreed with planning in the monthly review",
)  # fmt: skip
_HABITS = (
    ("process_fix", "Forecast without the reserve that used to be added"),
    ("process_fix", "Monthly review of the forecast error with planning begun"),
)
_TUNED = (
    ("buffer_changed", "planning", "Safety stock set anew from the error of the last half year"),
    ("corrective_action", "operations", "Showed Sales what the forecast error costs in stock and shifts"),
    ("process_fix", "planning", "Reorder points follow the forecast of each month"),
)


@dataclass(slots=True)
class Habit:
    """Months of a biased forecast, then six months without; a flaw changes one thing before it is told.

    `wanted` and `said` go by month, 0 being the first without bias. Before and after: `weeks` of stock at a
    month's end, and how many of a month's three orders are promised `short`.
    """

    scene: Scene
    product: Product
    customers: list[Customer]
    author: Person
    wanted: dict[int, float]
    said: dict[int, float]
    weeks: tuple[float, float] | None = None
    short: tuple[int, int] | None = None
    step: str = "sales"
    reasons: tuple[str, ...] = REASONS
    habit_changed: bool = True
    steps: int = 2
    by: Person | None = None
    recorded_after: bool = False
    two_accounts: float = 0.0

    def told(self, variant: str | None = None) -> Episode:
        """The episode; all six months without bias are needed."""
        for nth in sorted(self.wanted):
            self._month(nth, months_before(self.scene.start, -nth))
        self._mended()
        periods = (month(months_before(self.scene.start, 1 - WINDOW)),)
        return self.scene.episode(f"product/{self.product.product_id}", periods, variant)

    def _month(self, nth: int, period: date) -> None:
        self._published(nth, period)
        self._wanted(nth, period)
        if self.weeks:
            counted(self.scene, self.product, period, self._stock(nth))
        if self.short:
            orders = sold(self.scene, self.product, self.customers, period, round(self.wanted[nth]))
            for order in orders[: self.short[nth >= 0]]:
                order.lines[0].committed_qty = order.lines[0].qty * 7 // 10

    def _stock(self, nth: int) -> float:
        """Stock runs down over two months."""
        assert self.weeks
        before, after = self.weeks
        weeks = before if nth < 0 else max(after, before - (before - after) * (nth + 1) / 3)
        return self.wanted[-1] / _WEEKS_A_MONTH * weeks * self.scene.dice.share(0.97, 1.03)

    def _wanted(self, nth: int, period: date) -> None:
        if not self.two_accounts:
            wanted(self.scene, self.product, period, self.wanted[nth])
        for customer in self.customers[:2] if self.two_accounts else ():
            where = {"customer_id": customer.customer_id}
            wanted(self.scene, self.product, period, self.wanted[nth] / 2, **where)

    def _published(self, nth: int, period: date) -> None:
        changed = nth >= 0
        step = self.step if changed else "sales"
        author = BATCH if step == "statistical" else self.author
        reason = self.scene.dice.pick(self.reasons) if changed and self.reasons else None
        how = (_AHEAD, author, reason)
        for share, where in self._shares(changed=changed):
            qty = self.said[nth] * share
            told = published(self.scene, self.product, period, step, qty, *how, **where)
            if changed and self.recorded_after:
                recorded = months_before(period, -1) + timedelta(days=self.scene.dice.between(1, 9))
                told["data"]["recorded_at"] = f"{recorded}T09:00:00+00:00"

    def _shares(self, *, changed: bool) -> list[tuple[float, dict[str, Any]]]:
        """One version, or one for each of two accounts, off to one side and the other."""
        if not self.two_accounts:
            return [(1.0, {})]
        off = self.two_accounts if changed else 0.0
        one, other = (customer.customer_id for customer in self.customers[:2])
        return [(0.5 * (1 + off), {"customer_id": one}), (0.5 * (1 - off), {"customer_id": other})]

    def _mended(self) -> None:
        dice, about = self.scene.dice, {"product_id": self.product.product_id}
        first = self.scene.start
        if self.habit_changed:
            kind, words = dice.pick(_HABITS)
            acted(self.scene, about, first + timedelta(days=dice.between(2, 12)), kind, self.author, words)
        for kind, department, words in dice.some(_TUNED, self.steps):
            day = first + timedelta(days=dice.between(5, 45))
            acted(self.scene, about, day, kind, self.by or someone(dice, department), words)


def habit(scene: Scene, variant: str) -> Habit:
    """A plan without a flaw."""
    dice = scene.dice
    mean, before = dice.between(400, 4000), 9 if variant == "nine_months" else dice.between(WINDOW, 7)
    low = variant == "always_too_low"
    product = scene.product(lead_time_days=dice.between(12, 28))
    customers = [scene.customer() for _ in range(3)]
    heard = {nth: mean * dice.share(0.97, 1.03) for nth in range(-before, WINDOW)}
    sides = dice.some((1, 1, 1, -1, -1, -1), WINDOW)
    said = {nth: heard[nth] * (1 + sides[nth] * dice.share(0.015, 0.03)) for nth in range(WINDOW)}
    bias = -dice.share(0.42, 0.5) if low else dice.share(0.45, 0.65)
    said |= {nth: heard[nth] * (1 + bias + dice.share(-0.03, 0.03)) for nth in range(-before, 0)}
    plan = Habit(scene, product, customers, someone(dice, "sales"), heard, said)
    if low:
        plan.short = (2, 0)
    else:
        plan.weeks = (dice.share(11, 16), dice.share(3, 5))
    return plan
