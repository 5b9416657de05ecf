"""Every number the rules leave to the company: unit, default and reason stand here, once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Rules:
    """How events are judged; the settings fill it, everything below takes it as an argument."""

    zone: ZoneInfo = UTC
    """The organisation's time zone: its periods, and the dates where a ship-to names no zone."""
    late_tolerance_days: int = 0
    """Days after the due day that still count as on time; 0, because the promise was a day."""
    late_event_grace_days: int = 3
    """Days to wait for late proof of delivery before an undelivered line counts as a miss."""
    return_window_days: int = 30
    """Days in which most quality returns arrive; a win is not told before."""
    feedback_window_days: int = 14
    """Days in which a customer answers about a delivery."""
    new_customer_lookback_months: int = 24
    """Months without an order that make a customer new."""
    first_won_within_days: int = 90
    """Days before the first order in which the win of a customer proves that it is new."""
    roadblock_notice_hours: int = 4
    """Hours before the due day by which a roadblock must have been raised to be one."""
    roadblock_least_minutes: int = 15
    """Minutes a roadblock must last; what ends sooner was a wrong alarm."""
    joint_floor: Decimal = Decimal("0.5")
    """The least jointness: neither side contributed less than a third of the other."""
    contribution_cap: Decimal = Decimal(3)
    """The most that one side's contributions add up to, so that long threads do not outweigh deeds."""
    min_order_value: Decimal = Decimal(0)
    """In the order's currency; smaller orders make no win unless strategic."""
    full_delay_days: int = 5
    """Predicted days of delay that count as full difficulty in the score."""
    full_order_value: Decimal = Decimal(10_000)
    """Order value, in the order's currency, that counts as full value in the score."""
    documents_complete: bool = False
    """Whether every wrong document is reported, so that silence means the papers were right."""
    story_max_age_days: int = 92
    """Days after it became final in which a win may still be told."""
    forecast_lag_days: int = 30
    """Days before its period starts by which a forecast must stand to be measured."""
    holidays: tuple[date, ...] = ()
    """Days on which nobody works, besides weekends; none, because no two companies have the same."""
    thresholds: tuple[tuple[str, Decimal], ...] = ()
    """What the company set of the numbers that stand in the patterns, by name."""

    def works_on(self, day: date) -> bool:
        """Whether a day is a working day."""
        return day.weekday() < _SATURDAY and day not in self.holidays


_SATURDAY = 5
DEFAULTS = Rules()
