"""What the headlines of orders share, and the dates that stand beside their stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories import phrases

if TYPE_CHECKING:
    from shared.stories.telling import OrderTelling


def whose(s: OrderTelling, otherwise: str) -> str:
    """`Acme's`, or for a customer who is not named, `a new customer's`."""
    return phrases.possessive(s.customer) if s.facts.customer_named else otherwise


def who(s: OrderTelling, otherwise: str) -> str:
    """The customer's name, or for one who is not named, `a new customer`."""
    return s.customer if s.facts.customer_named else otherwise


def glance(s: OrderTelling) -> list[tuple[str, str]]:
    """The dates of an order beside each other, as labels and values."""
    rows = [("Promised", s.due), ("Delivered", f"{s.delivered}, {s.at}")]
    if s.delay:
        rows.append(("Delay foreseen", s.delay))
    return [*rows, ("Returns watched", s.window)]
