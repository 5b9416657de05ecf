"""Hundreds of pieces to a special requirement, and not one of them faulty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.en.orders import who
from shared.stories.sentences import sentence

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishOrder


def headlines(s: EnglishOrder) -> Voices:
    """How many, and that none of them was faulty; none came back, where none did for any reason."""
    customer, units = who(s, "a customer"), s.count("units", "unit")
    named = sentence(customer)
    none = "none faulty" if s.says("something_returned") else "none came back"
    return (
        (f"{named}: {units}, {none}", f"{units}, {none}"),
        (
            f"Not one faulty in {units} for {customer}",
            f"{units} for {customer}, none faulty",
            f"{units}, {none}",
        ),
        (
            f"A demanding order for {customer}, and nothing faulty",
            f"{units}, nothing faulty: {customer}",
            f"Nothing faulty in {units}",
        ),
    )


def glance(s: EnglishOrder) -> Rows:
    """How many, when, and how long returns were watched for."""
    return [
        ("Pieces", f"{s.figure('units')}"),
        ("Delivered", f"{s.delivered}, {s.at}"),
        ("Found faulty", "none"),
        ("Returns watched", s.window),
    ]
