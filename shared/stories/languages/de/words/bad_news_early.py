"""A promise moved in time and by agreement, and the new day kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanOrder


def headlines(s: GermanOrder) -> Voices:
    """That it was told early, and that the new day held."""
    who, named, notice = s.customer_object, sentence(s.customer or ""), s.figure("notice_days")
    plain = "Früh gesagt, später wie vereinbart geliefert"
    return (
        (f"Früh gesagt, gut geliefert: {who}", f"{named}: früh gesagt, wie vereinbart geliefert", plain),
        (
            f"Rechtzeitig vereinbart für {who}: {s.day('new_day')} gehalten",
            f"Neuer Termin für {who} gehalten",
            f"Rechtzeitig vereinbart: {s.day('new_day')} gehalten",
        ),
        (
            f"{notice} Vorlauf für {who}, neuer Termin gehalten",
            f"{named}: {notice} Vorlauf",
            f"{notice} Vorlauf, und der neue Termin hielt",
        ),
    )


def glance(s: GermanOrder) -> Rows:
    """The day first promised, the day agreed, and the day it came."""
    return [
        ("Zuerst zugesagt", f"{s.day('first_day')}"),
        ("Neu vereinbart", f"{s.day('new_day')}"),
        ("Geliefert", f"{s.delivered}"),
        ("Vorlauf", f"{s.figure('notice_days')}"),
    ]
