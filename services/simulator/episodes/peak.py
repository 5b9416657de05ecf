"""The plan of a company's weeks around one with far more lines due than usual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.simulator.episodes.scene import months_before
from services.simulator.episodes.supply import acted, arriving
from services.simulator.episodes.trading import customers, due_on, workdays
from services.simulator.lifecycle import intervention
from services.simulator.people import HAULIER, Person, someone
from services.simulator.plan import Step
from services.simulator.season import workday
from services.simulator.turns import slip

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

_BEFORE, _AFTER = 3, 2
"""Months of ordinary weeks before the month of the start, and until the episode ends."""
_PHASED = (
    ("priority_call", "sales", "Asked every customer which lines are needed first"),
    ("demand_reallocation", "sales", "Two stock orders phased around the peak with the customers"),
    ("order_simplification", "customer_service", "Bundled call-offs into full pallets"),
)
_SCALED = (
    ("capacity_added", "production", "Second shift on both assembly lines"),
    ("overtime", "warehouse", "Late shift in picking and packing"),
    ("reschedule", "planning", "Made the fast movers before the peak"),
)


@dataclass(slots=True)
class Peak:
    """A company's weeks around one of many lines; a flaw changes one thing before it is told.

    `usual` lines a week, more or less by `swing` in turn. `late` lines of an ordinary week come two days
    late, `missed` of the peak week `missed_by` days; `left_over` of the week before arrive in the peak week.
    """

    scene: Scene
    buyers: list[Customer]
    usual: int
    times: float
    swing: tuple[int, ...] = (-1, 0, 1)
    late: tuple[int, ...] = (1, 1, 2)
    missed: int = 0
    missed_by: int = 2
    left_over: int = 0
    phased: int = 1
    scaled: int = 1
    by: Person | None = None
    scaled_after: bool = False
    pushed_out: int = 0
    tiny: bool = False
    discount: int = 0
    afterwards: float = 1.0
    premium: int = 0

    @property
    def monday(self) -> date:
        """The first day of the peak week: the second Monday of the month."""
        return _mondays(self.scene.start, months_before(self.scene.start, -1))[1]

    def told(self, variant: str | None = None) -> Episode:
        """The episode, told of the only peak there is."""
        first = months_before(self.scene.start, _BEFORE)
        last = months_before(self.scene.start, -_AFTER)
        for nth, monday in enumerate(_mondays(first, last)):
            self._week(monday, self.usual + self.swing[nth % len(self.swing)])
        self._acted()
        return self.scene.episode("week", (week(self.monday),), variant)

    def _week(self, monday: date, lines: int) -> None:
        late, late_by = self.scene.dice.pick(self.late), 2
        if monday == self.monday - timedelta(days=7) and self.left_over:
            late, late_by = self.left_over, 7
        if monday > self.monday and self.afterwards < 1:
            lines = round(self.usual * self.afterwards)
        if monday == self.monday:
            self._peak()
        else:
            self._due(monday, lines, late, late_by)

    def _peak(self) -> None:
        lines = round(self.usual * self.times)
        how = {"tiny": self.tiny, "discount": self.discount}
        orders = self._due(self.monday, lines, self.missed, self.missed_by, **how)
        for order in orders[: self.pushed_out]:
            self._push_out(order)
        for order in orders[: self.premium]:
            self._expedite(order)

    def _due(self, monday: date, lines: int, late: int, late_by: int, **how: Any) -> list[Plan]:
        """Lines due on all days of the week; those that come late are due on its first."""
        days = workdays(monday, monday + timedelta(days=4)) or [workday(monday)]
        share, rest = divmod(lines, len(days))
        counts = [share + (nth < rest) for nth in range(len(days))]
        return [
            order
            for nth, (day, count) in enumerate(zip(days, counts, strict=True))
            for order in due_on(self.scene, self.buyers, day, count, 0 if nth else late, late_by, **how)
        ]

    def _push_out(self, order: Plan) -> None:
        """We promise the order for the week after, and deliver it then."""
        new_on = workday(order.due + timedelta(days=7))
        assert order.confirmed_at
        slip(order, self.scene.dice, order.confirmed_at + timedelta(days=4), new_on)
        order.receipts = [arriving(self.scene, order, new_on, order.receipts[0].qty)]

    def _expedite(self, order: Plan) -> None:
        cost = Decimal(self.scene.dice.between(9, 25) * 100)
        at = order.receipts[0].shipped_at - timedelta(hours=3)
        step = Step(at, "expedite", HAULIER, "Direct run by night", "forecast_miss", premium=True, cost=cost)
        order.turns.append(intervention(step, f"IV-{order.order_id[3:]}", order.customer.site.currency))

    def _acted(self) -> None:
        scene, about = self.scene, {"week": week(self.monday)}
        for kind, department, words in scene.dice.some(_PHASED, self.phased):
            day = self.monday - timedelta(days=scene.dice.between(4, 14))
            acted(scene, about, day, kind, someone(scene.dice, department), words)
        for kind, department, words in scene.dice.some(_SCALED, self.scaled):
            before = -scene.dice.between(8, 14) if self.scaled_after else scene.dice.between(-2, 7)
            day = self.monday - timedelta(days=before)
            acted(scene, about, day, kind, self.by or someone(scene.dice, department), words)


def week(monday: date) -> str:
    """The ISO week of a day, as periods write it."""
    year, number, _ = monday.isocalendar()
    return f"{year}-W{number:02}"


def _mondays(first: date, end: date) -> list[date]:
    """All Mondays from the first day up to the day before the end."""
    monday = first + timedelta(days=-first.weekday() % 7)
    return [monday + timedelta(days=days) for days in range(0, (end - monday).days, 7)]


def peak(scene: Scene) -> Peak:
    """A plan without a flaw."""
    plan = Peak(scene, customers(scene), scene.dice.between(15, 17), scene.dice.share(1.85, 2.15))
    plan.phased, plan.scaled = scene.dice.between(1, 2), scene.dice.between(1, 2)
    return plan
