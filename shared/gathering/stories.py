"""The wins that could be told, and what released editions told of them before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from shared import tables
from shared.editions.choice import QUARTER, Told, people_of
from shared.editions.model import Edition
from shared.store.chunks import Among, run_among
from shared.store.rows import win_of
from shared.stories.model import OrderFacts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared.editions.model import Story
    from shared.patterns.model import Win
    from shared.periods import Period
    from shared.rules import Rules

_REMEMBERED = timedelta(days=731)
"""How far back patterns look: no deed of earlier stories is in a win of today."""
_W = tables.wins.c
_BODIES = select(_W.win_id, _W.body).where(Among(_W.win_id))


def final_wins(connection: Connection, period: Period, as_of: datetime, rules: Rules) -> list[Win]:
    """The wins and highlights that are final by the period's end and not too old to be told."""
    end = period.ends_at(rules.zone)
    query = (
        select(_W.body)
        .where(
            _W.reason.is_(None),
            ~_W.pending,
            _W.final_at <= as_of,
            _W.final_at < end,
            _W.final_at >= end - timedelta(days=rules.story_max_age_days),
        )
        .order_by(_W.win_id)
    )
    return [win_of(body) for body in connection.scalars(query)]


def told_elsewhere(connection: Connection, name: str, edition_id: str) -> set[str]:
    """What other released editions of this kind told."""
    told = tables.told.c
    query = select(told.win_id).where(told.name == name, told.edition_id != edition_id)
    return set(connection.scalars(query))


def before(connection: Connection, period: Period, name: str, edition_id: str) -> tuple[Told, ...]:
    """The stories that released editions of this kind told, in the two years before and since."""
    edition = tables.editions.c
    query = select(edition.body).where(
        edition.name == name, edition.state == "released", edition.edition_id != edition_id
    )
    bodies = connection.scalars(query.order_by(edition.edition_id))
    released = [
        each for each in map(Edition.from_json, bodies) if each.period.end >= period.end - _REMEMBERED
    ]
    recent = {
        story.win_id
        for each in released
        if each.period.last_day >= period.end - QUARTER
        for story in each.stories
    }
    people = _people(connection, recent)
    return tuple(
        _told(story, each, people.get(story.win_id, frozenset()))
        for each in released
        for story in each.stories
    )


def _told(story: Story, edition: Edition, people: frozenset[str]) -> Told:
    deeds = (*story.facts.sales, *story.facts.operations)
    return Told(
        story.pattern,
        story.customer_id,
        story.facts.order_id if isinstance(story.facts, OrderFacts) else None,
        edition.period.last_day,
        frozenset((event.source, event.id) for deed in deeds for event in deed.events),
        frozenset(deed.department for deed in deeds),
        people,
    )


def _people(connection: Connection, win_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Who had a part in these wins, as far as they still stand."""
    return {row.win_id: people_of(win_of(row.body)) for row in run_among(connection, _BODIES, win_ids)}
