"""What one side told and the other confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """Who told it, and about whom."""
    teller = "Sales" if s.says("told_by_sales") else "Operations"
    other = "Operations" if s.says("told_by_sales") else "Sales"
    plain = (
        f"{teller} tells it, {other} confirms it",
        f"A story from {teller}, confirmed by {other}",
        f"Told by {teller}, and {other} agrees",
    )
    if not s.facts.customer_named:
        return tuple((each,) for each in plain)
    who = s.customer
    return (
        (f"{who}: {teller} tells, {other} confirms", f"{who}: told and confirmed", plain[0]),
        (f"A story from {teller} about {who}", f"A story about {who}", plain[1]),
        (f"Told by {teller}: an order of {who}", f"Told: an order of {who}", plain[2]),
    )


def glance(s: EnglishSubject) -> Rows:
    """Its days."""
    return [
        ("Delivered", f"{s.day('delivered_at')}"),
        ("Told", f"{s.day('told_on')}"),
        ("Confirmed", f"{s.day('confirmed_on')}"),
        ("Returns watched", f"{s.figure('return_window_days')}"),
    ]
