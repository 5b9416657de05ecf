"""A habit of forecasting too much, or too little, that was given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """Which way it had been off, and what is left of it."""
    way, name = ("high" if s.says("too_high") else "low"), s.subject
    before, now = s.figure("bias_before_percent"), s.figure("bias_percent")
    freed = "less in store" if s.says("too_high") else "fewer left short"
    return (
        (f"From always too {way} to level: {name}", f"From always too {way} to level"),
        (
            f"{sentence(name)}: bias {before} then, {now} now",
            f"Forecast bias {before} then, {now} now",
        ),
        (f"A straighter forecast for {name}", f"A straighter forecast, {freed}"),
    )


def glance(s: EnglishSubject) -> Rows:
    """The bias before and after, and what it freed."""
    rows = [
        ("Bias before", f"{s.figure('bias_before_percent')} too {'high' if s.says('too_high') else 'low'}"),
        ("Bias since", f"{s.figure('bias_percent')}"),
    ]
    if s.says("too_high"):
        return [
            *rows,
            ("Stock before", f"{s.figure('stock_before')}"),
            ("Stock since", f"{s.figure('stock_after')}"),
        ]
    return [
        *rows,
        ("Short before", f"{s.figure('short_before_percent')}"),
        ("Short since", f"{s.figure('short_after_percent')}"),
    ]
