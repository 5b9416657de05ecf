"""How many mails a minute a relay may get."""

from __future__ import annotations


class Pace:
    """Spreads mails evenly; without a number there is nothing to wait for."""

    def __init__(self, per_minute: int | None) -> None:
        self._gap = 60 / per_minute if per_minute else 0.0
        self._next = 0.0

    def wait(self, now: float) -> float:
        """Seconds from `now` until the next mail may leave, which takes that place."""
        at = max(now, self._next)
        self._next = at + self._gap
        return at - now
