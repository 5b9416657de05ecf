"""What patterns over a story that people tell look at: the story, and the orders that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.patterns.claim import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from shared.events.envelope import Event
    from shared.history.order import Order


@dataclass(frozen=True)
class DraftCase(Case):
    """A draft with the orders it names, as far as they exist and count."""

    told: Sequence[Event[Any]]
    """Its submissions and confirmations in force, by time."""
    orders: Sequence[Order]
    customer: str | None
    """The customer, if it is one."""
    loose_feedback: Sequence[Event[Any]]
    """What speaks against its orders and names none."""
    elsewhere: Callable[[], Sequence[str]]
    """The joint wins that patterns see in its orders, by id."""

    @property
    def draft_id(self) -> str:
        """Its name."""
        return self.about.partition("/")[2]

    @property
    def ended_on(self) -> date | None:
        """When it was last told or confirmed."""
        return self.told[-1].time.astimezone(self.rules.zone).date() if self.told else None

    @property
    def customer_id(self) -> str | None:
        """The customer of all its orders, if it is one."""
        return self.customer
