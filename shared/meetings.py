"""When the joint meeting about a month is held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from shared.workdays import nth_working_day

if TYPE_CHECKING:
    from shared.editions.model import Edition
    from shared.rules import Rules


@dataclass(frozen=True, slots=True)
class Meeting:
    """When the joint meeting is held; the settings fill it."""

    working_day: int = 7
    """Working day of the month after: the books are closed, and the pack can be read a day ahead."""
    at: time = time(10)
    """In the organisation's time zone."""
    minutes: int = 60
    """As long as its agenda."""

    def starts(self, edition: Edition, rules: Rules) -> datetime:
        """The instant at which the meeting about an edition's period begins."""
        day = nth_working_day(rules, edition.period.end, self.working_day)
        return datetime.combine(day, self.at, rules.zone)


MEETING: Final = Meeting()
