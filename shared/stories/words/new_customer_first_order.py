"""A first order that met a roadblock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories import phrases
from shared.stories.orders import glance, who, whose

if TYPE_CHECKING:
    from shared.stories.headlines import Voices
    from shared.stories.telling import OrderTelling

__all__ = ["glance", "headlines"]


def headlines(s: OrderTelling) -> Voices:
    """What stood in the way, or at least for whom."""
    bare, customer = phrases.bare(s.obstacle), who(s, "a new customer")
    owner = phrases.sentence(whose(s, "a new customer\u2019s"))
    plain = f"First order on time after {s.obstacle}"
    return (
        (
            f"{owner} first order beat {s.obstacle}",
            f"{phrases.sentence(customer)}: first order, on time",
            plain,
        ),
        (f"First order for {customer} on time after {bare}", f"First order for {customer} on time", plain),
        (
            f"First order complete for {customer} after {bare}",
            f"First order complete for {customer}",
            f"First order complete after {s.obstacle}",
        ),
    )
