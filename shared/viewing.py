"""Reading as of any instant: as if the projections had been built then."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared import tables
from shared.projecting.built import by_other_rules, goes_back, stale, turn_back
from shared.projecting.judging import anything_due, judge_due
from shared.projecting.reading import Reading
from shared.projecting.replaying import fill, rebuild
from shared.store.chunks import MOST
from shared.store.shadow import cast_empty_shadow, cast_shadow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.rules import Rules
    from shared.store.engine import Store


@contextmanager
def view(store: Store, as_of: datetime, rules: Rules) -> Iterator[Connection]:
    """Yield a connection whose projections stand as of an instant; nothing is written."""
    with store.reading() as connection:
        if by_other_rules(connection, rules):
            cast_empty_shadow(connection)
            deque(fill(connection, as_of, rules, MOST), maxlen=0)
            judge_due(Reading(connection, as_of, rules))
        else:
            _move(connection, as_of, rules)
        yield connection


def _move(connection: Connection, as_of: datetime, rules: Rules) -> None:
    """Go from the instant of which the projections stand to another, and judge what has ended by then."""
    subjects = stale(connection, as_of)
    back = goes_back(connection, as_of)
    if not subjects and not back and not anything_due(connection, as_of, rules):
        return
    cast_shadow(connection, tables.REBUILT if subjects else (tables.agenda, tables.wins))
    turn_back(connection, as_of, rules)
    rebuild(connection, as_of, rules, subjects)
    judge_due(Reading(connection, as_of, rules))
