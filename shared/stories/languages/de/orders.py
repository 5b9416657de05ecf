"""What the German headlines of orders share, and the dates that stand beside their stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows
    from shared.stories.languages.de.telling import GermanOrder


def new(s: GermanOrder, *, subject: bool = False) -> str:
    """The customer's name; for one who is not named `ein neuer Kunde`, or `einen neuen Kunden`."""
    if s.facts.customer_named:
        return s.facts.customer
    return "ein neuer Kunde" if subject else "einen neuen Kunden"


def glance(s: GermanOrder) -> Rows:
    """The dates of an order beside each other, as labels and values."""
    rows = [("Zugesagt", s.due), ("Geliefert", s.delivered)]
    if s.delay:
        rows.append(("Erwarteter Verzug", s.delay))
    return [*rows, ("Retourenfrist", s.window)]
