"""A habit of forecasting too much, or too little, that was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """Which way it had been off, and what is left of it."""
    way, name = ("hoch" if s.says("too_high") else "niedrig"), s.subject
    before, now = s.figure("bias_before_percent"), s.figure("bias_percent")
    missed = f"erst {before} daneben, jetzt {now}"
    freed = "weniger im Lager" if s.says("too_high") else "weniger Fehlmengen"
    return (
        (f"Von immer zu {way} auf richtig: {name}", f"Von immer zu {way} auf richtig"),
        (
            f"{sentence(name)}: {missed}",
            f"Prognose {missed}",
        ),
        (f"Eine geradere Prognose für {name}", f"Eine geradere Prognose, {freed}"),
    )


def glance(s: GermanSubject) -> Rows:
    """The bias before and after, and what it freed."""
    way = "hoch" if s.says("too_high") else "niedrig"
    rows = [
        ("Vorher", f"{s.figure('bias_before_percent')} zu {way}"),
        ("Seither", f"{s.figure('bias_percent')}"),
    ]
    if s.says("too_high"):
        return [
            *rows,
            ("Bestand vorher", f"{s.figure('stock_before')}"),
            ("Bestand seither", f"{s.figure('stock_after')}"),
        ]
    return [
        *rows,
        ("Gekürzt vorher", f"{s.figure('short_before_percent')}"),
        ("Gekürzt seither", f"{s.figure('short_after_percent')}"),
    ]
