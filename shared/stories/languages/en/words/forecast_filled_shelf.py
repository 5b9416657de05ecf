"""A forecast that only Sales could make, and the goods that were there for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """What was seen coming, and how full the shelf was."""
    filled, name = s.figure("first_pass_percent"), s.subject
    plain = "Sales saw it coming, Operations had it ready"
    return (
        (f"{sentence(name)}: seen coming, and there", plain),
        (f"{filled} of {name} left at once", f"{filled} left at once, as foreseen"),
        (f"Foreseen and in stock: {name}", "Foreseen by Sales, stocked by Operations"),
    )


def glance(s: EnglishSubject) -> Rows:
    """The error, the best other error, and how much was there at once, now and before."""
    return [
        ("Sales off by", f"{s.figure('error_percent')}"),
        ("Next best", f"{s.figure('reference_error_percent')}"),
        ("There at once", f"{s.figure('first_pass_percent')}"),
        ("Half-year before", f"{s.figure('first_pass_before_percent')}"),
    ]
