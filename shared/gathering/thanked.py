"""The thanks of a period, for everyone to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from shared.editions.sections import Note, Thanked
from shared.people.model import OPERATIONS, SALES
from shared.people.reading import those
from shared.quoting import quotable
from shared.store import thanks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from shared.people.model import Person
    from shared.periods import Period
    from shared.rules import Rules

NOTES: Final = 3
"""Notes that an edition shows, of as many stories as there are."""


def thanked(connection: Connection, period: Period, as_of: datetime, rules: Rules) -> Thanked | None:
    """What was given in a period by an instant, and not taken back; None where nothing was."""
    end = min(period.ends_at(rules.zone), as_of)
    given = thanks.within(connection, period.starts_at(rules.zone), end)
    if not given:
        return None
    went = thanks.departments(connection, [each.thanks_id for each in given])
    return Thanked(
        given=len(given),
        stories=len({each.story_id for each in given}),
        to_operations=_across(given, went, SALES, OPERATIONS),
        to_sales=_across(given, went, OPERATIONS, SALES),
        notes=_notes(connection, given),
    )


def _across(
    given: Sequence[Row[Any]], went: Mapping[str, Sequence[str]], giving: frozenset[str], to: frozenset[str]
) -> int:
    return sum(
        each.department in giving and not to.isdisjoint(went.get(each.thanks_id, ())) for each in given
    )


def _notes(connection: Connection, given: Sequence[Row[Any]]) -> tuple[Note, ...]:
    """The first note for each story, then the second for each, while there is room."""
    texts = quotable(connection, given)
    seen: dict[str, int] = {}
    turns: list[tuple[int, Row[Any]]] = []
    for each in given:
        if each.thanks_id in texts:
            seen[each.story_id] = seen.get(each.story_id, 0) + 1
            turns.append((seen[each.story_id], each))
    chosen = [each for _, each in sorted(turns, key=lambda turn: turn[0])[:NOTES]]
    givers = those(connection, {each.person_id for each in chosen})
    return tuple(_note(each, givers.get(each.person_id), texts[each.thanks_id]) for each in chosen)


def _note(given: Row[Any], giver: Person | None, text: str) -> Note:
    by, department = signed(giver, given.department)
    return Note(thanks_id=given.thanks_id, text=text, by=by, department=department)


def signed(giver: Person | None, department: str) -> tuple[str | None, str | None]:
    """The name and the department that may stand below a note, as its writer wishes to be spoken of."""
    if giver is None or giver.naming == "never":
        return None, None
    return (giver.name if giver.naming == "named" else None), department
