"""Reading as of any instant: as if the projections had been built then."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from shared.projecting.built import stale
from shared.projecting.projector import project
from shared.projecting.reading import Reading
from shared.store.shadow import cast_shadow

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
        if subjects := stale(connection, as_of, rules):
            cast_shadow(connection)
            project(Reading(connection, as_of, rules), subjects)
        yield connection
