"""Working days of the company: when editions are due, meetings are held and answers have had their time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from shared.rules import Rules

_DAY = timedelta(days=1)


def nth_working_day(rules: Rules, first: date, number: int) -> date:
    """The working day `number`, counted from 1, on or after `first`."""
    return after_working_days(first - _DAY, number, rules)


def after_working_days(day: date, days: int, rules: Rules) -> date:
    """The day by which so many working days after `day` have passed."""
    while days > 0:
        day += _DAY
        days -= rules.works_on(day)
    return day


def working_days_before(day: date, days: int, rules: Rules) -> date:
    """The day so many working days earlier."""
    while days > 0:
        day -= _DAY
        days -= rules.works_on(day)
    return day
