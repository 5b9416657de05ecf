"""A promise moved in time and by agreement, and the new day kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.en.orders import who
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishOrder


def headlines(s: EnglishOrder) -> Voices:
    """That it was told early, and that the new day held."""
    customer, notice = who(s, "a customer"), s.figure("notice_days")
    named, plain = sentence(customer), "Bad news early, good delivery later"
    return (
        (
            f"Bad news early for {customer}, good delivery later",
            f"{named}: told early, delivered as agreed",
            plain,
        ),
        (
            f"Agreed with {customer} in time: {s.day('new_day')} kept",
            f"New day kept for {customer}",
            f"Agreed in time: {s.day('new_day')} kept",
        ),
        (
            f"{notice} of notice for {customer}, new day kept",
            f"{named}: {notice} of notice",
            f"{notice} of notice, and the new day kept",
        ),
    )


def glance(s: EnglishOrder) -> Rows:
    """The day first promised, the day agreed, and the day it came."""
    return [
        ("First promised", f"{s.day('first_day')}"),
        ("Agreed instead", f"{s.day('new_day')}"),
        ("Delivered", f"{s.delivered}, {s.at}"),
        ("Notice given", f"{s.figure('notice_days')}"),
    ]
