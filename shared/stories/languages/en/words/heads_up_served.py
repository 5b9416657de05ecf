"""A spike that Sales foretold and Operations served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """How early the warning came, how far demand rose, and how well it was served."""
    early, uplift, otif = s.figure("ahead_days"), s.figure("uplift_percent"), s.figure("otif_percent")
    name = s.subject
    return (
        (f"{early} of warning, {uplift} more, {otif} on time",),
        (f"{sentence(name)}: {uplift} more, and served", f"{uplift} more demand, and served"),
        (f"Told {early} ahead, served: {name}", f"Told {early} ahead, and served in full"),
    )


def glance(s: EnglishSubject) -> Rows:
    """When it was told, what had been expected and what came, and the service."""
    return [
        ("Warned", f"{s.figure('ahead_days')} ahead"),
        ("Old forecast", f"{s.figure('old_forecast')}"),
        ("Demand", f"{s.figure('demand')}"),
        ("On time, in full", f"{s.figure('otif_percent')}"),
    ]
