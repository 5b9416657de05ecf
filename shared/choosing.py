"""Use case: editors choose and order the stories of an edition by hand; composing follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.publishing import EditionError, get_in
from shared.store import choosing
from shared.store.choosing import Action, Line, chosen

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.editions.model import Edition
    from shared.store.engine import Store


def choose(
    store: Store, edition_id: str, action: Action, win_id: str, now: datetime, *, who: str, reason: str
) -> None:
    """Pin a win, leave it out, or take either back; the same again changes nothing. Raises EditionError."""
    if action not in ("pin", "drop", "free"):
        raise EditionError(f"{action} is nothing that can be chosen; write pin, drop or free")
    if action != "free" and not reason.strip():
        raise EditionError("The reason is empty; say why, it is kept")
    with store.noting() as connection:
        edition = _open(connection, edition_id)
        if win_id not in {each.win_id for each in edition.explanation}:
            raise EditionError(f"{win_id} is no win that {edition_id} could tell; compose it again")
        by_hand = chosen(choosing.history(connection, edition_id))
        stands = "pin" if win_id in by_hand.pinned else "drop" if win_id in by_hand.dropped else "free"
        if stands != action:
            choosing.add(connection, Line(edition_id, now, who, action, (win_id,), reason.strip()))


def move(
    store: Store, edition_id: str, win_id: str, before: int, after: int, now: datetime, *, who: str
) -> None:
    """Put a story from one place to another, counted from 0; where it has left that place, nothing changes.

    Raises EditionError.
    """
    with store.noting() as connection:
        edition = _open(connection, edition_id)
        by_hand = chosen(choosing.history(connection, edition_id))
        order = sorted((each.win_id for each in edition.stories), key=by_hand.place)
        if not 0 <= after < len(order) or order[before : before + 1] != [win_id]:
            return
        order.insert(after, order.pop(before))
        choosing.add(connection, Line(edition_id, now, who, "arrange", tuple(order)))


def _open(connection: Connection, edition_id: str) -> Edition:
    edition = get_in(connection, edition_id)
    if edition.state == "released":
        raise EditionError(f"{edition_id} was released and stays as it is")
    return edition
