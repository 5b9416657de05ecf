"""Whom something could be asked, what it costs them at most, and why somebody is not asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from shared.patterns.model import Side
    from shared.rules import Rules
    from shared.store.questions import Kind

MONTH: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asking:
    """How much is asked; the settings fill it."""

    most_a_month: int = 6
    """Questions that one person gets in 30 days; more than one or two a week are work."""
    working_days: int = 5
    """Working days in which a question about one's own side may be answered: a week has a quiet hour."""
    within_days: int = 10
    """Working days after which nobody is asked any more: who is asked later hardly remembers."""


ASKING: Final = Asking()


class Wanted(NamedTuple):
    """Something that one of these people could be asked: the first who may be, and only one at a time."""

    kind: Kind
    subject: str
    people: tuple[str, ...]
    due_on: date
    side: Side | None = None
    """Of which one must be to answer; None where it does not matter."""
    weight: Decimal = Decimal(0)
    """What weighs more is asked first."""


def working_days_before(day: date, days: int, rules: Rules) -> date:
    """The day from which on so many working days led up to a day."""
    while days > 0:
        day -= timedelta(days=1)
        days -= rules.works_on(day)
    return day
