"""A record of reliable deliveries, and more business after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """More business, and what went before it."""
    who = s.customer or ""
    if s.says("said_so"):
        sold = (f"{who}: Abschluss für verlässliche Lieferung", "Ein Abschluss für verlässliche Lieferung")
    else:
        grown = f"{s.figure('growth_percent')} mehr"
        sold = (f"{who} bucht {grown}", f"{grown} nach einem Quartal gehaltener Zusagen")
    record = f"{s.count('orders', 'Bestellung', 'Bestellungen')} fällig, dann mehr"
    last = "Erst verlässlich, dann mehr Geschäft"
    if not s.facts.customer_named:
        return ((sold[1],), (record,), (last,))
    return (
        (sold[0], f"Mehr von {who}", sold[1]),
        (f"{who}: {record}", f"{who}: gehalten, dann mehr", record),
        (f"Mehr Geschäft mit {who}", last),
    )


def glance(s: GermanSubject) -> Rows:
    """The record, and what was sold after it."""
    sold = (
        ("Abschluss", s.figure("deal")) if s.says("said_so") else ("Mehr gebucht", s.figure("growth_percent"))
    )
    return [
        ("Fällig", f"{s.figure('orders')}"),
        ("Ohne Fehler", f"{s.figure('faultless_orders')}"),
        *([(sold[0], sold[1])] if sold[1] else []),
        ("Bilanz bis", f"{s.day('to')}"),
    ]
