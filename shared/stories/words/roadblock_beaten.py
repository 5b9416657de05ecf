"""An existing customer's order that kept its first promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories import phrases
from shared.stories.orders import glance, who

if TYPE_CHECKING:
    from shared.stories.headlines import Voices
    from shared.stories.telling import OrderTelling

__all__ = ["glance", "headlines"]


def headlines(s: OrderTelling) -> Voices:
    """What was overcome, or the day that was kept."""
    kept, bare, customer = f"{s.due} promise kept", phrases.bare(s.obstacle), who(s, "a customer")
    overcome, plain = f"{phrases.sentence(bare)} overcome", f"On time after {s.obstacle}"
    averted = f"{s.delay} of delay averted" if s.delay else "delay averted"
    if s.facts.delivered_at.date() > s.facts.due_on:  # within the tolerance, so the day itself was not kept
        return ((plain,),)
    if not s.facts.customer_named:
        return (
            (f"{phrases.sentence(averted)}, {kept}",),
            (f"{overcome}, {customer} served on time",),
            (f"On time after {bare}: {kept}",),
        )
    return (
        (f"{customer}: {averted}", f"{customer}: delay averted", plain),
        (f"{overcome}, {customer} served on time", f"{overcome} for {customer}", f"{overcome}, {kept}"),
        (
            f"{customer}: on time after {s.obstacle}",
            f"{customer}: on time after {bare}",
            f"{customer}: on time",
            plain,
        ),
    )
