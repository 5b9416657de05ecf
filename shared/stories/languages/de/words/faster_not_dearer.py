"""A customer that waits less, at the same margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """How long it waits now, and how long it did."""
    who, now, then = s.customer, s.figure("now_days"), s.figure("before_days")
    cut = s.figure("cut_percent")
    plain = f"{now} statt {then}"
    if not s.facts.customer_named:
        return ((plain,), (f"{cut} weniger Wartezeit bei gleicher Marge",), (f"Wartezeit um {cut} gekürzt",))
    return (
        (f"{who} wartet jetzt {plain}", f"{who}: {plain}", f"{who}: jetzt {now}", plain),
        (f"{who} wartet {cut} weniger", f"Wartezeit um {cut} gekürzt"),
        (f"Schneller für {who}, und nicht teurer", f"Schneller für {who}", "Schneller, und nicht teurer"),
    )


def glance(s: GermanSubject) -> Rows:
    """The wait and, for those who may see it, the margin, before and now."""
    before, now = s.figure("before_margin_percent"), s.figure("margin_percent")
    return [
        ("Wartezeit vorher", f"{s.figure('before_days')}"),
        ("Wartezeit jetzt", f"{s.figure('now_days')}"),
        *([("Marge vorher", before), ("Marge jetzt", now)] if before and now else []),
    ]
