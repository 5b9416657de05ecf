"""Working days of the company: those on which editions are due and meetings are held."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from shared.rules import Rules


def nth_working_day(rules: Rules, first: date, number: int) -> date:
    """The working day `number`, counted from 1, on or after `first`."""
    day, left = first, number
    while True:
        left -= rules.works_on(day)
        if not left:
            return day
        day += timedelta(days=1)
