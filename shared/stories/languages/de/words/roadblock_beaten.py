"""An existing customer's order that kept its first promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.de import phrases
from shared.stories.languages.de.orders import glance
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Voices
    from shared.stories.languages.de.telling import GermanOrder


__all__ = ["glance", "headlines"]


def headlines(s: GermanOrder) -> Voices:
    """What was overcome, or the day that was kept."""
    kept, who = f"{s.due} gehalten", s.customer_object
    named, plain = sentence(s.customer or ""), f"Pünktlich nach {s.obstacle_dative}"
    overcome = f"{sentence(phrases.bare(s.obstacle))} überwunden"
    averted = f"{s.delay} Verzug abgewendet" if s.delay else "Verzug abgewendet"
    if s.late:  # within the tolerance, so the day itself was not kept
        return ((plain,),)
    if not s.facts.customer_named:
        return (
            (f"{averted}, {kept}",),
            (f"{overcome}, {who} pünktlich beliefert", f"{overcome}, {kept}"),
            (f"{plain}: {kept}", f"{plain}: Termin gehalten", plain),
        )
    return (
        (f"{named}: {averted}", f"{named}: Verzug abgewendet", plain),
        (
            f"{overcome}, {who} pünktlich beliefert",
            f"{overcome} für {who}",
            f"{named}: Hindernis überwunden",
            f"{overcome}, {kept}",
        ),
        (f"{named}: pünktlich nach {s.obstacle_dative}", f"{named}: pünktlich", plain),
    )
