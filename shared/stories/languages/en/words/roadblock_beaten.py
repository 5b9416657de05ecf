"""An existing customer's order that kept its first promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.en import phrases
from shared.stories.languages.en.orders import glance, who
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Voices
    from shared.stories.languages.en.telling import EnglishOrder

__all__ = ["glance", "headlines"]


def headlines(s: EnglishOrder) -> Voices:
    """What was overcome, or the day that was kept."""
    kept, bare, customer = f"{s.due} promise kept", phrases.bare(s.obstacle), who(s, "a customer")
    calm, plain = f"{sentence(s.obstacle)} did not delay {customer}", f"On time after {s.obstacle}"
    averted = f"{s.delay} of delay averted" if s.delay else "delay averted"
    if s.facts.delivered_at.date() > s.facts.due_on:  # within the tolerance, so the day itself was not kept
        return ((plain,),)
    if not s.facts.customer_named:
        return (
            (f"{sentence(averted)}, {kept}",),
            (calm,),
            (f"On time after {bare}: {kept}",),
        )
    return (
        (f"{customer}: {averted}", f"{customer}: delay averted", plain),
        (
            calm,
            f"{sentence(bare)}, no delay: {customer}",
            f"No delay for {customer}",
            f"{kept} after {s.obstacle}",
        ),
        (
            f"{customer}: on time after {s.obstacle}",
            f"{customer}: on time after {bare}",
            f"{customer}: on time",
            plain,
        ),
    )
