"""Far fewer premium incidents than in the quarter before."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """How many fewer."""
    fewer, now, before = s.figure("fewer"), s.figure("incidents"), s.figure("incidents_before")
    return (
        (f"{fewer} fewer emergencies in one quarter",),
        (f"From {before} rescues at a premium to {now}",),
        (f"A quarter with {fewer} fewer panics",),
    )


def glance(s: EnglishSubject) -> Rows:
    """Incidents and service beside those of the quarter before."""
    return [
        ("At a premium", f"{s.figure('incidents')}"),
        ("Quarter before", f"{s.figure('incidents_before')}"),
        ("In time, in full", f"{s.figure('otif_percent')}"),
        ("It was before", f"{s.figure('otif_before_percent')}"),
    ]
