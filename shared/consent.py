"""How the people in a story are called in it, and until when they may say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from shared.clearance import days_to_object
from shared.people.reading import those
from shared.store import questions
from shared.stories.review import OBJECTIONS

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
    """The last day on which an objection comes before the story is told; None where nobody names them, where
    they agreed, or where the mail that asks them has not left."""
    waits: bool
    """Whether the story waits for them."""
    agreed: bool = False
    """Whether they said by the link of that mail that it may name them."""

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
    objected = {each.by for each in dossier.history if each.action in OBJECTIONS}
    asked = questions.heard(connection, [story.story_id], as_of).get(story.story_id, {})
    today = as_of.astimezone(rules.zone).date()
    found = [
        Consent(name, department, known.get(name), name in objected, None, waits=False)
        for name, department in sorted(people.items())
    ]
    for number, each in enumerate(found):
        if each.named:
            days = days_to_object(asked.get(each.person_id), story.changed_at, choice, rules)
            waits, agreed = days.waits_on(today), days.told and days.until is None
            found[number] = each._replace(until=days.until, waits=waits, agreed=agreed)
    return found


def called(connection: Connection, person_ids: Iterable[str | None]) -> dict[str, str]:
    """The names of those who work on stories, for each other; erased ones have none."""
    known = those(connection, {each for each in person_ids if each is not None})
    return {name: each.name for name, each in known.items() if each.name}
