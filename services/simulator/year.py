"""A year of trading, put together: ordinary orders, planted wins, traps, forecasts and feedback."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from services.simulator import forecasts, mixed, newsroom, relations
from services.simulator.booking import book, least_lead
from services.simulator.customers import Market, establish
from services.simulator.dice import Dice
from services.simulator.envelope import Event, arrival, heartbeats, placing
from services.simulator.episodes.model import Claim
from services.simulator.lifecycle import play
from services.simulator.ordinary import ordinary
from services.simulator.plan import OrderNumbers, Plan
from services.simulator.planting import PATTERNS, Stage, customers_in_turn, obstacles_in_turn
from services.simulator.products import Product, catalogue
from services.simulator.season import BUSY, ORDERS_A_MONTH, ORGANISATION, months, trouble, workday
from services.simulator.traps import Scene, all_traps
from services.simulator.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_A_MONTH = {"new_customer_first_order": 1.5, "new_customer_smooth_start": 1.5, "roadblock_beaten": 2.2}
"""Planted wins a month, by pattern."""
_OLD_CUSTOMERS = 84
_TIMES = 3
"""How often each trap is set."""
_DRAFTS = 14
_DEMAND_RECORDED = ("Pumps", "Actuators")


@dataclass(frozen=True, slots=True)
class Simulation:
    """Events in the order in which they arrive, and what a detector should make of them."""

    events: list[Event]
    truth: dict[str, Any]


def simulate(seed: int, year: int = 2025, scale: float = 1.0) -> Simulation:
    """Trade from September before `year` to 5 January after it; `scale` 1 is some 3,400 orders."""
    return _Year(seed, year, scale).run()


def write(simulation: Simulation, folder: Path) -> None:
    """Write `events.jsonl` and `truth.json` into `folder`, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "events.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json.dumps(event, ensure_ascii=False) + "\n" for event in simulation.events)
    truth = json.dumps(simulation.truth, ensure_ascii=False, indent=1)
    (folder / "truth.json").write_text(truth + "\n", encoding="utf-8", newline="\n")


@dataclass
class _Year:
    seed: int
    year: int
    scale: float
    plans: list[Plan] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.start = date(self.year - 1, 9, 1)
        self.end = date(self.year + 1, 1, 4)
        self.as_of = datetime(self.year + 1, 1, 5, 8, tzinfo=ORGANISATION)
        self.products = catalogue(self.seed, self.year)
        self.market = Market(Dice(self.seed, "market"), self.products)
        count = max(12, round(_OLD_CUSTOMERS * min(1.0, self.scale)))
        self.old = establish(self.market, Dice(self.seed, "old"), self.start, count)
        self.numbers = OrderNumbers()
        turn = Dice(self.seed, "turn")
        self.stage = Stage(
            self.market, self.numbers, customers_in_turn(turn, self.old), obstacles_in_turn(turn)
        )
        self.truth = Truth(self.seed, self.as_of)

    def run(self) -> Simulation:
        """Plan all orders first, then tell all events, and keep what has arrived at the end."""
        self._history()
        self._wins()
        self._traps()
        self._ordinary()
        events = [told for told in self._events() if arrival(told) <= self.as_of]
        events.sort(key=placing)
        return Simulation(events, self.truth.document())

    def _history(self) -> None:
        """One old order of each old customer, so that nobody takes its next one for the first."""
        for customer in self.old:
            dice = Dice(self.seed, "history", customer.customer_id)
            placed_on = workday(self.start - timedelta(days=dice.between(70, 120)))
            due = workday(placed_on + timedelta(days=least_lead(customer)))
            plan = book(dice, customer, self.numbers.next(placed_on), placed_on, due, by_people=False)
            plan.taker = plan.confirmer = plan.planner = None
            plan.receipts[0].shipper = plan.receipts[0].receiver = None
            plan.backfill = True
            self.plans.append(plan)

    def _wins(self) -> None:
        """Wins spread over the months in which the orders close, from November before the year on."""
        owed: dict[str, float] = defaultdict(float)
        for month in months(date(self.year - 1, 11, 1), date(self.year, 12, 1)):
            for pattern in PATTERNS:
                owed[pattern] += _A_MONTH[pattern] * self.scale
                for nth in range(int(owed[pattern])):
                    dice = Dice(self.seed, "win", pattern, month, nth)
                    due = month + timedelta(days=dice.between(2, 20 if month.month == 12 else 25))  # noqa: PLR2004 - December is short
                    plan, variant = self.stage.plant(pattern, dice, due)
                    self.plans.append(plan)
                    self.truth.win(pattern, plan, variant)
                owed[pattern] %= 1

    def _traps(self) -> None:
        """Every trap some times, all of them closed long before the year is looked back on."""
        kinds = all_traps()
        times = max(1, round(_TIMES * self.scale))
        first, span = date(self.year - 1, 11, 11), 365
        for nth in range(times):
            for place, kind in enumerate(kinds):
                dice = Dice(self.seed, "trap", kind.kind, nth)
                days = span * (nth + place * 0.618 % 1) / times
                scene = Scene(self.stage, dice, workday(first + timedelta(days=int(days))), [])
                plan = kind.make(scene)
                self.plans += [*scene.extra, plan]
                self.truth.trap(kind, plan)

    def _ordinary(self) -> None:
        for month in months(self.start, self.end):
            count = round(ORDERS_A_MONTH * BUSY[month.month - 1] * self.scale)
            days = (min(self.end, (month + timedelta(days=32)).replace(day=1)) - month).days
            weights = self._trading(month)
            for nth in range(count if days > 27 else count // 8):  # noqa: PLR2004 - a whole month
                dice = Dice(self.seed, "order", month, nth)
                placed_on = workday(month + timedelta(days=dice.between(0, days - 1)))
                customer = dice.weighted(weights)
                found = ordinary(
                    dice, self.market.customers[customer], self.numbers.next(placed_on), placed_on,
                    trouble(placed_on + timedelta(days=20), self.year),
                )  # fmt: skip
                self.plans.append(found.plan)
                if found.side:
                    self.truth.highlight("roadblock_beaten", found.plan, found.side)

    def _trading(self, month: date) -> dict[int, float]:
        return {
            place: customer.weight
            for place, customer in enumerate(self.market.customers)
            if customer.trades_from and customer.trades_from <= month
        }

    def _events(self) -> Iterator[Event]:
        loaded = relations.loaded_at(self.start)
        for customer in self.market.customers:
            yield from relations.registered(customer, loaded)
        yield from relations.deals(self.seed, self.market.customers, loaded)
        for plan in self.plans:
            yield from relations.loaded(play(plan), loaded)
        told = self._told(loaded)
        protected = [*self.truth.plans(), *told]
        yield from relations.surveys(self.seed, self.market.customers, protected, self.start, self.end)
        yield from self._drafts(told)
        for episode in mixed.episodes(self.seed, self.year, self.scale):
            self.truth.claims += episode.claims()
            yield from relations.loaded(episode.events, loaded)
        yield from self._planning(loaded)
        yield from heartbeats(loaded, self.as_of)

    def _told(self, after: datetime) -> list[Plan]:
        """Some quiet orders that people will tell of, and nothing else does."""
        known = {plan.order_id for plan in self.truth.plans()}
        quiet = [x for x in self.plans if x.is_quiet and x.placed_at > after and x.order_id not in known]
        return quiet[:: max(1, len(quiet) // _DRAFTS)][:_DRAFTS]

    def _drafts(self, plans: list[Plan]) -> Iterator[Event]:
        told = [draft for draft in newsroom.drafts(self.seed, plans) if arrival(draft) <= self.as_of]
        confirmed = {draft["subject"] for draft in told if draft["type"].startswith("tandem.draft.confirmed")}
        for subject in dict.fromkeys(draft["subject"] for draft in told):
            self.truth.claims.append(Claim("team_told", subject, "joint" if subject in confirmed else "none"))
        yield from told

    def _planning(self, loaded: datetime) -> Iterator[Event]:
        planner = forecasts.Planner(self.seed, self.year, forecasts.demand_of(self.plans))
        for product in self.products:
            yield forecasts.registered(product, loaded)
            yield from self._of(product, planner)

    def _of(self, product: Product, planner: forecasts.Planner) -> Iterator[Event]:
        yield from planner.published(product, self.start, date(self.year + 1, 2, 1))
        yield from forecasts.stock(self.seed, product, self.start, self.end)
        if product.family in _DEMAND_RECORDED:
            yield from planner.recorded(product, self.start, self.end)
