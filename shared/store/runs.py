"""Schedules as far as they have run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import delete, insert, select, update

from shared import tables

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Connection, Row

OPEN: Final = ("waiting", "review", "proof", "released", "late", "paused")
HELD: Final = ("waiting", "review", "proof", "late", "paused")
"""Those of which nothing has left yet."""
FAILS: Final = "cannot: "
"""Begins the note of a run that something other than time keeps from going on."""
_R, _S = tables.runs.c, tables.schedules.c


def since(connection: Connection, name: str, now: datetime) -> datetime:
    """Since when a schedule is known; from now on where it is new."""
    found: datetime | None = connection.scalar(select(_S.since).where(_S.name == name))
    if found is None:
        connection.execute(insert(tables.schedules).values(name=name, since=now))
    return found or now


def rules(connection: Connection) -> dict[str, str]:
    """What people set, by name, as it was written."""
    return {
        row[0]: row[1] for row in connection.execute(select(_S.name, _S.rule).where(_S.rule.is_not(None)))
    }


def put_rule(connection: Connection, name: str, rule: str, now: datetime, *, confirmed: bool) -> None:
    """Have a schedule run by a rule from now on; what was due before is not made up for."""
    told: dict[str, Any] = {"rule": rule, "since": now} | ({} if confirmed else {"confirmed_at": None})
    if not connection.execute(update(tables.schedules).where(_S.name == name).values(told)).rowcount:
        connection.execute(insert(tables.schedules).values(name=name, **told))


def drop(connection: Connection, name: str) -> None:
    """Forget a schedule: one of that name is new."""
    connection.execute(delete(tables.schedules).where(_S.name == name))


def confirmed(connection: Connection, name: str) -> bool:
    """Whether someone has seen the first run of a schedule and let it go on."""
    return connection.scalar(select(_S.confirmed_at).where(_S.name == name)) is not None


def confirm(connection: Connection, name: str, now: datetime) -> bool:
    """Let a schedule go to everyone from now on; False where there is none."""
    own = update(tables.schedules).where(_S.name == name, _S.confirmed_at.is_(None))
    return bool(connection.execute(own.values(confirmed_at=now)).rowcount)


def days(connection: Connection, name: str) -> set[date]:
    """The days on which it ran."""
    return set(connection.scalars(select(_R.day).where(_R.schedule == name)))


def add(connection: Connection, run: dict[str, Any]) -> None:
    """Begin a run."""
    connection.execute(insert(tables.runs).values(run))


def listed(connection: Connection, *states: str) -> list[Row[Any]]:
    """Runs in these states, or all, in order of time."""
    query = select(tables.runs).order_by(_R.due_at, _R.schedule)
    return list(connection.execute(query.where(_R.state.in_(states)) if states else query))


def move(
    connection: Connection, run: Row[Any], state: str, note: str, now: datetime, before: str | None = None
) -> bool:
    """Change a run; False where another publisher did, or where nothing is new."""
    own = (_R.schedule == run.schedule, _R.day == run.day, _R.state == (before or run.state))
    told = {"state": state, "note": note}
    if (run.state, run.note) == (state, note):
        return False
    return bool(connection.execute(update(tables.runs).where(*own).values(**told, changed_at=now)).rowcount)


def of_edition(connection: Connection, edition: str, period: str) -> Row[Any] | None:
    """The latest run that is to send an edition."""
    query = select(tables.runs).where(_R.edition == edition, _R.period == period)
    return connection.execute(query.order_by(_R.due_at.desc()).limit(1)).first()


def find(connection: Connection, name: str, day: date) -> Row[Any] | None:
    """One run."""
    return connection.execute(select(tables.runs).where(_R.schedule == name, _R.day == day)).first()


def held(connection: Connection, edition_id: str) -> Row[Any] | None:
    """The run of which an edition is to come, as long as nothing of it has left."""
    own = (_R.edition + "-" + _R.period == edition_id, _R.state.in_(HELD))
    return connection.execute(select(tables.runs).where(*own).order_by(_R.due_at.desc())).first()
