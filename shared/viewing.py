"""Reading as of any instant: as if the projections had been built then."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.projecting.built import by_other_rules, stale
from shared.projecting.projector import project
from shared.projecting.reading import Reading
from shared.projecting.replaying import fill
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
        elif subjects := stale(connection, as_of, rules):
            cast_shadow(connection)
            project(Reading(connection, as_of, rules), subjects)
        yield connection
