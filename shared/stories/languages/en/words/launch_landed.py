"""A launch that came about as foreseen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """What was launched, and how much of it was there at once."""
    filled, name = s.figure("first_pass_percent"), s.subject
    kept = "nothing came back faulty" if s.says("nothing_faulty") else "hardly a fault"
    return (
        (f"{sentence(name)}: launched, stocked, kept", "Launched, stocked and kept by customers"),
        (f"A launch that landed: {name}", f"A launch that landed: {filled} at once"),
        (f"New and there at once: {name}", f"New, there at once, {kept}"),
    )


def glance(s: EnglishSubject) -> Rows:
    """The day, the error, how much was there at once and what was left."""
    return [
        ("Launched", f"{s.day('launched_on')}"),
        ("Forecast off by", f"{s.figure('error_percent')}"),
        ("There at once", f"{s.figure('first_pass_percent')}"),
        ("Weeks of stock", f"{s.figure('weeks_of_stock')}"),
    ]
