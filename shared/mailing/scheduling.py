"""Use case: people let runs of a schedule go or leave them out, and confirm it; all is written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.mailing.post import MailError
from shared.store import people, runs

if TYPE_CHECKING:
    from datetime import date, datetime

    from shared.store.engine import Store


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
