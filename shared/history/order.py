"""One order with all that happened to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from shared.history.outcomes import Basis, Outcome, perfect

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from shared.events import customers, deliveries, orders
    from shared.events.envelope import Event
    from shared.history.line import Line, SortKey
    from shared.rules import Rules

    AnyEvent = Event[Any]

BAD_CAUSES = ("quality", "transit_damage")
"""What a return may be assessed to be that speaks against the delivery."""
_EXACT = 60
"""Digits that hold ten thousand lines of the largest quantity and price."""


@dataclass(slots=True)
class Roadblock:
    """Something that stood in the way, and how it ended."""

    raised: Event[deliveries.RoadblockRaised]
    resolved: Event[deliveries.RoadblockResolved] | None = None


@dataclass(slots=True)
class Return:
    """Goods that came back, and what we found."""

    received: list[Event[deliveries.ReturnReceived]] = field(default_factory=list)
    """One may bring back several lines, and a line in several parcels."""
    assessed: Event[deliveries.ReturnAssessed] | None = None


@dataclass(slots=True)
class Order:
    """One order with all that happened to it."""

    order_id: str
    rules: Rules
    zone: ZoneInfo
    """Of the ship-to, else the organisation's: business dates are dates in it."""
    events: list[AnyEvent] = field(default_factory=list)
    """In the order of the fold: by time, then as things follow each other within one instant."""
    latest: SortKey | None = None
    """Where in that order the last event stands that changed anything."""
    placed: Event[orders.OrderPlaced] | None = None
    lines: dict[str, Line] = field(default_factory=dict)
    roadblocks: dict[str, Roadblock] = field(default_factory=dict)
    returns: dict[str, Return] = field(default_factory=dict)
    moves: list[Event[orders.OrderPromiseChanged]] = field(default_factory=list)
    """Promises changed, by whomever."""
    cancellations: list[Event[orders.OrderCancelled]] = field(default_factory=list)
    feedback: list[Event[customers.FeedbackReceived]] = field(default_factory=list)
    intervened: set[str] = field(default_factory=set)
    """The kinds of what was done out of the ordinary."""
    document_error: bool = False
    quarantined: str | None = None
    """Why the order is out of wins and KPIs until a correction mends it."""
    outcomes: dict[str, dict[Basis, Outcome]] = field(default_factory=dict)

    @property
    def customer_id(self) -> str | None:
        """Of the order as placed, else of the first event that names one."""
        if self.placed is not None:
            return self.placed.data.customer_id
        return next((getattr(event.data, "customer_id", None) for event in self.events), None)

    @property
    def value(self) -> Decimal | None:
        """Ordered quantity times unit price, in the order's currency; None while a price is missing."""
        prices = [line.placed.unit_price for line in self.lines.values()]
        if None in prices or not prices:
            return None
        with localcontext(prec=_EXACT):
            amounts = [line.ordered * (line.placed.unit_price or 0) for line in self.lines.values()]
            return sum(amounts, Decimal(0))

    @property
    def slips(self) -> int:
        """How often we moved a promise to a later day, over all lines."""
        return sum(line.slips for line in self.lines.values())

    @property
    def closed_at(self) -> datetime | None:
        """The last receipt by which a line closed; None while one is open or none was delivered."""
        closed_at = None
        for line in self.lines.values():
            if line.closing is None:
                return None
            if line.closed_at is not None and (closed_at is None or line.closed_at > closed_at):
                closed_at = line.closed_at
        return closed_at

    @property
    def filled_at(self) -> datetime | None:
        """When the last line that was not cancelled was full; None unless all of these were filled."""
        ends = [line.closing for line in self.lines.values()]
        kept = [end for end in ends if end is None or end.how != "cancelled"]
        if any(end is None or end.how != "filled" for end in kept):
            return None
        return max((end.at for end in kept if end is not None), default=None)

    def due_of(self, block: Roadblock) -> date | None:
        """The first day promised first of the lines that a roadblock stands before."""
        named = block.raised.data.line_ids or tuple(self.lines)
        found = (self.outcomes[name]["first_commit"] for name in named if name in self.outcomes)
        return min((one.due for one in found if one.due and one.verdict != "excluded"), default=None)

    @property
    def status(self) -> str:
        """`open`, `delivered`, `closed` (not all of it came) or `cancelled`."""
        ends = [line.closing.how if line.closing else None for line in self.lines.values()]
        if not ends or None in ends:
            return "open"
        if set(ends) == {"cancelled"}:
            return "cancelled"
        return "delivered" if set(ends) == {"filled"} else "closed"

    def documents(self, line: Line) -> bool | None:
        """Whether the papers of a line were right; None where nobody told."""
        told = {receipt.documents_ok for receipt in line.receipts}
        if self.document_error or False in told:
            return False
        return True if self.rules.documents_complete or (told and None not in told) else None

    def perfect(self, line: Line, as_of: datetime) -> bool | None:
        """Whether a line was perfect as of an instant; None while a component is unknown."""
        first_commit = self.outcomes[line.placed.line_id]["first_commit"].at(as_of)
        return perfect(line, first_commit, self.documents(line))
