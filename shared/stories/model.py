"""The typed facts of a story: all it may claim, ready to be frozen as JSON."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

Side = Literal["sales", "operations"]
Evidence = Literal["pod", "receiving_advice", "carrier", "estimated"]
Severity = Literal["low", "medium", "high"]
Scope = Literal["the order", "one", "many"]
"""What a deed was done to: the order of the story, or in a story of many, one of them or several."""


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
    """What one team did; `who` holds only people who wish to be named."""

    side: Side
    department: str
    action: str
    on: date
    until: date | None = None
    """The last day of a deed done again and again; None where one day tells it."""
    of: Scope = "the order"
    who: tuple[str, ...] = ()
    others: bool = True
    """More people of the team took part than are named."""
    events: tuple[EvidenceRef, ...] = ()


class Measure(Frozen):
    """A number with its unit: `days`, `percent`, `ppm`, `points`, a currency, or none for what is counted."""

    value: Decimal
    unit: str = ""


class StoryFacts(Frozen):
    """What every story may say: about whom, who did what, and what its pattern alone knows, by name."""

    pattern: str
    customer: str | None
    customer_named: bool
    segment: str | None = None
    """What is said of a customer that is not named."""
    sales: tuple[Deed, ...]
    operations: tuple[Deed, ...]
    measures: dict[str, Measure] = {}
    dates: dict[str, date] = {}
    flags: dict[str, bool] = {}
    unknown: frozenset[str] = frozenset()
    """Facts that have a name and nothing known of them."""
    told: dict[str, str] = {}
    """What people wrote, by field: the only words that may stand between quotation marks."""

    def deeds(self, side: Side) -> tuple[Deed, ...]:
        """What one side did, the strongest first."""
        return self.sales if side == "sales" else self.operations


class OrderFacts(StoryFacts):
    """All that the story of one order may say; dates and times are the ship-to's local ones."""

    customer: str
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

    @property
    def label(self) -> str:
        """What the story is about, for those who look it up."""
        return f"order {self.order_id}"


class SubjectFacts(StoryFacts):
    """All that the story of a customer, product, week or quarter may say; dates are the organisation's."""

    label: str
    """What the story is about: a customer, a product, a week."""
    about: str = ""
    """The same by kind and id: `product/P-7`, `week`."""
    period: str | None
    """The month, week or quarter in which it came to stand, such as `2026-03`."""


Facts = OrderFacts | SubjectFacts
