"""A week with far more lines due than usual, carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """How large it was, and how much of it came in time."""
    otif, lines = s.figure("otif_percent"), s.count("lines", "Position", "Positionen")
    return (
        (f"Das {s.figure('times')}-Fache fällig, {otif} pünktlich",),
        (f"Eine Woche mit {lines}, {otif} pünktlich",),
        (f"{lines} fällig, wo {s.figure('usual_lines')} üblich waren",),
    )


def glance(s: GermanSubject) -> Rows:
    """Its lines and its service beside the usual."""
    return [
        ("Positionen fällig", f"{s.figure('lines')}"),
        ("Übliche Woche", f"{s.figure('usual_lines')}"),
        ("Liefertreue", f"{s.figure('otif_percent')}"),
        ("Wochen davor", f"{s.figure('usual_otif_percent')}"),
    ]
