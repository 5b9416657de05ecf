"""A spike that Sales foretold and Operations served."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """How early the warning came, how far demand rose, and how well it was served."""
    early, uplift, otif = s.figure("ahead_days"), s.figure("uplift_percent"), s.figure("otif_percent")
    name = s.subject
    return (
        (f"{early} Vorwarnung, {uplift} mehr, {otif} pünktlich",),
        (f"{sentence(name)}: {uplift} mehr, und bedient", f"{uplift} mehr Nachfrage, und bedient"),
        (f"{early} vorher gewarnt, bedient: {name}", f"{early} vorher gewarnt und bedient"),
    )


def glance(s: GermanSubject) -> Rows:
    """When it was told, what had been expected and what came, and the service."""
    return [
        ("Gewarnt", f"{s.figure('ahead_days')} vorher"),
        ("Alte Prognose", f"{s.figure('old_forecast')}"),
        ("Nachfrage", f"{s.figure('demand')}"),
        ("Liefertreue", f"{s.figure('otif_percent')}"),
    ]
