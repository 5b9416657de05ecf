"""The clock: begins what is due, and takes every run one step on as soon as it can go."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import IntegrityError

from shared import publishing
from shared.completeness import behind, sources
from shared.mailing.post import MailError
from shared.mailing.releasing import proof, release
from shared.mailing.scheduling import schedules
from shared.people.model import PeopleError
from shared.periods import Period
from shared.publishing import EditionError
from shared.rendering.writing import RenderError
from shared.replaying import rules_changed
from shared.schedules import days, due_at, period_told
from shared.store import generation, runs, sendings

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy import Row

    from shared.rules import Rules
    from shared.schedules import Schedule
    from shared.settings import Settings
    from shared.store.engine import Store

log = logging.getLogger("tandem.publisher")


def tick(store: Store, settings: Settings, now: datetime) -> None:
    """Begin what has come due, once for each local day, and take open runs on; again is harmless."""
    with store.noting() as connection:
        sendings.archive(connection, now - timedelta(days=settings.mail_archive_days))
        if generation.restored(connection):
            return  # what would begin now may have gone out already
        restored_at = generation.restored_at(connection)
        known = schedules(connection, settings.schedules)
    for name, schedule in known.items():
        with suppress(IntegrityError), store.noting() as connection:  # another publisher was first
            begun = runs.days(connection, name)
            for day in _came_due(settings.rules, schedule, runs.since(connection, name, now), now):
                if day not in begun:
                    runs.add(connection, _run(settings, name, schedule, day, now, restored_at))
    with store.reading() as connection:
        waiting = runs.listed(connection, *runs.OPEN)
    for run in waiting:
        if run.schedule in known or run.state == "released":
            review = run.schedule in known and known[run.schedule].review
            _take_on(store, settings, run, now, review=review)


def _came_due(rules: Rules, schedule: Schedule, since: datetime, now: datetime) -> list[date]:
    first, last = (at.astimezone(rules.zone).date() for at in (since, now))
    due = days(schedule, rules, first, last)
    return [day for day in due if since < due_at(schedule, day, rules) <= now]


def _run(
    settings: Settings,
    name: str,
    schedule: Schedule,
    day: date,
    now: datetime,
    restored_at: datetime | None,
) -> dict[str, Any]:
    at = due_at(schedule, day, settings.rules)
    lost = restored_at is not None and at <= restored_at
    late = lost or now - at > timedelta(hours=settings.mail_most_late_hours)
    return {
        "schedule": name,
        "day": day,
        "due_at": at,
        "edition": schedule.edition,
        "period": period_told(schedule, day).name,
        "state": "late" if late else "waiting",
        "note": generation.MAYBE if lost else "nobody was there when it was due: decide" if late else "",
        "changed_at": now,
    }


def _take_on(store: Store, settings: Settings, run: Row[Any], now: datetime, *, review: bool) -> None:
    """Take a run as far as it can go now; what goes wrong is kept with it and told once."""
    try:
        state, note = _step(store, settings, run, now, review=review)
    except (EditionError, RenderError, MailError, PeopleError) as error:
        state, note = run.state, f"{runs.FAILS}{error}"
    with store.noting() as connection:
        moved = runs.move(connection, run, state, note, now)
    if moved:
        told = log.warning if note else log.info
        told("%s of %s is %s%s", run.schedule, run.day, state, f": {note}" if note else "")


def _step(store: Store, settings: Settings, run: Row[Any], now: datetime, *, review: bool) -> tuple[str, str]:
    edition_id = f"{run.edition}-{run.period}"
    if run.state == "released":
        return _sent(store, run, edition_id)
    if run.state not in ("late", "paused") and _released(store, edition_id):
        return "released", ""
    if run.state == "waiting":
        missing = _missing(store, settings, run, now)
        return ("waiting", missing) if missing else _composed(store, settings, run, now, review=review)
    if run.state == "proof":
        return _proofed(store, settings, run, edition_id, now)
    return run.state, run.note


def _missing(store: Store, settings: Settings, run: Row[Any], now: datetime) -> str:
    """Whose data an edition still waits for; nothing once it has waited long enough."""
    if now >= run.due_at + timedelta(hours=settings.schedule_patience_hours):
        return ""
    with store.reading() as connection:
        told = sources(connection, now)
    late = behind(told, Period.parse(run.period), settings.rules)
    if not told:
        return "waits for a first source to tell anything"
    return f"waits for {', '.join(sorted(source.source for source in late))}" if late else ""


def _composed(
    store: Store, settings: Settings, run: Row[Any], now: datetime, *, review: bool
) -> tuple[str, str]:
    if rules_changed(store, settings.rules):
        return "waiting", "waits until all is judged by the rules of now"
    period = Period.parse(run.period)
    edition = publishing.compose(
        store, run.edition, period, now, settings.rules, settings.targets, settings.choice
    )
    provisional = "" if edition.arrived else "provisional: not every source has told all of it; "
    if review:
        return "review", f"{provisional}tandem release {edition.edition_id} sends it"
    with store.reading() as connection:
        confirmed = runs.confirmed(connection, run.schedule)
        found = runs.find(connection, run.schedule, run.day)
    if found is None or found.state != run.state:
        return run.state, run.note  # somebody decided otherwise while it was composed
    if not confirmed:
        proof(store, edition.edition_id, settings.brand, settings.post, now)
        return (
            "proof",
            f"{provisional}editors have it; tandem schedule confirm {run.schedule} sends it to all",
        )
    release(store, edition.edition_id, settings.brand, settings.post, now)
    return "released", provisional.removesuffix("; ")


def _proofed(
    store: Store, settings: Settings, run: Row[Any], edition_id: str, now: datetime
) -> tuple[str, str]:
    with store.reading() as connection:
        if not runs.confirmed(connection, run.schedule):
            return "proof", run.note
    release(store, edition_id, settings.brand, settings.post, now)
    return "released", ""


def _released(store: Store, edition_id: str) -> bool:
    try:
        return publishing.get(store, edition_id).state == "released"
    except EditionError:
        return False


def _sent(store: Store, run: Row[Any], edition_id: str) -> tuple[str, str]:
    with store.reading() as connection:
        sending = sendings.find(connection, edition_id)
    if sending is None or sending.state in ("completed", "archived"):
        return "completed", ""
    stopped = sending.state in ("stopped", "paused")
    return "released", f"{sending.state}: {sending.reason}" if stopped else run.note
