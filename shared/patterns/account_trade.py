"""What a customer's orders add up to: deliveries agreed, booked value, gross margin."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from shared.events.deliveries import InvoicePosted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from shared.history.order import Order
    from shared.patterns.account_case import AccountOrder


@dataclass(frozen=True)
class Agreed:
    """Orders placed on one day for one day: what is left of an order that somebody split."""

    due: date
    placed_on: date
    orders: tuple[AccountOrder, ...]

    @cached_property
    def perfect(self) -> bool | None:
        """Whether all of it was perfect; None while one is unknown and none failed."""
        told = {order.perfect for order in self.orders}
        if False in told:
            return False
        return None if None in told else True

    @property
    def papers_known(self) -> bool:
        """Whether somebody told of the papers of every line."""
        return all(line.documents_ok is not None for order in self.orders for line in order.counting)


def agreed(orders: Iterable[AccountOrder], before: date) -> list[Agreed]:
    """What fell due before a day, by due day; orders of one placing and due day together."""
    together: dict[tuple[date, date], list[AccountOrder]] = defaultdict(list)
    for order in orders:
        if order.due is not None and order.due < before:
            together[order.due, order.placed_on].append(order)
    return [Agreed(due, placed_on, tuple(some)) for (due, placed_on), some in sorted(together.items())]


def currency_of(orders: Sequence[AccountOrder]) -> str | None:
    """The currency of most of them: money of different ones is never summed."""
    told = Counter(order.lines[0].currency for order in orders)
    return min(told, key=lambda name: (-told[name], name), default=None)


def booked(orders: Iterable[AccountOrder], currency: str | None) -> Decimal | None:
    """The value of what was ordered and not cancelled; None where a price is missing."""
    values = [
        line.value
        for order in orders
        for line in order.counting
        if line.currency == currency and line.ended_by != "cancelled"
    ]
    return None if None in values else sum((value for value in values if value is not None), Decimal(0))


class Margin(NamedTuple):
    """Gross margin in percent of net sales, with premium freight as a cost; None where nobody told."""

    percent: Decimal | None
    invoiced: Decimal
    """The share of orders for which it is known."""

    @property
    def text(self) -> str | None:
        """As a story states it."""
        return None if self.percent is None else f"{self.percent:.1f}"


def margin(orders: Iterable[Order], currency: str | None) -> Margin:
    """What was left of what was invoiced for these orders, credit notes taken off."""
    net, cost, count, told = Decimal(0), Decimal(0), 0, 0
    for order in orders:
        count += 1
        invoices = [event.data for event in order.events if isinstance(event.data, InvoicePosted)]
        known = [data for data in invoices if data.cost_of_goods and data.net_sales.currency == currency]
        told += any(data.kind == "invoice" for data in known)
        for data in known:
            assert data.cost_of_goods is not None, "only those are known"
            freight = data.premium_freight.amount if data.premium_freight else Decimal(0)
            if data.kind == "invoice":
                net, cost = net + data.net_sales.amount, cost + data.cost_of_goods.amount + freight
            else:  # sources write credits with either sign
                net, cost = net - abs(data.net_sales.amount), cost - abs(data.cost_of_goods.amount) + freight
    share = Decimal(told) / count if count else Decimal(0)
    return Margin((net - cost) / net * 100 if net > 0 else None, share)
