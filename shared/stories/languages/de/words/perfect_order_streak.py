"""Orders of one customer, one after another, without a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """How many, and whose."""
    orders, who = s.count("orders", "Bestellung", "Bestellungen"), s.customer
    plain = f"{orders} in Folge ohne Fehler"
    if not s.facts.customer_named:
        return ((plain,), (f"Kein einziger Fehler in {orders}",), (f"{orders}, und an keiner ein Fehler",))
    return (
        (f"{who}: {plain}", f"{who}: {orders} ohne Fehler", plain),
        (f"Kein einziger Fehler in {orders} für {who}", f"{orders} ohne Fehler für {who}", plain),
        (f"Nichts auszusetzen an {orders} für {who}", f"Nichts auszusetzen für {who}: {orders}", plain),
    )


def glance(s: GermanSubject) -> Rows:
    """How many in a row, from when to when, and what had been usual."""
    usual = "Früher üblich" if s.says("usual_known") else "Als üblich gesetzt"
    return [
        ("In Folge", f"{s.figure('orders')}"),
        ("Erste fällig", f"{s.day('from')}"),
        ("Letzte fällig", f"{s.day('to')}"),
        (usual, f"{s.figure('usual_percent')}"),
    ]
