"""Hundreds of pieces to a special requirement, and not one of them faulty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanOrder


def headlines(s: GermanOrder) -> Voices:
    """How many, and that none of them was faulty; none came back, where none did for any reason."""
    who, named, units = s.customer_object, sentence(s.customer or ""), f"{s.figure('units')} Stück"
    none = "keines fehlerhaft" if s.says("something_returned") else "keines kam zurück"
    return (
        (f"{named}: {units}, {none}", f"{units}, {none}"),
        (f"Kein Fehler an {units} für {who}", f"{units} für {who}, keines fehlerhaft", f"{units}, {none}"),
        (
            f"Anspruchsvolle Bestellung für {who}, und nichts fehlerhaft",
            f"Nichts fehlerhaft für {who}: {units}",
            f"Nichts fehlerhaft bei {units}",
        ),
    )


def glance(s: GermanOrder) -> Rows:
    """How many, when, and how long returns were watched for."""
    return [
        ("Stück", f"{s.figure('units')}"),
        ("Geliefert", f"{s.delivered}"),
        ("Fehlerhaft", "keines"),
        ("Retourenfrist", s.window),
    ]
