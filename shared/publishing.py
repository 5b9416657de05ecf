"""Use case: a period becomes an edition, frozen when it is released."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, case, delete, func, insert, literal, or_, select, update

from shared import tables
from shared.clearance import cleared
from shared.completeness import arrived, sources
from shared.editions.choice import CHOICE, Choice, Told
from shared.editions.model import Edition, Material, Risk
from shared.editions.registry import compose as compose_edition
from shared.measuring import measure
from shared.projecting.naming import names_of
from shared.projecting.reading import Reading
from shared.rarity import rarity
from shared.rendering import write
from shared.store import stories
from shared.store.rows import win_of
from shared.store.stories import Entry
from shared.stories.model import OrderFacts
from shared.stories.review import TELLABLE, TRANSITIONS
from shared.viewing import view

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal

    from shared.patterns.model import Win
    from shared.periods import Period
    from shared.rules import Rules
    from shared.store.engine import Store

TREND = 12
"""Periods in a trend, the edition's own included."""
_REMEMBERED = timedelta(days=731)
"""How far back patterns look: no deed of earlier stories is in a win of today."""


class EditionError(Exception):
    """An edition cannot be had; the message says what to do."""


def compose(
    store: Store,
    name: str,
    period: Period,
    as_of: datetime,
    rules: Rules,
    targets: Mapping[str, Decimal],
    choice: Choice = CHOICE,
) -> Edition:
    """Compose an edition and keep it; one that was released stays as it was (EditionError)."""
    with view(store, as_of, rules) as connection:
        found = material(connection, period, as_of, rules, targets, name)
        found = cleared(connection, replace(found, choice=choice), rules)
        edition = write(compose_edition(name, found))
    with store.writing(alone=True) as connection:
        if _state(connection, edition.edition_id) == "released":
            raise EditionError(f"{edition.edition_id} was released and stays as it is; preview shows it")
        _put(connection, edition)
    return edition


def release(store: Store, edition_id: str) -> Edition:
    """Freeze an edition: what it told is not told again; releasing twice changes nothing."""
    with store.writing(alone=True) as connection:
        edition = _get(connection, edition_id)
        if edition.state != "released":
            _refuse_told(connection, edition)
            _publish(connection, edition)
            edition = edition.model_copy(update={"state": "released"})
            _put(connection, edition)
            _tell(connection, edition)
        return edition


def get(store: Store, edition_id: str) -> Edition:
    """Read an edition as it was composed or released; raises EditionError."""
    with store.reading() as connection:
        return _get(connection, edition_id)


def material(
    connection: Connection,
    period: Period,
    as_of: datetime,
    rules: Rules,
    targets: Mapping[str, Decimal],
    name: str,
) -> Material:
    """Gather all that an edition is composed from."""
    measured = measure(connection, period, as_of, rules, targets, periods=TREND)
    edition_id = f"{name}-{period.name}"
    found = _tellable(connection, period, as_of, rules, name, edition_id)
    return Material(
        period=period,
        as_of=as_of,
        arrived=arrived(sources(connection, as_of), period, rules),
        kpis=measured.kpis,
        series=measured.series,
        wins=tuple(win for win in found if win.kind == "joint"),
        highlights=tuple(win for win in found if win.kind == "highlight"),
        names=names_of(Reading(connection, as_of, rules), found),
        rarity=rarity(connection, period, rules),
        before=_told(connection, period, name, edition_id),
        open_risks=_risks(connection, period, rules),
        corrections=_corrections(connection, as_of, name, edition_id),
    )


def _tellable(
    connection: Connection, period: Period, as_of: datetime, rules: Rules, name: str, edition_id: str
) -> list[Win]:
    """Final wins that this kind of edition has not told yet and that are not too old."""
    end, win, told = period.ends_at(rules.zone), tables.wins.c, tables.told.c
    elsewhere = select(told.win_id).where(told.name == name, told.edition_id != edition_id)
    query = (
        select(win.body)
        .where(
            win.reason.is_(None),
            ~win.pending,
            win.final_at <= as_of,
            win.final_at < end,
            win.final_at >= end - timedelta(days=rules.story_max_age_days),
            or_(win.kind == "joint", win.final_at >= period.starts_at(rules.zone)),
            win.win_id.not_in(elsewhere),
        )
        .order_by(win.win_id)
    )
    return [win_of(body) for body in connection.scalars(query)]


def _told(connection: Connection, period: Period, name: str, edition_id: str) -> tuple[Told, ...]:
    """The stories that released editions of this kind told, in the two years before and since."""
    edition = tables.editions.c
    query = select(edition.body).where(
        edition.name == name, edition.state == "released", edition.edition_id != edition_id
    )
    editions = (Edition.from_json(body) for body in connection.scalars(query.order_by(edition.edition_id)))
    since = period.end - _REMEMBERED
    return tuple(
        Told(
            story.pattern,
            story.customer_id,
            story.facts.order_id if isinstance(story.facts, OrderFacts) else None,
            each.period.last_day,
            frozenset(
                (event.source, event.id)
                for deed in (*story.facts.sales, *story.facts.operations)
                for event in deed.events
            ),
        )
        for each in editions
        if each.period.end >= since
        for story in each.stories
    )


def _risks(connection: Connection, period: Period, rules: Rules) -> tuple[Risk, ...]:
    """The roadblocks raised in the period, by category, and what became of them."""
    risk = tables.risks.c
    start, end = period.starts_at(rules.zone), period.ends_at(rules.zone)
    query = select(risk.category, risk.outcome).where(and_(risk.raised_at >= start, risk.raised_at < end))
    raised: Counter[str] = Counter()
    saved: Counter[str] = Counter()
    late: Counter[str] = Counter()
    for category, outcome in connection.execute(query):
        raised[category] += 1
        saved[category] += outcome == "on_original_promise"
        late[category] += outcome in {"late", "cancelled"}
    return tuple(Risk(name, raised[name], saved[name], late[name]) for name in sorted(raised))


def _corrections(connection: Connection, as_of: datetime, name: str, edition_id: str) -> tuple[str, ...]:
    """One sentence for each story that was told and does not hold any more, or was taken back; told once."""
    told, win, story = tables.told.c, tables.wins.c, tables.stories.c
    taken_back = case((story.state == "retracted", "it was taken back"))
    query = (
        select(told.headline, told.edition_id, func.coalesce(win.reason, taken_back))
        .join(tables.wins, win.win_id == told.win_id, isouter=True)
        .join(tables.stories, story.story_id == literal("story-") + told.win_id, isouter=True)
        .where(
            told.name == name,
            told.edition_id != edition_id,
            or_(told.corrected_in.is_(None), told.corrected_in == edition_id),
            or_(
                win.win_id.is_(None),
                win.reason.is_not(None),
                win.final_at > as_of,
                story.state == "retracted",
            ),
        )
        .order_by(told.edition_id, told.win_id)
    )
    return tuple(
        f"{_note(told_in, headline)} It does not hold: {reason or 'its facts were corrected'}."
        for headline, told_in, reason in connection.execute(query)
    )


def _tell(connection: Connection, edition: Edition) -> None:
    """Note what a released edition told and took back."""
    rows = [
        {
            "name": edition.name,
            "win_id": story.win_id,
            "edition_id": edition.edition_id,
            "headline": story.headline,
        }
        for story in edition.stories
    ]
    if rows:
        connection.execute(insert(tables.told), rows)
    for win_id, headline, told_in in _untaken(connection, edition):
        if any(note.startswith(_note(told_in, headline)) for note in edition.corrections):
            mine = and_(tables.told.c.name == edition.name, tables.told.c.win_id == win_id)
            connection.execute(update(tables.told).where(mine).values(corrected_in=edition.edition_id))


def _untaken(connection: Connection, edition: Edition) -> list[Any]:
    """What other editions of this kind told and none took back."""
    told = tables.told.c
    query = select(told.win_id, told.headline, told.edition_id).where(
        told.name == edition.name, told.edition_id != edition.edition_id, told.corrected_in.is_(None)
    )
    return list(connection.execute(query))


def _note(told_in: str, headline: str) -> str:
    return f"In {told_in} we told “{headline}”."


def _refuse_told(connection: Connection, edition: Edition) -> None:
    """Refuse to tell again what another edition told since this one was composed."""
    ids = {story.win_id for story in edition.stories}
    for win_id, _, told_in in _untaken(connection, edition):
        if win_id in ids:
            raise EditionError(f"{told_in} has told {win_id} since; compose {edition.edition_id} again")


def _publish(connection: Connection, edition: Edition) -> None:
    """Mark people's own stories as published; refuse what was decided otherwise since it was composed."""
    ids = [told.story_id for told in edition.stories]
    objected = stories.objected_since(connection, ids, edition.as_of)
    for told in edition.stories:
        story = stories.locked(connection, told.story_id)
        if story is None and told.written is None and told.story_id not in objected:
            continue
        same = story is not None and story.state in TELLABLE and told.written in {None, story.content.hash}
        if story is None or not same or told.story_id in objected:
            why = (
                "names someone who objected"
                if same
                else f"is {story.state if story else 'gone'} or reads otherwise"
            )
            raise EditionError(f"{told.story_id} {why} by now; compose {edition.edition_id} again")
        if told.written is not None and story.state == "approved":
            after = replace(story, state=TRANSITIONS["publish"][story.state], waits_since=edition.as_of)
            stories.put(connection, after, new=False)
            entry = Entry.of(after, edition.as_of, "publish", None, edition.edition_id)
            stories.log(connection, entry)


def _state(connection: Connection, edition_id: str) -> str | None:
    column = tables.editions.c
    return connection.scalar(select(column.state).where(column.edition_id == edition_id))


def _get(connection: Connection, edition_id: str) -> Edition:
    column = tables.editions.c
    body = connection.scalar(select(column.body).where(column.edition_id == edition_id))
    if body is None:
        raise EditionError(f"There is no edition {edition_id}; tandem compose makes one and prints its id")
    return Edition.from_json(body)


def _put(connection: Connection, edition: Edition) -> None:
    connection.execute(delete(tables.editions).where(tables.editions.c.edition_id == edition.edition_id))
    row = {
        "edition_id": edition.edition_id,
        "name": edition.name,
        "period": edition.period.name,
        "state": edition.state,
        "composed_at": edition.as_of,
        "body": edition.to_json(),
    }
    connection.execute(insert(tables.editions).values(**row))
