"""How many mails a minute a relay may get, and how many are claimed ahead."""

from __future__ import annotations

from typing import Final

_MOST: Final = 50
"""Mails that each connection may claim ahead,"""
_AHEAD: Final = 5.0
"""where they are sent within so many seconds: no lease may run out before its mail's turn."""


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


class Ahead:
    """Twice as many mails each time where the last were sent soon, and half as many where not."""

    def __init__(self, connections: int) -> None:
        self._least, self._most = 2 * connections, _MOST * connections
        self._last, self._before = self._least, float("-inf")

    def most(self, now: float) -> int:
        """How many to claim now that the last are used up."""
        wanted = 2 * self._last if now - self._before < _AHEAD else self._last // 2
        self._last, self._before = max(self._least, min(wanted, self._most)), now
        return self._last
