"""What the headlines of orders share, and the dates that stand beside their stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.en import phrases

if TYPE_CHECKING:
    from shared.stories.languages.en.telling import EnglishOrder


def whose(s: EnglishOrder, otherwise: str) -> str:
    """`Acme's`, or for a customer who is not named, `a new customer's`."""
    return phrases.possessive(s.customer) if s.facts.customer_named else otherwise


def who(s: EnglishOrder, otherwise: str) -> str:
    """The customer's name, or for one who is not named, `a new customer`."""
    return s.customer if s.facts.customer_named else otherwise


def glance(s: EnglishOrder) -> list[tuple[str, str]]:
    """The dates of an order beside each other, as labels and values."""
    rows = [("Promised", s.due), ("Delivered", f"{s.delivered}, {s.at}")]
    if s.delay:
        rows.append(("Delay foreseen", s.delay))
    return [*rows, ("Returns watched", s.window)]
