"""An endless market for load tests: order after order, in the order of arrival, in bounded memory."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING

from services.simulator import forecasts, relations
from services.simulator.booking import book, least_lead
from services.simulator.customers import Customer, Market, establish
from services.simulator.dice import Dice
from services.simulator.envelope import Event, arrival
from services.simulator.lifecycle import play
from services.simulator.ordinary import ordinary
from services.simulator.plan import OrderNumbers, Plan
from services.simulator.planting import Stage, customers_in_turn, obstacles_in_turn
from services.simulator.products import catalogue
from services.simulator.season import workday

if TYPE_CHECKING:
    from collections.abc import Iterator

_START = date(2023, 1, 2)
_A_DAY = 200
_ORDERS_A_CUSTOMER = 40
_JOINT = 0.02


def trading(seed: int, orders: int, a_day: int = _A_DAY) -> Iterator[Event]:
    """Events of so many orders, about seven each, by arrival; some thousand orders are open at once."""
    market = Market(Dice(seed, "market"), products := catalogue(seed, _START.year))
    customers = establish(market, Dice(seed, "old"), _START, max(20, orders // _ORDERS_A_CUSTOMER))
    loaded = relations.loaded_at(_START)
    yield from (forecasts.registered(product, loaded) for product in products)
    for customer in customers:
        customer.history_from = _START
        yield from relations.registered(customer, loaded)
    yield from _by_arrival(_orders(seed, market, customers, orders, a_day))


def _orders(
    seed: int, market: Market, customers: list[Customer], orders: int, a_day: int
) -> Iterator[tuple[date, Plan]]:
    """Plans with the day before which no later plan begins."""
    dice = Dice(seed, "turn")
    numbers = OrderNumbers()
    stage = Stage(market, numbers, customers_in_turn(dice, customers), obstacles_in_turn(dice))
    day = _START
    for nth in range(orders):
        if nth % a_day == 0:
            day = workday(day + timedelta(days=1))
        yield day, _order(Dice(seed, nth), stage, day)


def _order(dice: Dice, stage: Stage, day: date) -> Plan:
    customer = next(stage.old)
    order_id = stage.numbers.next(day)
    if not dice.chance(_JOINT):
        return ordinary(dice, customer, order_id, day, 1.0).plan
    due = workday(day + timedelta(days=least_lead(customer) + dice.between(0, 9)))
    return stage.beat(dice, book(dice, customer, order_id, day, due))


def _by_arrival(plans: Iterator[tuple[date, Plan]]) -> Iterator[Event]:
    """Merge the events of plans that begin day after day."""
    waiting: list[tuple[datetime, int, Event]] = []
    number = count()
    for day, plan in plans:
        begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
        while waiting and waiting[0][0] < begins:
            yield heappop(waiting)[2]
        for event in play(plan):
            heappush(waiting, (arrival(event), next(number), event))
    while waiting:
        yield heappop(waiting)[2]
