"""What may be told: people's own words once an editor approved them, and no name against anybody's will."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from shared.editions.model import Written
from shared.languages import ENGLISH
from shared.quoting import secret
from shared.store import people, questions, stories
from shared.store.names import everybody
from shared.stories.names import Names
from shared.stories.redaction import Hidden, folded, redacted, stands_in
from shared.stories.review import TELLABLE, Content
from shared.stories.told import printable
from shared.workdays import after_working_days

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection

    from shared.editions.choice import Choice
    from shared.editions.model import Material
    from shared.patterns.model import Win
    from shared.rules import Rules
    from shared.store.questions import Heard
    from shared.store.stories import Stood
    from shared.stories.review import Story

_TOLD_BY_PEOPLE = "team_told"


def cleared(connection: Connection, material: Material, rules: Rules) -> Material:
    """The material without what may not be told yet, and with the words that people wrote.

    A story that names people waits until they have had their days to object; who objected is not named in it.
    """
    ids = {win.win_id: f"story-{win.win_id}" for win in material.wins}
    stood = stories.stood(connection, ids.values(), material.as_of)
    objections = {win_id: frozenset(stood[id_].objected) for win_id, id_ in ids.items() if id_ in stood}
    known = stories.found(connection, stood)
    names = replace(with_mentioned(connection, material.names, known.values()), objections=objections)
    heard = questions.heard(connection, ids.values(), material.as_of)
    desk = _Desk(replace(material, names=names), rules, stood, known, heard)
    wins = tuple(win for win in material.wins if desk.clears(win, ids[win.win_id]))
    own = {win.win_id: ids[win.win_id] for win in wins if desk.is_own(ids[win.win_id])}
    about = {win.win_id: {win.customer_id, *win.facts.get("customer_ids", ())} for win in wins}
    everyone = everybody(connection) if own else {}
    spoken = stories.languages_of(connection, (known[id_] for id_ in own.values()))
    written = {
        win_id: printed(
            stood[id_].words(known[id_].content),
            known[id_],
            names.in_story(win_id),
            everyone,
            secret(connection, about[win_id], spoken[id_]),
            spoken[id_],
        )
        for win_id, id_ in own.items()
    }
    called = {name for every in everyone.values() for name in every}
    called |= {each.name for each in secret(connection)} if names.told else set()
    quoted = {ref: printable(text, _named_in(text, called)) for ref, text in names.told.items()}
    return replace(material, names=replace(names, told=quoted), wins=wins, written=written)


def _named_in(text: str, called: Iterable[str]) -> set[str]:
    """Which of these names stand in a text."""
    told = folded(text)
    return {name for name in called if stands_in(name, told)}


def with_mentioned(connection: Connection, names: Names, told: Iterable[Story]) -> Names:
    """The names with those of the people whom stories mention and who wish to be named."""
    mentioned = {each.person_id for story in told for each in story.mentions}
    return replace(names, people={**people.named(connection, mentioned), **names.people})


def printed(
    content: Content,
    story: Story,
    names: Names,
    everyone: Mapping[str, Collection[str]],
    customers: Iterable[Hidden],
    language: str = ENGLISH,
) -> Written:
    """A person's words as readers see them: a colleague stands where someone is not to be named.

    Of `customers` whose names not everyone may see, no edition's text of a person says one.
    """
    hidden = [*_unwilling(story, names, everyone), *customers]
    title, body = (redacted(text, hidden, language) for text in (content.title, content.body))
    return Written(title, body, content.hash)


def _unwilling(story: Story, names: Names, everyone: Mapping[str, Collection[str]]) -> list[Hidden]:
    departments = {each.person_id: each.department for each in story.mentions}
    return [
        Hidden(name, departments.get(person_id))
        for person_id, called in sorted(everyone.items())
        if names.person(person_id) is None
        for name in sorted(called)
    ]


def captions(connection: Connection, story: Story, texts: Iterable[str]) -> list[str]:
    """What the photos of a story show, with no more names than its words have, as things stand now."""
    names = with_mentioned(connection, Names(), [story])
    objected = {by for story_id, by in stories.objections(connection) if story_id == story.story_id}
    willing = replace(names, people={id_: name for id_, name in names.people.items() if id_ not in objected})
    language = stories.languages_of(connection, [story])[story.story_id]
    hidden = _unwilling(story, willing, everybody(connection))
    hidden += secret(connection, {story.content.customer_id}, language)
    return [redacted(text, hidden, language) for text in texts]


@dataclass(frozen=True)
class _Desk:
    """What was decided about the stories of these wins, as of the material's instant."""

    material: Material
    rules: Rules
    stood: dict[str, Stood]
    known: dict[str, Story]
    heard: dict[str, dict[str, Heard]]
    """Who was asked by mail to be named, by story and person."""

    def clears(self, win: Win, story_id: str) -> bool:
        """Whether the story of a win may be told: by rule, unless people wrote it or said otherwise."""
        stood, story = self.stood.get(story_id), self.known.get(story_id)
        if stood is None or story is None:
            return win.pattern != _TOLD_BY_PEOPLE and self._heard(win, None, win.final_at)
        since = stood.changed_at if story.is_own else win.final_at
        return stood.state in TELLABLE and self._heard(win, story, since)

    def is_own(self, story_id: str) -> bool:
        """Whether a person wrote the story."""
        return story_id in self.known and self.known[story_id].is_own

    def _heard(self, win: Win, story: Story | None, since: datetime) -> bool:
        """Whether all whom it would name have had their days to object."""
        involved = {part.person_id for part in (*win.sales, *win.operations)}
        involved |= {each.person_id for each in story.mentions} if story else set()
        names = self.material.names.in_story(win.win_id)
        asked = self.heard.get(f"story-{win.win_id}", {})
        today, choice = self.material.as_of.astimezone(self.rules.zone).date(), self.material.choice
        days = (
            days_to_object(asked.get(each), since, choice, self.rules)
            for each in involved
            if names.person(each)
        )
        return not any(each.waits_on(today) for each in days)


class Days(NamedTuple):
    """How long a story waits for one person whom it would name."""

    until: date | None
    """The last day on which an objection comes before the story is told."""
    told: bool = True
    """Whether they were told: not while the mail that asks them has not left."""

    def waits_on(self, today: date) -> bool:
        """Whether the story waits on a day."""
        return not self.told or (self.until is not None and today <= self.until)


def days_to_object(heard: Heard | None, since: datetime, choice: Choice, rules: Rules) -> Days:
    """The days of someone in a story that reads so since then: none where they agreed to be named in it."""
    if heard is not None:
        if heard.agreed_at is not None and heard.agreed_at >= since:
            return Days(None)
        if heard.since is None:
            return Days(None, told=False)
        since = max(since, heard.since)
    return Days(after_working_days(since.astimezone(rules.zone).date(), choice.objection_days, rules))
