"""A customer let down, and won back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """From which answer to which, and in how many days."""
    who, days, after = s.customer, s.dative("days"), _after(s)
    plain = f"Erst {_first(s)}, dann {after}"
    if not s.facts.customer_named:
        return ((f"In {days} zurückgewonnen",), (plain,), ("Wie wir einen Kunden zurückgewannen",))
    return (
        (f"{who}: in {days} zurückgewonnen", f"{who}: zurückgewonnen", f"In {days} zurückgewonnen"),
        (f"{who}: {after} nach {_from(s)}", f"{after} von {who}", plain),
        (f"Wie wir {who} zurückgewannen", f"{who}: zurückgewonnen", "Wie wir einen Kunden zurückgewannen"),
    )


def glance(s: GermanSubject) -> Rows:
    """Both answers, and what lies between them."""
    return [
        ("Vorher", "Reklamation" if s.says("complained") else _from(s)),
        ("Nachher", _after(s)),
        ("Dazwischen", f"{s.figure('days')}"),
        ("Bestellungen", f"{s.figure('orders_since')}"),
    ]


def _first(s: GermanSubject) -> str:
    return "eine Reklamation" if s.says("complained") else _from(s)


def _from(s: GermanSubject) -> str:
    """The first answer, behind `von` and `nach`."""
    if s.says("complained"):
        return "einer Reklamation"
    return f"{s.figure('hurt_score')} von {s.figure('hurt_scale_max')}"


def _after(s: GermanSubject) -> str:
    return f"{s.figure('asked_score')} von {s.figure('asked_scale_max')}"
