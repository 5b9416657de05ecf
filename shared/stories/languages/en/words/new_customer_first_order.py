"""A first order that met a roadblock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.en import phrases
from shared.stories.languages.en.orders import glance, who, whose
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Voices
    from shared.stories.languages.en.telling import EnglishOrder

__all__ = ["glance", "headlines"]


def headlines(s: EnglishOrder) -> Voices:
    """What stood in the way, or at least for whom."""
    bare, customer = phrases.bare(s.obstacle), who(s, "a new customer")
    owner = sentence(whose(s, "a new customer\u2019s"))
    plain = f"First order on time after {s.obstacle}"
    return (
        (
            f"{owner} first order beat {s.obstacle}",
            f"{sentence(customer)}: first order, on time",
            plain,
        ),
        (f"First order for {customer} on time after {bare}", f"First order for {customer} on time", plain),
        (
            f"First order complete for {customer} after {bare}",
            f"First order complete for {customer}",
            f"First order complete after {s.obstacle}",
        ),
    )
