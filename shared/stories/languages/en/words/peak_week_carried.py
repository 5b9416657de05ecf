"""A week with far more lines due than usual, carried."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """How large it was, and how much of it came in time."""
    times, otif = s.figure("times"), s.figure("otif_percent")
    return (
        (f"{times} times the lines, {otif} in time",),
        (f"A week of {s.count('lines', 'line')}, {otif} in time",),
        (f"{s.count('lines', 'line')} due, where {s.figure('usual_lines')} were usual",),
    )


def glance(s: EnglishSubject) -> Rows:
    """Its lines and its service beside the usual."""
    return [
        ("Lines due", f"{s.figure('lines')}"),
        ("Usual week", f"{s.figure('usual_lines')}"),
        ("In time, in full", f"{s.figure('otif_percent')}"),
        ("Weeks before", f"{s.figure('usual_otif_percent')}"),
    ]
