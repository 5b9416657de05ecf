"""Who shows no sign of use gets the newsletter once a quarter; nobody is watched to find that out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, or_, select

from shared import tables
from shared.store import signs
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.editions.model import Edition
    from shared.people.model import Person

SLOWED: Final = "comes once a quarter: no sign of use"
_SLOWED_EDITION: Final = "newsletter"
_M, _S = tables.mails.c, tables.sendings.c
_GOT: Final = select(_M.person_id, _M.edition_id).where(
    or_(_M.state == "sent", and_(_M.state == "excluded", _M.reason == SLOWED)), Among(_M.person_id)
)
_NOTHING: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Quiet:
    """`slowed` get it once a quarter; `told` read in it that this is so, or will be from the next one on."""

    slowed: frozenset[str] = _NOTHING
    told: frozenset[str] = _NOTHING

    def why_not(self, person: Person, edition: Edition) -> str | None:
        """Why somebody does not get this one."""
        last_of_quarter = edition.period.start.month % 3 == 0
        return SLOWED if person.person_id in self.slowed and not last_of_quarter else None


def quiet(connection: Connection, edition: Edition, people: Sequence[Person], after: int | None) -> Quiet:
    """Who got the last so many and did nothing since; whoever chose how often they want it is left alone."""
    if after is None or edition.name != _SLOWED_EDITION or edition.period.unit != "month":
        return Quiet()
    undecided = [each.person_id for each in people if edition.name not in each.subscriptions]
    before = _sendings(connection, edition, after)
    if len(before) < after - 1 or not undecided:
        return Quiet()
    did = signs.last(connection, undecided)
    told = _silent(connection, before[: after - 1], undecided, did)
    slowed = _silent(connection, before, undecided, did) if len(before) == after else _NOTHING
    return Quiet(slowed, told | slowed)


def _sendings(connection: Connection, edition: Edition, most: int) -> list[tuple[str, datetime]]:
    """The last ones before this, the newest first, with when they were released; proofs are none."""
    query = select(_S.edition_id, _S.released_at).where(
        _S.edition_id.like(f"{edition.name}-____-__"), _S.edition_id != edition.edition_id
    )
    return [(row[0], row[1]) for row in connection.execute(query.order_by(_S.released_at.desc()).limit(most))]


def _silent(
    connection: Connection,
    sendings: Sequence[tuple[str, datetime]],
    person_ids: Sequence[str],
    did: Mapping[str, datetime],
) -> frozenset[str]:
    names, since = {name for name, _ in sendings}, min(at for _, at in sendings)
    query = _GOT.where(_M.edition_id.in_(names))
    got = Counter(person_id for person_id, _ in run_among(connection, query, person_ids))
    return frozenset(
        each for each in person_ids if got[each] == len(names) and (each not in did or did[each] < since)
    )
