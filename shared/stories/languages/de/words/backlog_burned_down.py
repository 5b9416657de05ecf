"""A long list of overdue lines, worked off."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shared.stories.languages import Rows, Voices
    from shared.stories.languages.de.telling import GermanSubject


def headlines(s: GermanSubject) -> Voices:
    """From how many overdue lines to how many."""
    who, then, now = s.customer_object, s.figure("overdue"), s.figure("left")
    plain = f"Von {then} überfälligen Positionen auf {now}"
    if not s.facts.customer_named:
        return (
            (plain,),
            (f"{then} Positionen waren überfällig, jetzt {now}",),
            ("Ein Rückstand, abgearbeitet und verschwunden",),
        )
    return (
        (
            f"{who}: v{plain[1:]}",
            f"{who}: erst {then} überfällig, dann {now}",
            plain,
        ),
        (f"Der Rückstand bei {who} ist abgearbeitet", f"Rückstand abgebaut für {who}", plain),
        (f"{then} Positionen für {who} überfällig, jetzt {now}", f"Überfällig für {who}: jetzt {now}", plain),
    )


def glance(s: GermanSubject) -> Rows:
    """The list when it was longest, and when it stayed short."""
    return [
        ("Höchststand", f"{s.count('overdue', 'Position', 'Positionen')}"),
        ("Am", f"{s.day('overdue_on')}"),
        ("Zuletzt höchstens", f"{s.count('left', 'Position', 'Positionen')}"),
        ("Seit dem", f"{s.day('since')}"),
    ]
