"""Which stories are about to name people who wish to be named, and whom each would name."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from shared import tables
from shared.asking.model import Wanted, working_days_before
from shared.store import people, stories
from shared.store.chunks import Among, run_among
from shared.store.rows import win_of
from shared.workdays import after_working_days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from shared.editions.choice import Choice
    from shared.patterns.model import Win
    from shared.projecting.reading import Reading

_W = tables.wins.c
_BODIES = select(_W.body).where(Among(_W.win_id), _W.reason.is_(None))


def to_preview(reading: Reading, choice: Choice, within_days: int) -> Iterator[Wanted]:
    """Each person whom a story would name that was not told yet: approved lately, or final by rule."""
    today = reading.as_of.astimezone(reading.rules.zone).date()
    first = working_days_before(today, within_days, reading.rules)
    since = datetime.combine(first, time(), reading.rules.zone)
    due_on = after_working_days(today, choice.objection_days, reading.rules)
    parts, weights = _parts(reading, since, choice.least_score)
    willing = people.named(reading.connection, {each for of in parts.values() for each in of})
    stood = stories.stood(reading.connection, parts, reading.as_of)
    for name, involved in parts.items():
        objected = stood[name].objected if name in stood else set()
        for person_id in sorted((involved & willing.keys()) - objected):
            yield Wanted("naming", name, (person_id,), due_on, None, weights[name])


def _parts(
    reading: Reading, since: datetime, least: Decimal
) -> tuple[dict[str, set[str]], dict[str, Decimal]]:
    """Who has a part in each story that may be told next, and how strong it is."""
    approved = stories.listed(reading.connection, "approved")
    own = {each.story_id: each for each in approved if each.is_own and each.waits_since >= since}
    final = (win for win in _final(reading, since) if win.score >= least)
    wins = [*final, *_of(reading, own)]
    known = stories.found(reading.connection, {f"story-{win.win_id}" for win in wins})
    parts = {name: {each.person_id for each in story.mentions} for name, story in own.items()}
    weights = dict.fromkeys(own, Decimal(0))
    for win in wins:
        name = f"story-{win.win_id}"
        if name not in known or known[name].state == "approved":
            parts.setdefault(name, set()).update(p.person_id for p in (*win.sales, *win.operations))
            weights[name] = win.score
    return parts, weights


def _final(reading: Reading, since: datetime) -> Iterator[Win]:
    """Joint wins that became final lately, that Tandem tells by itself, and that no edition told yet."""
    told = exists().where(tables.told.c.win_id == _W.win_id)
    lately = (_W.final_at >= since, _W.final_at <= reading.as_of, ~_W.pending, _W.reason.is_(None))
    query = select(_W.body).where(_W.kind == "joint", _W.pattern != "team_told", *lately, ~told)
    yield from map(win_of, reading.connection.scalars(query))


def _of(reading: Reading, story_ids: Iterable[str]) -> Iterator[Win]:
    """The wins of stories that people told."""
    names = [name.removeprefix("story-") for name in story_ids]
    yield from (win_of(row.body) for row in run_among(reading.connection, _BODIES, names))
