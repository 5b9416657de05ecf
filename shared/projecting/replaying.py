"""Every projection anew from the journal, some subjects at a time, so that memory stays flat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.projecting.projector import PROJECTED, project
from shared.projecting.reading import Reading
from shared.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.rules import Rules


def fill(
    connection: Connection, as_of: datetime, rules: Rules, step: int, after: str = ""
) -> Iterator[list[str]]:
    """Fill empty projections, `step` subjects at a time, and yield these; go on `after` the last of them."""
    begun = after.partition("/")[0]
    for kind in PROJECTED[PROJECTED.index(begun) if begun else 0 :]:
        for subjects in journal.subjects(connection, kind, step, after if kind == begun else ""):
            rebuild(connection, as_of, rules, subjects)
            yield subjects


def rebuild(connection: Connection, as_of: datetime, rules: Rules, subjects: Iterable[str]) -> None:
    """Project subjects from all their events, and note what the clock has to judge of them."""
    reading = Reading(connection, as_of, rules)
    project(reading, subjects)
    reading.write_shared()
