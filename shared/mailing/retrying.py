"""When a mail that a relay put off is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

_STEPS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15))
_THEN: Final = timedelta(hours=1)


def next_try(attempt: int, now: datetime, good_until: datetime) -> datetime | None:
    """After attempt 1, 2, 3 … : after 1, 5 and 15 minutes, then every hour; None where that is too late."""
    due = now + (_STEPS[attempt - 1] if attempt <= len(_STEPS) else _THEN)
    return due if due <= good_until else None
