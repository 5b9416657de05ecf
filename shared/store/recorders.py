"""Who waits for whom where several processes write: recorders only for what they both touch."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import ARRAY, BigInteger, String, Text, cast, func, literal, select
from sqlalchemy.exc import DBAPIError

from shared.store import journal, postgres, projections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy import Connection

    from shared.store.engine import Store

Result = TypeVar("Result")

_RECORDING, _REPLAYING, _TURN = 0x54616E64656D01, 0x54616E64656D02, 0x54616E64656D05
_MOST = 2000
"""Locks of one transaction; all transactions of a server share some thousand."""
_AGAIN = {"40001", "40P01", "23505"}
"""What PostgreSQL says where another transaction was in the way: serialization, deadlock, the same key."""
_ATTEMPTS = 4


class ReplayingError(Exception):
    """Another replay is at work; the message says what to do."""


class CrowdedError(Exception):
    """The transaction touches more than it has locked, and must be run again with nobody beside it."""


def enter(connection: Connection, *, alone: bool = False) -> None:
    """Be one of those who record, or the only one, until the end of the transaction.

    Waits while a replay changes tables, and for whoever is alone.
    """
    if connection.dialect.name == "postgresql":
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        connection.execute(select(lock(_RECORDING)))


def run(store: Store, work: Callable[[Connection], Result]) -> Result:
    """Run a transaction beside other recorders; where one was in the way, again, alone at last."""
    for attempt in range(1, _ATTEMPTS):
        try:
            with store.writing(alone=attempt > 1) as connection:
                return work(connection)
        except CrowdedError:
            continue
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _AGAIN:
                raise
    with store.writing(alone=True) as connection:
        return work(connection)


def beside_others(connection: Connection) -> bool:
    """Whether other processes may be recording in this moment."""
    return bool(connection.get_execution_options().get("beside"))


def must_be_alone(connection: Connection) -> None:
    """What comes now may concern any order; raises CrowdedError where others are recording."""
    if beside_others(connection):
        raise CrowdedError


@dataclass(frozen=True, slots=True)
class Held:
    """What a transaction has locked: nobody else changes these subjects, nor anything of these customers."""

    subjects: frozenset[str]
    roots: frozenset[str]

    def check(self, connection: Connection, touched: Iterable[str]) -> None:
        """Raise CrowdedError unless these subjects, and where their orders now belong, are locked."""
        if not (ours := {subject for subject in touched if subject}) <= self.subjects:
            raise CrowdedError
        if not _roots_of_orders(connection, ours) <= self.roots:
            raise CrowdedError


def hold_subjects(connection: Connection, subjects: Iterable[str], customers: Iterable[str]) -> Held:
    """Lock what a batch touches: first its subjects, then the root customers these belong to.

    Both in one order everywhere, so that two transactions never wait for each other. Roots stand still
    meanwhile: only who is alone changes parents and merges.
    """
    ours = frozenset(subjects) - {""}
    _lock(connection, ours)
    named = {*customers, *_names("customer", ours)}
    known = projections.roots(connection, named)
    roots = {known.get(name, (name, name))[0] for name in named} | _roots_of_orders(connection, ours)
    _lock(connection, {f"root/{name}" for name in roots})
    return Held(ours, frozenset(roots))


def _roots_of_orders(connection: Connection, subjects: Iterable[str]) -> set[str]:
    return {root_id for root_id, *_ in projections.positions(connection, _names("order", subjects)).values()}


def _names(kind: str, subjects: Iterable[str]) -> set[str]:
    start = f"{kind}/"
    return {subject.removeprefix(start) for subject in subjects if subject.startswith(start)}


def _lock(connection: Connection, names: Iterable[str]) -> None:
    keys = sorted({_key(name) for name in names})
    if len(keys) > _MOST:
        raise CrowdedError
    if keys:
        key = func.unnest(cast(literal(postgres.array(keys), String), ARRAY(BigInteger))).column_valued("key")
        connection.execute(select(func.pg_advisory_xact_lock(key)))


def _key(name: str) -> int:
    return int.from_bytes(blake2b(name.encode(), digest_size=8, person=b"Tandem").digest(), signed=True)


def take_turns(connection: Connection) -> None:
    """From here to the commit one recorder at a time: what comes now is written to rows that all share."""
    connection.execute(select(func.pg_advisory_xact_lock(_TURN)))


def take(connection: Connection) -> None:
    """Be the only one who replays, as long as this connection is open; raises ReplayingError.

    On SQLite the lock of the writer sees to it.
    """
    if connection.dialect.name == "postgresql":
        here = func.hashtextextended(cast(func.current_schema(), Text), _REPLAYING)
        if not connection.scalar(select(func.pg_try_advisory_lock(here))):
            raise ReplayingError("Another replay is at work; wait for it to end")


def settle(connection: Connection) -> int:
    """The number of an event up to which no recorder is still at work."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_lock(_RECORDING)))
        connection.execute(select(func.pg_advisory_unlock(_RECORDING)))
    return journal.newest(connection)


def hold(connection: Connection) -> None:
    """Wait for the recorders at work and let nobody begin before the end of the transaction."""
    enter(connection, alone=True)
