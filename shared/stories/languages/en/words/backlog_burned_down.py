"""A long list of overdue lines, worked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.en.telling import EnglishSubject


def headlines(s: EnglishSubject) -> Voices:
    """From how many overdue lines to how many."""
    who, then, now = s.subject, s.figure("overdue"), s.figure("left")
    plain = f"From {then} overdue lines to {now}"
    if not s.facts.customer_named:
        return (
            (plain,),
            (f"{then} lines were overdue; now it is {now}",),
            ("A backlog worked off, and gone",),
        )
    return (
        (f"{who}: from {then} overdue lines to {now}", f"{who}: {then} overdue, then {now}", plain),
        (f"The backlog of {who} is worked off", f"Backlog worked off for {who}", plain),
        (f"{then} lines overdue for {who}, now {now}", f"Overdue for {who}: now {now}", plain),
    )


def glance(s: EnglishSubject) -> Rows:
    """The list when it was longest, and when it stayed short."""
    return [
        ("Overdue at most", f"{s.count('overdue', 'line')}"),
        ("On", f"{s.day('overdue_on')}"),
        ("Left at most", f"{s.count('left', 'line')}"),
        ("From", f"{s.day('since')}"),
    ]
