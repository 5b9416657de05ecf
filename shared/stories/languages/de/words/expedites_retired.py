"""Far fewer premium incidents than in the quarter before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """How many fewer."""
    fewer, now = s.count("fewer", "Eilfall", "Eilfälle"), s.figure("incidents")
    return (
        (f"{fewer} weniger in einem Quartal",),
        (f"Von {s.count('incidents_before', 'Rettung', 'Rettungen')} gegen Aufpreis auf {now}",),
        (f"{s.figure('fewer')}-mal weniger Alarm in einem Quartal",),
    )


def glance(s: GermanSubject) -> Rows:
    """Incidents and service beside those of the quarter before."""
    return [
        ("Gegen Aufpreis", f"{s.figure('incidents')}"),
        ("Vorquartal", f"{s.figure('incidents_before')}"),
        ("Liefertreue", f"{s.figure('otif_percent')}"),
        ("Zuvor", f"{s.figure('otif_before_percent')}"),
    ]
