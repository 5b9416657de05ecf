"""A faulty lot that was held and contained before a customer felt it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """Where it was caught, and whose goods they were."""
    plain = ("Caught here, not there", "A fault that no customer felt", "Held, sorted, and nothing came back")
    if not s.facts.customer_named:
        return tuple((each,) for each in plain)
    who = s.customer
    return (
        (f"{who}: caught here, not there", f"{who}: caught here", plain[0]),
        (f"A fault {who} never felt", f"Never felt by {who}", plain[1]),
        (f"Held, sorted, and nothing back from {who}", f"Nothing came back from {who}", plain[2]),
    )


def glance(s: EnglishSubject) -> Rows:
    """Its days."""
    return [
        ("Held", f"{s.day('held_on')}"),
        ("Released", f"{s.day('released_on')}"),
        ("Delivered", f"{s.day('delivered_at')}"),
        ("Returns watched", f"{s.figure('return_window_days')}"),
    ]
