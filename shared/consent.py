"""How the people in a story are called in it, and until when they may say otherwise."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

from shared.clearance import last_day_to_object
from shared.people.reading import those
from shared.store import questions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

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
    last: date
    """As `last_day_to_object` says; of no meaning where nobody names them."""
    today: date

    @property
    def named(self) -> bool:
        """Whether readers see the name."""
        one = self.person
        known = one is not None and one.erased_at is None and bool(one.name)
        return known and one is not None and one.naming == "named" and not self.objected

    @property
    def waits(self) -> bool:
        """Whether the story waits for this person."""
        return self.named and self.today <= self.last

    @property
    def until(self) -> date | Literal["agreed", "unasked"] | None:
        """The last day on which an objection comes before the story is told, or why there is none."""
        if not self.named:
            return None
        return "agreed" if self.last == date.min else "unasked" if self.last == date.max else self.last


def consents(
    connection: Connection, dossier: Dossier, as_of: datetime, choice: Choice, rules: Rules
) -> list[Consent]:
    """Everybody who is in a story, by what they do in it or by name."""
    story, win = dossier.story, dossier.win
    people = {each.person_id: each.department for each in ((*win.sales, *win.operations) if win else ())}
    people |= {each.person_id: each.department for each in story.mentions}
    known = those(connection, people)
    heard = questions.heard(connection, [story.story_id], as_of).get(story.story_id, {})
    objected = {each.by for each in dossier.history if each.action == "object"}
    today = as_of.astimezone(rules.zone).date()
    return [
        Consent(
            name, department, known.get(name), name in objected,
            last_day_to_object(heard.get(name), story.changed_at, choice, rules), today,
        )
        for name, department in sorted(people.items())
    ]  # fmt: skip


def called(connection: Connection, person_ids: Iterable[str | None]) -> dict[str, str]:
    """The names of those who work on stories, for each other; erased ones have none."""
    known = those(connection, {each for each in person_ids if each is not None})
    return {name: each.name for name, each in known.items() if each.name}
