"""A forecast that only Sales could make, and the goods that were there for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """What was seen coming, and how full the shelf was."""
    filled, name = s.figure("first_pass_percent"), s.subject
    plain = "Der Vertrieb sah es kommen, Operations war bereit"
    return (
        (f"{sentence(name)}: erwartet und vorrätig", plain),
        (f"{filled} von {name} sofort geliefert", f"{filled} sofort geliefert, wie vorausgesehen"),
        (f"Vorausgesehen und vorrätig: {name}", "Vom Vertrieb vorausgesehen, von Operations bereitgestellt"),
    )


def glance(s: GermanSubject) -> Rows:
    """The error, the best other error, and how much was there at once, now and before."""
    return [
        ("Vertrieb daneben", f"{s.figure('error_percent')}"),
        ("Nächstbester Wert", f"{s.figure('reference_error_percent')}"),
        ("Sofort da", f"{s.figure('first_pass_percent')}"),
        ("Halbjahr davor", f"{s.figure('first_pass_before_percent')}"),
    ]
