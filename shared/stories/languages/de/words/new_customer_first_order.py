"""A first order that met a roadblock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.de.orders import glance, new
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Voices
    from shared.stories.languages.de.telling import GermanOrder


__all__ = ["glance", "headlines"]


def headlines(s: GermanOrder) -> Voices:
    """What stood in the way, or at least for whom."""
    who, named = new(s), sentence(new(s, subject=True))
    plain = f"Erste Bestellung pünktlich nach {s.obstacle_dative}"
    return (
        (
            f"{named}: erste Bestellung trotzt {s.obstacle_dative}",
            f"{named}: erste Bestellung, pünktlich",
            plain,
        ),
        (
            f"Erste Bestellung für {who} pünktlich nach {s.obstacle_dative}",
            f"Erste Bestellung für {who} pünktlich",
            plain,
        ),
        (
            f"Erste Bestellung vollständig für {who} nach {s.obstacle_dative}",
            f"Erste Bestellung vollständig für {who}",
            f"Erste Bestellung vollständig nach {s.obstacle_dative}",
        ),
    )
