"""Plants and traps of `peak_week_carried`: a week with far more lines due than usual, and as many on time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from services.simulator.episodes.registry import plant, trap
from services.simulator.episodes.scene import months_before
from services.simulator.episodes.supply import acted, arriving
from services.simulator.episodes.trading import customers, due_on, workdays
from services.simulator.lifecycle import intervention
from services.simulator.people import ALLOCATION, HAULIER, Person, someone
from services.simulator.plan import Step
from services.simulator.season import workday
from services.simulator.turns import slip

if TYPE_CHECKING:
    from services.simulator.customers import Customer
    from services.simulator.episodes.model import Episode
    from services.simulator.episodes.scene import Scene
    from services.simulator.plan import Plan

PATTERN = "peak_week_carried"
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
_VARIANTS = {"plain": 45, "twice_the_usual": 25, "one_line_missed": 15, "backlog_cleared": 15}


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


@plant(PATTERN)
def planted(scene: Scene) -> Episode:
    """A peak carried together, in one of several settings."""
    plan, variant = peak(scene), scene.dice.weighted(_VARIANTS)
    match variant:
        case "twice_the_usual":
            plan.times = scene.dice.share(2.2, 2.8)
        case "one_line_missed":
            plan.late, plan.missed = (2,), 1
            plan.times = scene.dice.share(2.2, 2.8)
        case "backlog_cleared":
            plan.left_over = 2
    return plan.told(variant)


@trap(PATTERN)
def hardly_a_peak(scene: Scene) -> Episode:
    """A quarter more than usual."""
    plan = peak(scene)
    plan.times = scene.dice.share(1.22, 1.3)
    return plan.told()


@trap(PATTERN)
def within_the_usual_swing(scene: Scene) -> Episode:
    """Every other week is as far from the usual as this one, to one side or the other."""
    plan = peak(scene)
    plan.swing, plan.times = (0, 9, -6, 3, -9, 6, -3), 1.62
    return plan.told()


@trap(PATTERN)
def service_fell(scene: Scene) -> Episode:
    """A third of the lines came late, though within the week."""
    plan = peak(scene)
    plan.missed = 6
    return plan.told()


@trap(PATTERN)
def backlog_grew(scene: Scene) -> Episode:
    """The week ends with overdue lines, and began with none."""
    plan = peak(scene)
    plan.late, plan.times, plan.missed, plan.missed_by = (2,), scene.dice.share(2.2, 2.8), 1, 9
    return plan.told()


@trap(PATTERN)
def promises_pushed_out(scene: Scene) -> Episode:
    """A third of the orders was promised anew for the week after."""
    plan = peak(scene)
    plan.pushed_out = 3
    return plan.told()


@trap(PATTERN)
def easy_mix(scene: Scene) -> Episode:
    """Twice the lines, of one piece each."""
    plan = peak(scene)
    plan.tiny = True
    return plan.told()


@trap(PATTERN)
def pulled_forward(scene: Scene) -> Episode:
    """A discount brought the next weeks' demand into this one."""
    plan = peak(scene)
    plan.discount, plan.afterwards = scene.dice.between(20, 30), 0.3
    return plan.told()


@trap(PATTERN)
def bought_with_premium_freight(scene: Scene) -> Episode:
    """Nearly every order went by an express run, as none did before."""
    plan = peak(scene)
    plan.premium = 8
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_sales(scene: Scene) -> Episode:
    """Operations carried it alone."""
    plan = peak(scene)
    plan.phased = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def nobody_in_operations(scene: Scene) -> Episode:
    """Sales phased it, and nobody in Operations did anything for it."""
    plan = peak(scene)
    plan.scaled = 0
    return plan.told()


@trap(PATTERN, expected="highlight")
def machine_in_operations(scene: Scene) -> Episode:
    """The planning system answered by itself."""
    plan = peak(scene)
    plan.by = ALLOCATION
    return plan.told()


@trap(PATTERN, expected="highlight")
def scaled_afterwards(scene: Scene) -> Episode:
    """Operations added capacity when the week was over."""
    plan = peak(scene)
    plan.scaled_after = True
    return plan.told()
