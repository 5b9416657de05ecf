"""What a pattern says of a subject other than an order, and what a win is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from shared.patterns.model import Contribution, EventRef, Verdict
    from shared.periods import Period
    from shared.rules import Rules

HALF = Decimal("0.5")
"""What counts in a score for a value or a rarity that nothing tells."""


@dataclass(frozen=True)
class Case:
    """A subject at the end of a period, or one without periods, with what is known around it."""

    about: str
    """Such as `customer/C-1`."""
    period: Period | None
    rules: Rules

    @property
    def during(self) -> Period:
        """The period, of a subject that has one."""
        assert self.period is not None, "subjects of this kind are judged period by period"
        return self.period

    @property
    def customer_id(self) -> str | None:
        """The customer it is about, if it is about one."""
        return None

    @property
    def ended_on(self) -> date | None:
        """The last day of its period; of a subject without periods, when it came to an end, if it did."""
        return None if self.period is None else self.period.end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Making:
    """What a win is made of: who did what, what can be told and proved, and when it is final."""

    parts: tuple[Contribution, ...]
    facts: dict[str, Any]
    evidence: tuple[EventRef, ...]
    final_at: datetime
    difficulty: Decimal = HALF
    value: Decimal = HALF
    rarity: Decimal = HALF
    quality: Decimal = Decimal(1)
    """Of the proof."""
    pending: bool = False
    reason: str | None = None
    """What contradicts it."""
    enough: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    """Actions of Sales and of Operations that make it joint; None: deeds out of the ordinary."""
    ceiling: Decimal = Decimal(100)
    """The most that it may score."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A pattern's gates, and, where all pass, how to make the win."""

    gates: tuple[Callable[[], Verdict], ...]
    """In the order in which they are asked; a win needs them all. Each can be asked whatever others say."""
    make: Callable[[], Making]
