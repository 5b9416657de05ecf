"""Where an episode plays: its own customers, products and order numbers, and all that happens there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from services.simulator import forecasts, relations
from services.simulator.booking import book
from services.simulator.customers import Customer, Market, Site
from services.simulator.envelope import Event, event, placing, source_of
from services.simulator.episodes.model import Claim, Episode, Expected
from services.simulator.lifecycle import play
from services.simulator.plan import OrderNumbers, Plan
from services.simulator.products import Product, catalogue
from services.simulator.season import ORGANISATION, start_of, workday_before

if TYPE_CHECKING:
    from services.simulator.dice import Dice
    from services.simulator.people import Person

MONTHS_BEFORE = 30
"""How long before its decisive part the log of an episode may begin."""
MONTHS_AFTER = 24
"""How long after its start an episode has ended, with all that may contradict it."""
_PRODUCTS = 4


@cache
def _models() -> tuple[Product, ...]:
    return tuple(catalogue(0, 2000))


@dataclass(slots=True)
class Scene:
    """What an episode is made with; all ids begin with `prefix`.

    `start` is the first day of the month in which its decisive part begins. Everything told of is collected
    and becomes events when `episode` is called, last.
    """

    pattern: str
    expected: Expected
    variant: str
    dice: Dice
    start: date
    prefix: str
    zone = ORGANISATION
    plans: list[Plan] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    market: Market = field(init=False)
    numbers: OrderNumbers = field(init=False)
    _told: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for _ in range(_PRODUCTS):
            self.product()
        self.market = Market(self.dice, self.products, f"{self.prefix}-", many=False)
        self.numbers = OrderNumbers(f"{self.prefix}-")

    @property
    def opened(self) -> datetime:
        """When the log of this episode began, and master data and older history were loaded."""
        return start_of(months_before(self.start, MONTHS_BEFORE), self.zone)

    def product(self, family: str | None = None, **changes: Any) -> Product:
        """A product more, of long standing and without special requirements unless `changes` say so."""
        models = [model for model in _models() if family in (None, model.family)]
        model, number = self.dice.pick(models), len(self.products) + 1
        usual = {"launched_on": months_before(self.start, 90), "special_requirements": None}
        id_ = f"{self.prefix}-{model.product_id}-{number}"
        made = replace(model, product_id=id_, **{**usual, **changes})
        self.products.append(made)
        return made

    def customer(self, site: Site | None = None) -> Customer:
        """A customer of long standing, its history complete."""
        since = workday_before(months_before(self.start, 60), self.dice.between(0, 900))
        registered = start_of(since, self.zone) + timedelta(hours=9, minutes=self.dice.between(0, 59))
        customer = self.market.add(registered, since, site)
        customer.first_won_at = registered
        return customer

    def order(self, customer: Customer, placed_on: date, due: date, **how: Any) -> Plan:
        """An order more, on which everything goes to plan."""
        plan = book(self.dice, customer, self.numbers.next(placed_on), placed_on, due, **how)
        self.plans.append(plan)
        return plan

    def tell(
        self,
        kind: str,
        at: datetime,
        subject: str,
        data: dict[str, Any],
        actor: Person | None = None,
        source: str | None = None,
    ) -> Event:
        """Anything else that happens, such as `feedback.received` on `customer/…`."""
        self._told[kind] += 1
        id_ = f"{self.prefix}.{kind}.{self._told[kind]}"
        who = {"actor": actor.wire()} if actor else {}
        told = event(kind, id_, at, subject, {**data, **who}, source or source_of(kind))
        self.events.append(told)
        return told

    def episode(
        self,
        subject: str,
        periods: tuple[str, ...] = (),
        variant: str | None = None,
        also: tuple[Claim, ...] = (),
    ) -> Episode:
        """All that was told, by arrival; call this last."""
        events = [forecasts.registered(product, self.opened) for product in self.products]
        for customer in self.market.customers:
            events += relations.registered(customer, self.opened)
        for plan in self.plans:
            events += play(plan)
        events = relations.loaded([*events, *self.events], self.opened)
        events.sort(key=placing)
        variant = variant or self.variant
        return Episode(events, self.pattern, subject, self.expected, periods, variant, also)


def months_before(day: date, count: int) -> date:
    """The first day of the month so many months before that of `day`; a negative count looks ahead."""
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def month(day: date) -> str:
    """The month of a day, as periods write it."""
    return f"{day:%Y-%m}"


def months_from(first: date, last: date) -> tuple[str, ...]:
    """All months from that of `first` to that of `last`, as periods write them."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return tuple(month(months_before(first, -nth)) for nth in range(count + 1))
