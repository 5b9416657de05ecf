"""How far sending had come, kept in the database and outside of it: one put back from a backup knows less."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import text, update

from shared import tables
from shared.store import ledger, people, sendings
from shared.store.engine import fact, put_fact

if TYPE_CHECKING:
    from sqlalchemy import Connection

MAYBE: Final = "a backup was put back, so it may have gone out already: decide"
DECIDE: Final = "look at tandem mail status, then tandem mail resume --restored goes on"
_NUMBER, _PLACE, _WHY, _AT = "sending_number", "sending_place", "restored_why", "restored_at"
_HERE: Final = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()) || '/' || "
    "left(pg_walfile_name(pg_current_wal_lsn()), 8) || '/' || "
    "(SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || "
    "'mails'::regclass::oid"
)
"""The cluster, its line of history, the database and the table: a restore changes one of them."""
_BEFORE: Final = ("waiting", "proof", "review")


def number(connection: Connection) -> int:
    """How often sending has gone on."""
    return int(fact(connection, _NUMBER) or 0)


def advance(connection: Connection, least: int = 0) -> int:
    """Count one more step, above what was counted outside; the new number."""
    now_at = max(number(connection), least) + 1
    put_fact(connection, _NUMBER, str(now_at))
    if here := place(connection):
        put_fact(connection, _PLACE, here)
    return now_at


def place(connection: Connection) -> str | None:
    """Where this database lies, as far as the server knows; None for a file."""
    return str(connection.scalar(_HERE)) if connection.dialect.name == "postgresql" else None


def moved(connection: Connection) -> bool:
    """Whether it lies elsewhere than when it was sent from last."""
    before = fact(connection, _PLACE)
    return bool(before) and before != place(connection)


def restored(connection: Connection) -> str:
    """Why nothing is sent until somebody has decided; empty where nothing stands in the way."""
    return fact(connection, _WHY) or ""


def restored_at(connection: Connection) -> datetime | None:
    """When a backup was found to have been put back last."""
    found = fact(connection, _AT)
    return datetime.fromisoformat(found) if found else None


def hold(connection: Connection, why: str, now: datetime) -> None:
    """Let nothing leave that may have left already: pause all, and each edition and run on its way."""
    ledger.pause(connection, on=True)
    put_fact(connection, _WHY, why)
    put_fact(connection, _AT, now.isoformat())
    for sending in sendings.listed(connection, "sending"):
        sendings.move(connection, sending.edition_id, "paused", MAYBE, "sending")
    own = update(tables.runs).where(tables.runs.c.state.in_(_BEFORE))
    connection.execute(own.values(state="late", note=MAYBE, changed_at=now))
    people.decided(connection, now, "Tandem", "pause", "all mail", why)


def release(connection: Connection) -> None:
    """Let mail go on: somebody knows of it."""
    put_fact(connection, _WHY, "")
