"""Calendar periods: months, ISO weeks and quarters, half-open, in the organisation's time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_MONTH = re.compile(r"((?:19|20|21)\d\d)-(0[1-9]|1[0-2])")
_WEEK = re.compile(r"((?:19|20|21)\d\d)-W(0[1-9]|[1-4]\d|5[0-3])")
_MOST_SHOWN = 40
"""Characters of what is no period."""


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """The days from `start` up to, not including, `end`."""

    start: date
    end: date
    name: str
    unit: Literal["month", "week", "quarter"]

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read `2026-10` (a month) or `2026-W43` (an ISO week); ValueError says what to write."""
        if month := _MONTH.fullmatch(text):
            return cls.month(int(month[1]), int(month[2]))
        if week := _WEEK.fullmatch(text):
            try:
                start = date.fromisocalendar(int(week[1]), int(week[2]), 1)
            except ValueError:
                raise ValueError(f"{week[1]} has no week {int(week[2])}; its last is 52") from None
            return cls(start, start + timedelta(days=7), text, "week")
        text = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        raise ValueError(f"{text!r} is no period; write a month as 2026-10 or an ISO week as 2026-W43")

    @classmethod
    def month(cls, year: int, number: int) -> Period:
        """The calendar month `number` (1-12) of `year`."""
        end = date(year + number // 12, number % 12 + 1, 1)
        return cls(date(year, number, 1), end, f"{year:04}-{number:02}", "month")

    @classmethod
    def quarter(cls, year: int, number: int) -> Period:
        """The calendar quarter `number` (1-4) of `year`."""
        end = date(year + number // 4, number % 4 * 3 + 1, 1)
        return cls(date(year, number * 3 - 2, 1), end, f"{year:04}-Q{number}", "quarter")

    @classmethod
    def of(cls, day: date, unit: Literal["month", "week", "quarter"]) -> Period:
        """The period of a kind that holds a day."""
        if unit == "week":
            return cls.parse(f"{day:%G}-W{day:%V}")
        if unit == "quarter":
            return cls.quarter(day.year, (day.month + 2) // 3)
        return cls.month(day.year, day.month)

    @property
    def previous(self) -> Period:
        """The period of the same kind just before this one."""
        return self.back(1)

    def back(self, count: int) -> Period:
        """The period of the same kind, `count` periods earlier."""
        if self.unit == "week":
            start = self.start - timedelta(weeks=count)
            return Period(start, start + timedelta(days=7), f"{start:%G}-W{start:%V}", "week")
        if self.unit == "quarter":
            quarters = self.start.year * 4 + self.start.month // 3 - count
            return Period.quarter(quarters // 4, quarters % 4 + 1)
        months = self.start.year * 12 + self.start.month - 1 - count
        return Period.month(months // 12, months % 12 + 1)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """The first instant of the period in `zone`."""
        return datetime.combine(self.start, time(), zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The first instant after the period in `zone`."""
        return datetime.combine(self.end, time(), zone)
