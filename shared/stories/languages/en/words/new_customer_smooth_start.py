"""A first order without a roadblock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.en.orders import glance, who, whose
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Voices
    from shared.stories.languages.en.telling import EnglishOrder

__all__ = ["glance", "headlines"]


def headlines(s: EnglishOrder) -> Voices:
    """Whose first order it was, and that nothing was missing."""
    customer = who(s, "a new customer")
    owner = sentence(whose(s, "a new customer\u2019s"))
    plain = f"First order complete, promised for {s.due}"
    return (
        (
            f"{owner} first order: complete and on time",
            f"{sentence(customer)}: first order, on time",
            plain,
        ),
        (
            f"First delivery to {customer} complete and on time",
            f"First delivery to {customer}: on time",
            plain,
        ),
        (f"First order for {customer}: nothing missing", f"Nothing missing for {customer}", plain),
    )
