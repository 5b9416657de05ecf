"""A first order without a roadblock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.de.orders import glance, new
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Voices
    from shared.stories.languages.de.telling import GermanOrder


__all__ = ["glance", "headlines"]


def headlines(s: GermanOrder) -> Voices:
    """Whose first order it was, and that nothing was missing."""
    who, named = new(s), sentence(new(s, subject=True))
    plain = f"Erste Bestellung vollständig, zugesagt zum {s.due}"
    return (
        (
            f"{named}: erste Bestellung vollständig und pünktlich",
            f"{named}: erste Bestellung, pünktlich",
            plain,
        ),
        (
            f"Erste Lieferung für {who} vollständig und pünktlich",
            f"Erste Lieferung für {who}: pünktlich",
            plain,
        ),
        (f"Erste Bestellung für {who}: nichts fehlte", f"Nichts fehlte für {who}", plain),
    )
