"""Planted orders: joint wins of the three patterns, each complete, no two alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from services.simulator.booking import book, least_lead
from services.simulator.lifecycle import intervention
from services.simulator.mishaps import arrives
from services.simulator.obstacles import OBSTACLES, Obstacle
from services.simulator.people import someone
from services.simulator.plan import OrderNumbers, Plan, Step
from services.simulator.rescue import block
from services.simulator.season import ORGANISATION, clock, moment, workday, workday_before
from services.simulator.turns import (
    complimented,
    customer_changes_request,
    customer_moves,
    second_receipt,
    surveyed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from services.simulator.customers import Customer, Market, Site
    from services.simulator.dice import Dice

FIRST_ORDER, SMOOTH_START = "new_customer_first_order", "new_customer_smooth_start"
BEATEN = "roadblock_beaten"
PATTERNS = (FIRST_ORDER, SMOOTH_START, BEATEN)
_WELCOME = (
    ("spec_clarification", "Went through drawings and acceptance limits with the new customer"),
    ("heads_up", "Called before dispatch and fixed the unloading window"),
    ("order_simplification", "Turned the first enquiry into two clean call-offs"),
    ("terms_changed", "Agreed packaging and labels that both sides can handle"),
)
_PREPARED = (
    ("buffer_changed", "planning", "Reserved safety stock until the first delivery was out"),
    ("quality_containment", "quality", "Inspected the first lot piece by piece"),
    ("process_fix", "warehouse", "Prepared the customer's own labels before picking"),
)


@dataclass(slots=True)
class Stage:
    """Where planted orders come from: the market, order numbers, and customers taken in turn."""

    market: Market
    numbers: OrderNumbers
    old: Iterator[Customer]
    obstacles: Iterator[Obstacle]

    def newcomer(self, dice: Dice, due: date, site: Site | None = None) -> Customer:
        """A customer new to us, whose first order may be due on `due`: just won, or a prospect of old."""
        registered = clock(dice, workday_before(due, dice.between(62, 75)), ORGANISATION, 9, 15)
        if dice.chance(0.6):
            customer = self.market.add(registered, registered.date(), site)
            customer.first_won_at = registered + timedelta(days=dice.between(1, 9))
        else:
            long_ago = registered - timedelta(days=dice.between(1000, 1500))
            customer = self.market.add(long_ago, long_ago.date(), site)
        customer.trades_from = due + timedelta(days=21)
        customer.weight /= 2
        customer.confidential = dice.chance(0.12)
        return customer

    def order(self, dice: Dice, customer: Customer, due: date, **how: Any) -> Plan:
        """An order of `customer` due on `due`, on which everything goes to plan."""
        due = workday(due)
        placed_on = workday_before(due, least_lead(customer) + dice.between(1, 14))
        return book(dice, customer, self.numbers.next(placed_on), placed_on, due, **how)

    def first_order(self, dice: Dice, due: date, customer: Customer | None = None) -> Plan:
        """A new customer's first order, kept on time together despite a roadblock."""
        return self.beat(dice, self.order(dice, customer or self.newcomer(dice, due), due))

    def beaten(self, dice: Dice, due: date, customer: Customer | None = None) -> Plan:
        """An order of an established customer, kept on time together despite a roadblock."""
        return self.beat(dice, self.order(dice, customer or next(self.old), due))

    def smooth_start(self, dice: Dice, due: date, customer: Customer | None = None) -> Plan:
        """A new customer's first order on which both sides simply did their part."""
        return self.start(dice, self.order(dice, customer or self.newcomer(dice, due), due))

    def beat(self, dice: Dice, plan: Plan) -> Plan:
        """Put a roadblock on the order and have both sides clear it."""
        found = block(
            dice, plan, operations=dice.between(1, 3), sales=dice.between(1, 2), obstacle=next(self.obstacles)
        )
        told = dice.weighted({"both": 55, "steps": 25, "resolution": 20})
        if told == "steps":
            found.resolvers = []
        elif told == "resolution":
            found.steps = []
        return plan

    def start(self, dice: Dice, plan: Plan) -> Plan:
        """Have both sides give a quiet order enough care to call it a start together."""
        plan.taker = someone(dice, "sales", "customer_service")
        if dice.chance(0.4):
            plan.confirmer = someone(dice, "customer_service")
            plan.receipts[0].shipper = None
            return plan
        self.welcome(dice, plan)
        if dice.chance(0.5):
            kind, department, text = dice.pick(_PREPARED)
            self.effort(dice, plan, kind, department, text)
        return plan

    def welcome(self, dice: Dice, plan: Plan) -> None:
        """Sales does something for the newcomer before the goods leave."""
        kind, text = dice.pick(_WELCOME)
        self.effort(dice, plan, kind, dice.pick(("sales", "customer_service")), text)

    def effort(self, dice: Dice, plan: Plan, kind: str, department: str, text: str) -> None:
        """An intervention between the promise and the dispatch, without a roadblock."""
        assert plan.confirmed_at
        at = moment(dice, plan.confirmed_at + timedelta(hours=1), plan.receipts[0].shipped_at)
        step = Step(at, kind, someone(dice, department), text)
        id_ = f"IV-{plan.order_id[3:]}-0-{len(plan.turns)}"
        plan.turns.append(intervention(step, id_, plan.customer.site.currency))

    def plant(self, pattern: str, dice: Dice, due: date) -> tuple[Plan, str]:
        """A joint win of `pattern`, and in what special way it came about."""
        variant = dice.weighted(_QUIET_VARIANTS if pattern == SMOOTH_START else _VARIANTS)
        plan = self.order(dice, next(self.old) if pattern == BEATEN else self.newcomer(dice, due), due)
        plan.strategic = dice.chance(0.15)
        if variant in MOVES:
            moved(plan, dice, variant)
        (self.start if pattern == SMOOTH_START else self.beat)(dice, plan)
        vary(plan, dice, variant)
        _applause(plan, dice)
        return plan, variant


_VARIANTS = {"plain": 60, "customer_moved_date": 8, "customer_changed_request": 6, "over_within_tolerance": 8,
             "told_twice": 8, "at_the_last_hour": 10}  # fmt: skip
_QUIET_VARIANTS = {name: weight for name, weight in _VARIANTS.items() if name != "customer_moved_date"}
"""Agreeing to a new date line by line would make a quiet start Sales' work more than anyone's."""
MOVES = frozenset({"customer_moved_date", "customer_changed_request"})


def vary(plan: Plan, dice: Dice, variant: str) -> None:
    """Let the order come right in a special way."""
    receipt = plan.receipts[0]
    match variant:
        case "over_within_tolerance":
            line = plan.lines[0]
            line.over = 10
            receipt.qty[line.line_id] = line.qty + line.qty * 5 // 100
        case "told_twice":
            second_receipt(plan, receipt.at + timedelta(minutes=40), "edi", "receiving_advice")
            receipt.evidence = "carrier"
        case "at_the_last_hour":
            receipt.at = clock(dice, plan.due, plan.customer.site.zone, 23, 23)


def moved(plan: Plan, dice: Dice, variant: str) -> None:
    """The customer moves the date soon after the promise."""
    assert plan.confirmed_at
    new_on = workday(plan.due + timedelta(days=dice.between(2, 6)))
    at = plan.confirmed_at + timedelta(minutes=dice.between(30, 110))
    if variant == "customer_moved_date":
        customer_moves(plan, dice, at, new_on, someone(dice, "customer_service"))
    else:
        customer_changes_request(plan, dice, at, new_on)
    arrives(plan, dice, new_on)


def _applause(plan: Plan, dice: Dice) -> None:
    if dice.chance(0.35):
        surveyed(plan, dice, "csat", dice.pick((4, 5, 5)))
    if dice.chance(0.2):
        surveyed(plan, dice, "nps", dice.pick((7, 8, 9, 9, 10, 10)))
    if dice.chance(0.15):
        complimented(plan, dice)


def obstacles_in_turn(dice: Dice) -> Iterator[Obstacle]:
    """Every category once, in random order, then again in another."""
    while True:
        yield from dice.some(OBSTACLES, len(OBSTACLES))


def customers_in_turn(dice: Dice, customers: list[Customer]) -> Iterator[Customer]:
    """Every customer once, in random order, then again in another."""
    while True:
        yield from dice.some(customers, len(customers))
