"""When an edition is due: on a working day of the month, or on a day of the week, at an hour of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.periods import Period
from shared.workdays import nth_working_day

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError

    from shared.rules import Rules

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Schedule(BaseModel):
    """`workday` tells of the month before, `weekday` of the week; with `review` an editor releases it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    edition: str
    workday: int | None = Field(default=None, ge=1, le=15)
    weekday: Weekday | None = None
    at: time = time(8)
    review: bool = False

    @property
    def unit(self) -> Literal["month", "week"]:
        """What it tells of."""
        return "week" if self.workday is None else "month"

    @model_validator(mode="after")
    def _one_kind(self) -> Schedule:
        if (self.workday is None) == (self.weekday is None):
            raise ValueError('write either "workday": 5 or "weekday": "monday"')
        if self.at.tzinfo is not None:
            raise ValueError('write "at" as the clock of TANDEM_ZONE shows it, such as "08:00"')
        return self


def why_not(error: ValidationError) -> str:
    """What is wrong with a schedule, and what to write instead."""
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]) if first["loc"] else ""
    hints = {
        "workday": "write a working day of the month from 1 to 15",
        "weekday": f"write one of {', '.join(WEEKDAYS)}",
        "at": "write a time of the day such as 08:00",
    }
    return hints.get(field) or first["msg"].removeprefix("Value error, ")


def days(schedule: Schedule, rules: Rules, first: date, last: date) -> Iterator[date]:
    """The days from `first` to `last` on which it is due."""
    day = first
    while day <= last:
        if _is_due(schedule, rules, day):
            yield day
        day += timedelta(days=1)


def due_at(schedule: Schedule, day: date, rules: Rules) -> datetime:
    """The instant on that day: the first of two where clocks go back, moved on where they go forward."""
    return datetime.combine(day, schedule.at, rules.zone).astimezone(UTC)


def period_told(schedule: Schedule, day: date) -> Period:
    """What an edition that is due on that day tells of: the month or week before."""
    return Period.of(day, schedule.unit).previous


def next_due(schedule: Schedule, now: datetime, rules: Rules) -> datetime:
    """When it is due after now."""
    today = now.astimezone(rules.zone).date()
    ahead = days(schedule, rules, today, today + timedelta(days=62))
    return next(at for day in ahead if (at := due_at(schedule, day, rules)) > now)


def _is_due(schedule: Schedule, rules: Rules, day: date) -> bool:
    if schedule.weekday is not None:
        return day.weekday() == WEEKDAYS.index(schedule.weekday)
    return day == _working_day(rules, day, schedule.workday or 1)


def _working_day(rules: Rules, within: date, number: int) -> date:
    """The working day `number` of a month, counted from 1; its last day where it has fewer."""
    month = Period.of(within, "month")
    return min(nth_working_day(rules, month.start, number), month.end - timedelta(days=1))
