"""What patterns over a hold look at: the orders it held, and what came back of its lot and product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns.claim import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.patterns.model import EventRef


class CameBack(NamedTuple):
    """Goods of a held product that came back, from whichever order."""

    ref: EventRef
    return_id: str
    lot: str | None
    cause: str | None
    """As assessed; None while it is not."""
    at: datetime
    delivered_at: datetime | None
    """When the line that they came from closed, if that is known."""


@dataclass(frozen=True)
class HoldCase(Case):
    """A hold, with the whole orders of customers that it held."""

    orders: Sequence[Order]
    """Counted ones, by id."""
    customer: str | None
    """The customer, if it is one."""
    loose_feedback: Sequence[Event[Any]]
    """What speaks against its orders and names none."""
    came_back: Callable[[], Sequence[CameBack]]
    """Of the products it held, in order of time."""
    about_products: Callable[[], Sequence[Event[Any]]]
    """What was done about these products, of no order."""

    @property
    def hold_id(self) -> str:
        """Its name."""
        return self.about.partition("/")[2]

    @property
    def ended_on(self) -> date | None:
        """When the last of its orders closed."""
        closed = [at for order in self.orders if (at := order.closed_at) is not None]
        return max(closed).astimezone(self.rules.zone).date() if closed else None

    @property
    def customer_id(self) -> str | None:
        """The customer of all its orders, if it is one."""
        return self.customer
