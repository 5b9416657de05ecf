"""How far each edition has come, from waiting for its data to the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from sqlalchemy import select

from shared import tables
from shared.periods import Period
from shared.store import ledger, runs, sendings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from sqlalchemy import Connection, Row

Step = Literal[
    "waiting", "composed", "in_review", "approved", "released", "sending", "completed", "archived", "skipped"
]
_OF_RUN: Final[Mapping[str, Step]] = {
    "waiting": "waiting", "late": "waiting", "paused": "waiting", "skipped": "skipped",
    "review": "in_review", "proof": "in_review",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an edition is; `held` says what keeps it there, empty where it goes on by itself."""

    edition_id: str
    step: Step
    held: str
    candidates: int | None
    counts: Mapping[str, int]

    @property
    def adds_up(self) -> bool:
        """Whether each candidate has a mail, sent or not, with its reason."""
        return self.candidates is None or sum(self.counts.values()) == self.candidates


def progress(connection: Connection) -> Iterator[Progress]:
    """Each edition that is composed or scheduled, the newest first."""
    column = tables.editions.c
    states = {row[0]: row[1] for row in connection.execute(select(column.edition_id, column.state))}
    released = {row.edition_id: row for row in sendings.listed(connection)}
    scheduled = {f"{run.edition}-{run.period}": run for run in runs.listed(connection)}
    confirmed = {run.schedule for run in scheduled.values() if runs.confirmed(connection, run.schedule)}
    for edition_id in sorted(states.keys() | scheduled.keys(), key=_newest, reverse=True):
        run, sending = scheduled.get(edition_id), released.get(edition_id)
        if sending is not None:
            yield _sent(connection, sending)
        else:
            step = _before(states.get(edition_id), run, confirmed)
            held = run.note if run is not None and step not in ("released", "approved") else ""
            yield Progress(edition_id, step, held, None, {})


def _before(state: str | None, run: Row[Any] | None, confirmed: set[str]) -> Step:
    if state == "released":
        return "released"
    if run is None:
        return "composed"
    if run.state == "proof" and run.schedule in confirmed:
        return "approved"
    return _OF_RUN.get(run.state, "composed")


def _sent(connection: Connection, sending: Row[Any]) -> Progress:
    counts = ledger.counts(connection, sending.edition_id)
    begun = any(counts[state] for state in ("claimed", "started", "retry", "sent", "failed", "doubtful"))
    step: Step = "sending" if begun else "released"
    if sending.state in ("completed", "archived"):
        step = sending.state
    held = f"{sending.state}: {sending.reason}" if sending.state in ("paused", "stopped") else ""
    return Progress(sending.edition_id, step, held, sending.candidates, counts)


def _newest(edition_id: str) -> tuple[date, str, str]:
    """By the end of the period: a week's name does not sort among those of months."""
    name, _, period = edition_id.partition("-")
    return Period.parse(period).end, period, name
