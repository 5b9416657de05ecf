"""When a win is final: midnight in the organisation's zone, after every window has passed."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from shared.rules import Rules


def settled_at(rules: Rules, closed_at: datetime, due: date) -> datetime:
    """After the return window, the feedback window and the grace for late events of what was delivered."""
    closed = closed_at.astimezone(rules.zone).date()
    last = max(
        closed + timedelta(days=rules.return_window_days),
        closed + timedelta(days=rules.feedback_window_days),
        due + timedelta(days=rules.late_event_grace_days),
    )
    return midnight_after(rules, last)


def midnight_after(rules: Rules, day: date) -> datetime:
    """The end of a day."""
    return datetime.combine(day + timedelta(days=1), time(), rules.zone)
