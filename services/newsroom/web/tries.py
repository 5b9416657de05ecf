"""How often someone may try to sign in: counted in memory, for one process serves the newsroom."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from services.newsroom.web import faults

ACCOUNT: Final = RateLimitItemPerMinute(5)
"""Tries for one mail address, from wherever they come."""
VISITOR: Final = RateLimitItemPerMinute(30)
"""Tries from one address of the network, behind which a whole office may sit."""

HANDED_IN: Final = RateLimitItemPerHour(30)
"""Stories of one person, each time they are handed in."""
WRITTEN: Final = RateLimitItemPerMinute(240)
"""What one person, or a browser where nobody is signed in any more, has kept while writing."""
UPLOADED: Final = RateLimitItemPerHour(60)
"""Photos of one person."""


class Tries:
    """Every try of the last minute."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def of_visitor(self, address: str) -> None:
        """Count a try from an address of the network; raises Fault."""
        self._count(VISITOR, "visitor", address)

    def of_account(self, account: str) -> None:
        """Count a try for a mail address; raises Fault."""
        self._count(ACCOUNT, "account", account)

    def of_writer(self, most: RateLimitItem, who: str) -> None:
        """Count what someone sends who writes; raises Fault."""
        if not self._limiter.hit(most, "writer", sha256(who.encode()).hexdigest()):
            raise faults.too_much()

    def forget(self) -> None:
        """Count from nothing again."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def _count(self, most: RateLimitItemPerMinute, kind: str, of: str) -> None:
        """Of what is counted only a digest is kept."""
        if not self._limiter.hit(most, kind, sha256(of.encode()).hexdigest()):
            raise faults.too_often()
