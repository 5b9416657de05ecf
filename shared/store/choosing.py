"""What editors chose for editions: a log, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import orjson
from sqlalchemy import Connection, insert, select, update

from shared import tables
from shared.editions.sections import ByHand
from shared.stories.redaction import Hidden, redacted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Action = Literal["pin", "drop", "free", "arrange"]
_L = tables.choosing_log.c


class Line(NamedTuple):
    """What was chosen, by whom, when and why: of one win, or the order of all."""

    edition_id: str
    at: datetime
    by: str
    action: Action
    win_ids: tuple[str, ...]
    reason: str = ""


def add(connection: Connection, line: Line) -> None:
    """Add a line to the log."""
    row = line._asdict() | {"win_ids": orjson.dumps(line.win_ids).decode()}
    connection.execute(insert(tables.choosing_log).values(row))


def history(connection: Connection, edition_id: str) -> list[Line]:
    """All that was chosen for an edition, in its order."""
    query = select(tables.choosing_log).where(_L.edition_id == edition_id).order_by(_L.number)
    return [
        Line(row.edition_id, row.at, row.by, row.action, tuple(orjson.loads(row.win_ids)), row.reason)
        for row in connection.execute(query)
    ]


def chosen(lines: Iterable[Line]) -> ByHand:
    """What holds by now: of each win the last word, and the last order."""
    last: dict[str, Action] = {}
    order: tuple[str, ...] = ()
    for line in lines:
        if line.action == "arrange":
            order = line.win_ids
        else:
            last |= dict.fromkeys(line.win_ids, line.action)
    of = {action: tuple(sorted(name for name in last if last[name] == action)) for action in ("pin", "drop")}
    return ByHand(pinned=of["pin"], dropped=of["drop"], order=order)


def erase(connection: Connection, person: Hidden) -> None:
    """Take a person's name out of every reason, for good; whoever forgets a person calls it."""
    for row in connection.execute(select(_L.number, _L.reason).where(_L.reason != "")).all():
        clean = redacted(row.reason, [person])
        if clean != row.reason:
            connection.execute(
                update(tables.choosing_log).where(_L.number == row.number).values(reason=clean)
            )
