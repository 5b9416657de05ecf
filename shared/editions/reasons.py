"""Why a win is told or not, in words for the editor; no names of people or customers in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal


def chosen(strength: Decimal, same_pattern: int, unseen: Iterable[str], *, waits: bool, pinned: bool) -> str:
    """`strength 71.4; first of its pattern; not seen for a quarter: quality`."""
    turn = f"{same_pattern} of its pattern before it" if same_pattern else "first of its pattern"
    teams = ", ".join(sorted(phrases().department(team) for team in unseen))
    parts = (
        "an editor chose it" if pinned else "",
        f"strength {strength:.1f}",
        turn,
        f"not seen for a quarter: {teams}" if teams else "",
        "after others, for somebody in it was mentioned often" if waits else "",
    )
    return "; ".join(part for part in parts if part)


def dropped() -> str:
    """Somebody left it out."""
    return "an editor left it out"


def enough_of(pattern: str, count: int) -> str:
    """The edition has enough of its pattern."""
    return f"{count} of {pattern} are told already, which is the most (TANDEM_STORY_MOST_PER_PATTERN)"


def full(strength: Decimal, limit: int) -> str:
    """The edition has no more room."""
    return f"strength {strength:.1f}; the edition tells {limit} at most, and each pattern in its turn"


def weak(score: Decimal, least: Decimal) -> str:
    """The company tells stronger ones only."""
    return f"strength {score:.1f}, less than the least that is told, {least:f} (TANDEM_STORY_LEAST_SCORE)"


def wordless(pattern: str) -> str:
    """Nobody wrote a template."""
    return f"no words are written for {pattern}; add its story template"


def order_told(order_id: str) -> str:
    """An earlier edition told of the order."""
    return f"an earlier edition told of order {order_id}"


def cooling(pattern: str, days: int) -> str:
    """The customer has had its turn."""
    return f"{pattern} told of this customer within {days} days (TANDEM_STORY_COOLDOWN_DAYS)"


def spent(teller: str | None) -> str:
    """Without what was told already, nothing of both sides is left."""
    return f"{teller} tells the same deeds" if teller else "an earlier edition told its deeds"


def same_order(teller: str) -> str:
    """A stronger story of the order."""
    return f"{teller} tells of its order, and names it"


def same_customer(teller: str) -> str:
    """A stronger story of the customer."""
    return f"{teller} tells of its customer; one a customer"
