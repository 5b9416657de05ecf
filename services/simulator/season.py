"""The calendar of the trade: working days, busy months, and how reliable each month is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from services.simulator.dice import Dice

ORGANISATION = ZoneInfo("Europe/Berlin")
ORDERS_A_MONTH = 205
BUSY = (0.95, 0.96, 1.08, 1.04, 1.0, 1.02, 0.93, 0.78, 1.08, 1.14, 1.12, 0.9)
"""Orders placed, January to December, as a multiple of an average month."""
TROUBLE = (0.75, 0.7, 0.75, 0.8, 1.0, 1.45, 1.8, 1.65, 1.1, 0.75, 0.6, 0.55)
"""How much goes wrong, January to December: a difficult summer, a recovering autumn."""
TROUBLE_BEFORE = 0.9
"""The same for the months before the year."""
_SATURDAY = 5
_OFFICE = range(7, 18)


def trouble(day: date, year: int) -> float:
    """How much goes wrong around `day`, as a multiple of the usual."""
    return TROUBLE[day.month - 1] if day.year >= year else TROUBLE_BEFORE


def is_workday(day: date) -> bool:
    """Monday to Friday, but for the days between Christmas Eve and New Year and Labour Day."""
    holiday = (day.month, day.day) in {(1, 1), (5, 1), (12, 31)} or (
        day.month == 12 and 24 <= day.day <= 26  # noqa: PLR2004 - a date
    )
    return day.weekday() < _SATURDAY and not holiday


def workday(day: date) -> date:
    """`day`, or the next working day."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def workday_before(day: date, days: int) -> date:
    """The working day at or before `day` less `days` calendar days."""
    day -= timedelta(days=days)
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def workdays_before(day: date, count: int) -> date:
    """The day so many working days before `day`."""
    for _ in range(count):
        day = workday_before(day, 1)
    return day


def clock(dice: Dice, day: date, zone: ZoneInfo, first: int = 7, last: int = 16) -> datetime:
    """A time on `day` in `zone`, its hour from `first` to `last`."""
    return datetime.combine(day, time(dice.between(first, last), dice.between(0, 59)), zone)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of `day` in `zone`."""
    return datetime.combine(day, time(), zone)


def moment(dice: Dice, first: datetime, last: datetime) -> datetime:
    """An instant between two, in office hours of `first`'s zone if a few tries find one."""
    span = int((last - first).total_seconds() // 60)
    found = first
    for _ in range(12):
        found = first + timedelta(minutes=dice.between(0, span))
        if found.hour in _OFFICE and found.weekday() < _SATURDAY:
            break
    return found.replace(second=0, microsecond=0)


def months(first: date, last: date) -> Iterator[date]:
    """The first days of all months from `first`'s to `last`'s."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
