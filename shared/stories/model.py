"""The typed facts of a story: all it may claim, ready to be frozen as JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

Side = Literal["sales", "operations"]
Evidence = Literal["pod", "receiving_advice", "carrier", "estimated"]
Severity = Literal["low", "medium", "high"]


class Frozen(BaseModel):
    """A value that cannot change and says no to fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Quantity(Frozen):
    """So much of one unit of measure."""

    qty: Decimal
    uom: str


class Money(Frozen):
    """An amount in one currency."""

    amount: Decimal
    currency: str


class Rating(Frozen):
    """A customer's score on its scale."""

    score: Decimal
    scale_min: Decimal
    scale_max: Decimal


class EvidenceRef(Frozen):
    """The name of an event that a story rests on."""

    source: str
    id: str


class Roadblock(Frozen):
    """What stood in the way, by category only: who caused it is never told."""

    category: str
    severity: Severity
    predicted_delay_days: int | None
    raised_on: date
    roadblock_id: str = ""


class Deed(Frozen):
    """What one team did on one day; `who` holds only people who wish to be named."""

    side: Side
    department: str
    action: str
    on: date
    who: tuple[str, ...] = ()
    others: bool = True
    """More people of the team took part than are named."""
    events: tuple[EvidenceRef, ...] = ()


class Facts(Frozen):
    """All that the story of one order may say; dates and times are the ship-to's local ones."""

    pattern: str
    customer: str
    customer_named: bool
    order_id: str
    placed_on: date
    due_on: date
    delivered_at: datetime
    days_early: int
    order_lines: int
    quantities: tuple[Quantity, ...]
    value: Money | None
    strategic: bool
    on_requested_date: bool
    evidence: Evidence
    return_window_days: int
    roadblocks: tuple[Roadblock, ...]
    predicted_delay_days: int
    rating: Rating | None
    sales: tuple[Deed, ...]
    operations: tuple[Deed, ...]

    def deeds(self, side: Side) -> tuple[Deed, ...]:
        """What one side did, the strongest first."""
        return self.sales if side == "sales" else self.operations
