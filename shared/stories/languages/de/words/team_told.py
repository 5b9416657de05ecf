"""What one side told and the other confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """Who told it, and about whom."""
    teller, other = ("Vertrieb", "Operations") if s.says("told_by_sales") else ("Operations", "Vertrieb")
    source = "dem Vertrieb" if s.says("told_by_sales") else "Operations"
    witness = "von Operations" if s.says("told_by_sales") else "vom Vertrieb"
    plain = (
        f"{teller} erzählt es, {other} bestätigt es",
        f"Eine Geschichte aus {source}, bestätigt {witness}",
        f"{teller} erzählt, und {other} stimmt zu",
    )
    if not s.facts.customer_named:
        return tuple((each,) for each in plain)
    who = s.customer
    return (
        (f"{who}: {teller} erzählt, {other} bestätigt", f"{who}: erzählt und bestätigt", plain[0]),
        (f"Eine Geschichte aus {source} über {who}", f"Eine Geschichte über {who}", plain[1]),
        (f"{teller} erzählt von einer Bestellung: {who}", f"Erzählt: eine Bestellung von {who}", plain[2]),
    )


def glance(s: GermanSubject) -> Rows:
    """Its days."""
    return [
        ("Geliefert", f"{s.day('delivered_at')}"),
        ("Erzählt", f"{s.day('told_on')}"),
        ("Bestätigt", f"{s.day('confirmed_on')}"),
        ("Retourenfrist", f"{s.figure('return_window_days')}"),
    ]
