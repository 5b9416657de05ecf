"""A faulty lot that was held and contained before a customer felt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """Where it was caught, and whose goods they were."""
    plain = (
        "Hier entdeckt, nicht beim Kunden",
        "Ein Fehler, den kein Kunde spürte",
        "Gesperrt, sortiert, und nichts kam zurück",
    )
    if not s.facts.customer_named:
        return tuple((each,) for each in plain)
    who = s.customer
    return (
        (f"{who}: hier entdeckt, nicht dort", f"{who}: hier entdeckt", plain[0]),
        (f"Ein Fehler, den {who} nie spürte", f"Nie gespürt: {who}", plain[1]),
        (f"Gesperrt, sortiert, und nichts zurück von {who}", f"Nichts kam zurück von {who}", plain[2]),
    )


def glance(s: GermanSubject) -> Rows:
    """Its days."""
    return [
        ("Gesperrt", f"{s.day('held_on')}"),
        ("Freigegeben", f"{s.day('released_on')}"),
        ("Geliefert", f"{s.day('delivered_at')}"),
        ("Retourenfrist", f"{s.figure('return_window_days')}"),
    ]
