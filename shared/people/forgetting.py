"""Names of who was erased, taken out of the editions that were composed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from shared import tables
from shared.editions.model import Edition
from shared.editions.withholding import without

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from shared.editions.withholding import Withheld

_E = tables.editions.c


def forget(connection: Connection, names: Sequence[Withheld]) -> None:
    """Take names out of every edition for good; whoever forgets a person calls it while they are known."""
    for edition_id, body in connection.execute(select(_E.edition_id, _E.body)).all():
        edition = Edition.from_json(body)
        if (left := without(edition, names)) is not edition:
            own = _E.edition_id == edition_id
            connection.execute(update(tables.editions).where(own).values(body=left.to_json()))
