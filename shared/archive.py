"""Use case: what was told is found again: editions by their words, and what became of their stories.

Whoever took back the wish to be named is not named here any more; mails stay as they went out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import and_, or_, select, true

from shared import tables
from shared.editions.model import Edition
from shared.editions.withholding import without
from shared.gathering.quoted import as_wished
from shared.people.withheld import withheld
from shared.periods import Period
from shared.store.chunks import Among, chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Connection

    from shared.editions.model import Story
    from shared.editions.withholding import Withheld

_E = tables.editions.c


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a reader may see: the editions of these names, and perhaps what is not released yet."""

    names: frozenset[str]
    composed: bool = False

    def holds(self) -> ColumnElement[bool]:
        """The condition that an edition is on it."""
        return and_(
            _E.name.in_(sorted(self.names)),
            true() if self.composed else _E.state == "released",
        )


def page_of(
    connection: Connection, shelf: Shelf, text: str, first: int, most: int
) -> tuple[list[Edition], int]:
    """So many editions from the `first` on that tell of a text, the newest first, and how many there are."""
    names = withheld(connection)
    ids = _newest_first(connection, shelf)
    if not text:
        return [_read(body, names) for body in _bodies(connection, ids[first : first + most])], len(ids)
    found = [one for body in _bodies(connection, ids) if tells(one := _read(body, names), text)]
    return found[first : first + most], len(found)


def _newest_first(connection: Connection, shelf: Shelf) -> list[str]:
    """By the end of the period: a week's name does not sort among those of months."""
    rows = connection.execute(select(_E.period, _E.name, _E.edition_id).where(shelf.holds()))
    found = sorted(((Period.parse(row.period).end, *row) for row in rows), reverse=True)
    return [edition_id for *_, edition_id in found]


def _bodies(connection: Connection, ids: Sequence[str]) -> Iterator[str]:
    """Of these editions, in their order."""
    for some in chunks(ids):
        query = select(_E.edition_id, _E.body).where(Among(_E.edition_id, some))
        found = {row.edition_id: row.body for row in connection.execute(query)}
        yield from (found[each] for each in some)


def tells(edition: Edition, text: str) -> bool:
    """Whether its title, a headline, or a customer in it holds every word of a text, whatever the case."""
    stories = (part for story in edition.stories for part in _said(story))
    return _holds([edition.edition_id, edition.period.title, edition.headline, *stories], text)


def stories_of(edition: Edition, text: str) -> list[Story]:
    """The stories of an edition in which the words stand; none where nothing is looked for."""
    return [story for story in edition.stories if text and _holds(_said(story), text)]


def one_of(connection: Connection, shelf: Shelf, edition_id: str) -> Edition | None:
    """One edition, if it is on the shelf."""
    body = connection.scalar(select(_E.body).where(_E.edition_id == edition_id, shelf.holds()))
    return None if body is None else as_wished(connection, _read(body, withheld(connection)))


def of_now(connection: Connection, edition: Edition) -> Edition:
    """An edition as it may be read now, which is how anything new is made of it."""
    return as_wished(connection, without(edition, withheld(connection)))


def latest(connection: Connection, name: str) -> Edition | None:
    """The newest edition of a name that was released."""
    found, _ = page_of(connection, Shelf(frozenset({name})), "", 0, 1)
    return found[0] if found else None


def composed(connection: Connection) -> list[str]:
    """The editions that wait for their release, by id."""
    return list(
        connection.scalars(select(_E.edition_id).where(_E.state == "composed").order_by(_E.edition_id))
    )


def credited(connection: Connection, name: str, before: Period) -> frozenset[str]:
    """The departments that released editions of a name credited in the quarter before a period."""
    count = 13 if before.unit == "week" else 3
    earlier = [before.back(number).name for number in range(1, count + 1)]
    query = select(_E.body).where(_E.name == name, _E.state == "released", _E.period.in_(earlier))
    return frozenset(team for body in connection.scalars(query) for team in teams(_read(body, ())))


def teams(edition: Edition) -> frozenset[str]:
    """The departments that an edition credits."""
    facts = [story.facts for story in edition.stories]
    return frozenset(deed.department for each in facts for deed in (*each.sales, *each.operations))


def taken_back(connection: Connection, edition: Edition) -> Mapping[str, str | None]:
    """The stories of a released edition that hold no more, by win, and which edition said so first."""
    told, win = tables.told.c, tables.wins.c
    query = (
        select(told.win_id, told.corrected_in)
        .join(tables.wins, win.win_id == told.win_id, isouter=True)
        .where(
            told.edition_id == edition.edition_id,
            or_(told.corrected_in.is_not(None), win.win_id.is_(None), win.reason.is_not(None)),
        )
    )
    return {row.win_id: row.corrected_in for row in connection.execute(query)}


def _said(story: Story) -> list[str]:
    """A customer as the story calls it: one that is confidential is found by nobody."""
    return [part for part in (story.headline, story.facts.customer, story.facts.label) if part]


def _holds(parts: Iterable[str], text: str) -> bool:
    said = " ".join(parts).casefold()
    return all(word in said for word in text.casefold().split())


@lru_cache(maxsize=1024)
def _read(body: str, names: tuple[Withheld, ...]) -> Edition:
    """Editions are read again and again, and hardly one changes, nor who is named in them."""
    return without(Edition.from_json(body), names)
