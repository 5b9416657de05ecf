"""How the people in a story are called in it, and until when they may say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from shared.clearance import last_day_to_object
from shared.people.reading import those

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection

    from shared.dossier import Dossier
    from shared.editions.choice import Choice
    from shared.people.model import Person
    from shared.rules import Rules


class Consent(NamedTuple):
    """One person of a story: how they wish to be called, whether they objected, and until when they may."""

    person_id: str
    department: str
    person: Person | None
    """None where no list of people knows them; then they are one of a team."""
    objected: bool
    until: date | None
    """The last day on which an objection comes before the story is told; None where nobody names them."""
    waits: bool
    """Whether the story waits for that day to pass."""

    @property
    def named(self) -> bool:
        """Whether readers see the name."""
        known = self.person is not None and self.person.erased_at is None and bool(self.person.name)
        return known and self.person is not None and self.person.naming == "named" and not self.objected


def consents(
    connection: Connection, dossier: Dossier, as_of: datetime, choice: Choice, rules: Rules
) -> list[Consent]:
    """Everybody who is in a story, by what they do in it or by name."""
    story, win = dossier.story, dossier.win
    people = {each.person_id: each.department for each in ((*win.sales, *win.operations) if win else ())}
    people |= {each.person_id: each.department for each in story.mentions}
    known = those(connection, people)
    objected = {each.by for each in dossier.history if each.action == "object"}
    last = last_day_to_object(story.changed_at, choice, rules)
    today = as_of.astimezone(rules.zone).date()
    found = [
        Consent(name, department, known.get(name), name in objected, None, waits=False)
        for name, department in sorted(people.items())
    ]
    return [each._replace(until=last, waits=today <= last) if each.named else each for each in found]


def called(connection: Connection, person_ids: Iterable[str | None]) -> dict[str, str]:
    """The names of those who work on stories, for each other; erased ones have none."""
    known = those(connection, {each for each in person_ids if each is not None})
    return {name: each.name for name, each in known.items() if each.name}
