"""What somebody is asked about, as a mail and a page show it in the person's language."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from shared import tables
from shared.asking.completing import DEEDS, silent, span
from shared.asking.confirming import last_day
from shared.clearance import printed, with_mentioned
from shared.projecting.naming import names_of
from shared.quoting import secret
from shared.rendering.markdown import MarkdownError, to_paragraphs
from shared.rendering.writing import render_story
from shared.store import stories
from shared.store.names import everybody
from shared.store.rows import win_of
from shared.stories.facts import facts_of
from shared.stories.headlines import headline
from shared.stories.languages import grammar
from shared.stories.review import TRANSITIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from sqlalchemy import Connection

    from shared.patterns.model import Side, Win
    from shared.people.model import Person
    from shared.projecting.reading import Reading
    from shared.store.questions import Kind
    from shared.stories.names import Names
    from shared.stories.review import Story


@dataclass(frozen=True, slots=True)
class About:
    """A story or a highlight, as whoever is asked reads it: with their own name in it."""

    title: str
    paragraphs: Sequence[str]
    """Markup that is safe where a person wrote it, else text with our bold words."""
    own: bool
    """Whether a person wrote it."""
    teller: str | None = None
    """The department of whoever tells it."""
    told_at: datetime | None = None
    """When a person handed it in last."""
    due_on: date | None = None
    """The last day on which it can be confirmed."""
    order_ids: Sequence[str] = ()
    side: Side | None = None
    """Of a highlight, the side that is asked."""
    days: tuple[date, date] | None = None
    """Between which days what that side did would count."""
    deeds: Sequence[str] = ()


def about(
    reading: Reading, kind: Kind, subject: str, person: Person, hosts: Collection[str] = ()
) -> About | None:
    """What a question is about; None where it is gone, or there is nothing to ask any more."""
    if kind == "silent":
        return _highlight(reading, subject, person)
    story = stories.found(reading.connection, [subject]).get(subject)
    if story is not None and story.state not in TRANSITIONS["object"]:
        return None
    win = _win(reading.connection, subject.removeprefix("story-"))
    names = _with_own(names_of(reading, [win] if win else []), person)
    if story is not None and story.is_own:
        told = _of_person(reading.connection, story, names, person, hosts)
        return replace(told, due_on=last_day(story, reading.rules))
    return None if win is None else _of_rule(win, names, person)


def _of_person(
    connection: Connection, story: Story, names: Names, person: Person, hosts: Collection[str]
) -> About:
    names = _with_own(with_mentioned(connection, names, [story]), person)
    hidden = secret(connection, {story.content.customer_id, *names.customers})
    shown = printed(story.content, story, names, everybody(connection), hidden)
    try:
        paragraphs: Sequence[str] = to_paragraphs(shown.body, hosts)
    except MarkdownError:
        paragraphs = shown.body.split("\n\n")
    teller = story.submitted_by.department if story.submitted_by else None
    orders, at = story.content.order_ids, story.submitted_at
    return About(shown.title, paragraphs, own=True, teller=teller, told_at=at, order_ids=orders)


def _of_rule(win: Win, names: Names, person: Person) -> About:
    told = render_story(facts_of(win, names), language=person.language)
    orders = (win.order_id,) if win.order_id else ()
    return About(told.headline, told.full.split("\n\n"), own=False, order_ids=orders)


def _highlight(reading: Reading, win_id: str, person: Person) -> About | None:
    """None once it is no highlight any more: the win is complete, or was contradicted."""
    win = _win(reading.connection, win_id)
    if win is None or win.kind != "highlight" or win.side is None or win.order_id is None:
        return None
    order = reading.history(win.order_id)
    if (within := span(order)) is None:
        return None
    facts = facts_of(win, names_of(reading, [win]))
    days = (within[0].astimezone(order.zone).date(), within[1].astimezone(order.zone).date())
    return About(
        headline(facts, 0, person.language),
        [grammar(person.language).alone(facts, win.side)],
        own=False,
        order_ids=(win.order_id,),
        side=silent(win),
        days=days,
        deeds=DEEDS[silent(win)],
    )


def _with_own(names: Names, person: Person) -> Names:
    """Who is asked may read their own name, whatever they prefer others to read."""
    own = {person.person_id: person.name} if person.name else {}
    return replace(names, people={**names.people, **own})


def _win(connection: Connection, win_id: str) -> Win | None:
    column = tables.wins.c
    body = connection.scalar(select(column.body).where(column.win_id == win_id, column.reason.is_(None)))
    return None if body is None else win_of(body)
