"""Which of the wins that could be told are told: numbers with reasons, and what was told before.

None of it changes whether something is a win.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from shared.patterns.concluding import RARITY
from shared.patterns.contributions import DEED

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet
    from datetime import date

    from shared.patterns.model import Contribution, Win

_UNKNOWN = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Choice:
    """How an edition chooses; the settings fill it."""

    most_per_pattern: int = 3
    """Stories of one pattern in an edition; more read like a series, and of many some are luck."""
    least_score: Decimal = Decimal(0)
    """Points, of the score's 100, below which a win is not told; what people wrote an editor judged."""
    cooldown_days: int = 90
    """Days in which one pattern tells of a customer once: a quarter, so that others have their turn."""
    unseen_points: Decimal = Decimal(10)
    """Points, of the score's 100, for a story whose teams no edition credited in the quarter before."""
    most_person_percent: int = 15
    """Percent of a quarter's mentions beyond which a person's stories wait for those of others."""
    objection_days: int = 3
    """Working days in which whoever would be named in a story may object, before it is told."""


CHOICE = Choice()
QUARTER = timedelta(days=92)
"""As far back as teams and people are remembered, to give each a turn."""
FEW_MENTIONS = 3
"""Mentions in a quarter that are never too many, however few there are in all."""


class Told(NamedTuple):
    """A story of a released edition, by what it must not be told again."""

    pattern: str
    customer_id: str | None
    order_id: str | None
    on: date
    """The last day of its edition's period."""
    events: frozenset[tuple[str, str]]
    """Source and id of the deeds it told."""
    teams: frozenset[str] = frozenset()
    """The departments it credits."""
    people: frozenset[str] = frozenset()
    """Who had a part in it, named or not, by id; told only of the quarter before."""


def ranking(win: Win, rarity: Decimal | None) -> Decimal:
    """The score for ranking: rare by the company's own months, where the win's own record does not tell.

    Its rarity, a half, gives way to theirs in 100·√J·Q·(0.40·D + 0.35·V + 0.25·R).
    """
    if rarity is None or win.rarity != _UNKNOWN:
        return win.score
    more = 100 * win.jointness.sqrt() * win.quality * RARITY * (rarity - _UNKNOWN)
    return min(win.ceiling, win.score + more)


def teams_of(win: Win) -> frozenset[str]:
    """The departments that a story of it credits."""
    return frozenset(part.department for part in (*win.sales, *win.operations))


def people_of(win: Win) -> frozenset[str]:
    """Who did something out of the ordinary in it, or anything at all."""
    return frozenset(part.person_id for part in _deeds(win))


def events_of(win: Win) -> frozenset[tuple[str, str]]:
    """Source and id of the events in which people contributed out of the ordinary, or at all."""
    return frozenset((part.event.source, part.event.id) for part in _deeds(win))


def unspent(win: Win, used: AbstractSet[tuple[str, str]]) -> Win | None:
    """The win without the deeds that a story has told; None where what is left is not of both sides."""
    if not events_of(win) & used:
        return win
    left = replace(win, sales=_fresh(win.sales, used), operations=_fresh(win.operations, used))
    weight = min(DEED, *(max(part.weight for part in side) for side in (win.sales, win.operations)))
    sales, operations = (
        {part.person_id for part in side if part.weight >= weight} for side in (left.sales, left.operations)
    )
    return left if sales and operations and len(sales | operations) > 1 else None


def _fresh(parts: tuple[Contribution, ...], used: AbstractSet[tuple[str, str]]) -> tuple[Contribution, ...]:
    return tuple(part for part in parts if (part.event.source, part.event.id) not in used)


def _deeds(win: Win) -> list[Contribution]:
    parts = [*win.sales, *win.operations]
    return [part for part in parts if part.weight >= DEED] or parts
