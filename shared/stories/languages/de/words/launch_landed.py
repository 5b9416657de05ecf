"""A launch that came about as foreseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """What was launched, and how much of it was there at once."""
    filled, name = s.figure("first_pass_percent"), s.subject
    kept = "nichts kam fehlerhaft zurück" if s.says("nothing_faulty") else "kaum ein Fehler"
    return (
        (f"{sentence(name)}: eingeführt, vorrätig, behalten", "Eingeführt, vorrätig und von Kunden behalten"),
        (f"Eine gelungene Einführung: {name}", f"Eine gelungene Einführung: {filled} sofort"),
        (f"Neu und sofort da: {name}", f"Neu, sofort da, {kept}"),
    )


def glance(s: GermanSubject) -> Rows:
    """The day, the error, how much was there at once and what was left."""
    return [
        ("Eingeführt", f"{s.day('launched_on')}"),
        ("Prognose daneben", f"{s.figure('error_percent')}"),
        ("Sofort da", f"{s.figure('first_pass_percent')}"),
        ("Bestand in Wochen", f"{s.figure('weeks_of_stock')}"),
    ]
