"""Sendings: editions on their way, each with all of its mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection, and_, exists, insert, select, update

from shared import tables
from shared.store.chunks import Among, run_among
from shared.store.ledger import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import Row

BY: Final = "by "
"""Begins the reason of a pause that a person wanted."""
GIVEN_UP: Final = "given up "
"""Begins the reason of a sending of which nothing more goes."""
_M, _S = tables.mails.c, tables.sendings.c
_THOSE: Final = select(tables.sendings).where(Among(_S.edition_id))
_SENDINGS_OF: Final = (
    select(_S.edition_id, _S.reason)
    .where(_S.edition_id.in_(select(_M.edition_id).where(Among(_M.mail_id))))
    .with_for_update(read=True)
)


def add(connection: Connection, row: dict[str, Any]) -> None:
    """Note that an edition is on its way."""
    connection.execute(insert(tables.sendings).values(row))


def find(connection: Connection, edition_id: str) -> Row[Any] | None:
    """One sending."""
    return connection.execute(select(tables.sendings).where(_S.edition_id == edition_id)).first()


def listed(connection: Connection, *states: str) -> list[Row[Any]]:
    """Sendings in these states, or all, the newest first."""
    query = select(tables.sendings).order_by(_S.released_at.desc(), _S.edition_id)
    return list(connection.execute(query.where(_S.state.in_(states)) if states else query))


def those(connection: Connection, edition_ids: Iterable[str]) -> Iterator[Row[Any]]:
    """The sendings of these editions."""
    return run_among(connection, _THOSE, edition_ids)


def hold(connection: Connection, mail_ids: Iterable[str]) -> dict[str, str]:
    """Let nobody move the sendings of these mails before the transaction ends; those given up, and why.

    Whoever gives one up moves it first, so that neither waits for mails that the other has.
    """
    found = run_among(connection, _SENDINGS_OF, mail_ids)
    return {row.edition_id: row.reason for row in found if row.reason.startswith(GIVEN_UP)}


def move(connection: Connection, edition_id: str, state: str, reason: str, *before: str) -> bool:
    """Change the state of a sending; False where it was in none of those before."""
    own = and_(_S.edition_id == edition_id, _S.state.in_(before))
    return bool(
        connection.execute(update(tables.sendings).where(own).values(state=state, reason=reason)).rowcount
    )


def renew(connection: Connection, edition_id: str, good_until: datetime) -> None:
    """Let a sending be late until then."""
    connection.execute(
        update(tables.sendings).where(_S.edition_id == edition_id).values(good_until=good_until)
    )


def reopen(connection: Connection, edition_id: str) -> None:
    """Go on with a sending that was completed: one of its mails is to be sent again."""
    own = and_(_S.edition_id == edition_id, _S.state == "completed")
    connection.execute(
        update(tables.sendings).where(own).values(state="sending", reason="", finished_at=None)
    )


def complete(connection: Connection, now: datetime) -> list[str]:
    """Close the sendings of which no mail is open any more."""
    is_open = exists().where(_M.edition_id == _S.edition_id, _M.state.in_(OPEN))
    done = list(connection.scalars(select(_S.edition_id).where(_S.state == "sending", ~is_open)))
    if done:
        closing = update(tables.sendings).where(_S.edition_id.in_(done))
        connection.execute(closing.values(state="completed", finished_at=now))
    return done


def archive(connection: Connection, before: datetime) -> list[str]:
    """Put away what was completed before then and leaves nothing to decide; its addresses are let go."""
    open_ = exists().where(_M.edition_id == _S.edition_id, _M.state == "doubtful")
    own = select(_S.edition_id).where(_S.state == "completed", _S.finished_at < before, ~open_)
    done = list(connection.scalars(own))
    if done:
        connection.execute(update(tables.sendings).where(_S.edition_id.in_(done)).values(state="archived"))
        connection.execute(update(tables.mails).where(_M.edition_id.in_(done)).values(recipient=None))
    return done
