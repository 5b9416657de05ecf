"""Use case: people set schedules, decide about their runs and confirm them; all is written down."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.editions.registry import EDITIONS
from shared.mailing.post import MailError
from shared.schedules import Schedule
from shared.store import people, runs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Connection

    from shared.store.engine import Store

    Schedules = Mapping[str, Schedule]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def impossible(schedule: Schedule) -> str | None:
    """Why an edition cannot come by a schedule, and what to write instead."""
    if schedule.edition not in EDITIONS:
        return f"there is no edition {schedule.edition!r}; write one of {', '.join(EDITIONS)}"
    if schedule.unit in EDITIONS[schedule.edition].units:
        return None
    what = '"workday"' if schedule.unit == "week" else '"weekday"'
    return f"{schedule.edition} is not made of a {schedule.unit}; write {what}"


def schedules(connection: Connection, fixed: Schedules) -> dict[str, Schedule]:
    """Every schedule by name: `fixed` by the settings, which nobody overrules, and those that people set."""
    told = {name: Schedule.model_validate_json(rule) for name, rule in runs.rules(connection).items()}
    return dict(sorted((told | dict(fixed)).items()))


def put(store: Store, fixed: Schedules, name: str, schedule: Schedule, now: datetime, *, who: str) -> None:
    """Set a schedule, or another day for it; raises MailError.

    It runs from now on. One that sends another edition than before goes to editors first, as a new one does.
    """
    _check(fixed, name)
    if not _NAME.fullmatch(name):
        raise MailError(f"{name}: name it by at most 40 of a-z, 0-9, - and _, such as month or team-week")
    if why := impossible(schedule):
        raise MailError(f"{name}: {why}")
    with store.noting() as connection:
        before = schedules(connection, {}).get(name)
        if before == schedule:
            return
        same = before is not None and before.edition == schedule.edition
        if not same:
            _leave_out(connection, name, f"{who} set another edition", now)
        runs.put_rule(connection, name, schedule.model_dump_json(), now, confirmed=same)
        people.decided(connection, now, who, "schedule", name, schedule.model_dump_json(exclude_none=True))


def remove(store: Store, fixed: Schedules, name: str, now: datetime, *, who: str) -> None:
    """Let no edition come by a schedule any more, and leave out what waits; raises MailError."""
    _check(fixed, name)
    with store.noting() as connection:
        if name not in runs.rules(connection):
            raise MailError(f"There is no schedule {name}; tandem schedule list shows all")
        _leave_out(connection, name, f"{who} removed the schedule", now)
        runs.drop(connection, name)
        people.decided(connection, now, who, "unschedule", name)


def _leave_out(connection: Connection, name: str, note: str, now: datetime) -> None:
    for run in runs.listed(connection, *runs.HELD):
        if run.schedule == name:
            runs.move(connection, run, "skipped", note, now)


def _check(fixed: Schedules, name: str) -> None:
    if name in fixed:
        raise MailError(f"{name} is set in TANDEM_SCHEDULES; change it there")


def decide(store: Store, name: str, day: date, now: datetime, *, who: str, go: bool) -> None:
    """Let a late run go all the same, or leave it out; raises MailError."""
    with store.noting() as connection:
        run = runs.find(connection, name, day)
        if run is None or run.state not in runs.HELD:
            state = "was never due" if run is None else f"is {run.state}"
            raise MailError(f"{name} of {day} {state}; tandem schedule list shows what waits")
        runs.move(connection, run, "waiting" if go else "skipped", f"decided by {who}", now)
        people.decided(connection, now, who, "go" if go else "skip", f"{name} {day}")


def confirm(store: Store, name: str, now: datetime, *, who: str) -> None:
    """Let a schedule go to everyone, now that its first run was seen; raises MailError."""
    with store.noting() as connection:
        if not runs.confirm(connection, name, now):
            raise MailError(f"{name} is confirmed already or has never run; tandem schedule list shows all")
        people.decided(connection, now, who, "confirm", name)
