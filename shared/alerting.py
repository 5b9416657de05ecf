"""Use case: whoever looks after Tandem is told by mail what went wrong and what to do, once for each fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson
from sqlalchemy.exc import IntegrityError

from shared.people.reading import everyone
from shared.rendering.environment import template
from shared.rendering.writing import Rendered
from shared.sending import eml
from shared.store import alerts, bounces, generation, ledger, runs, sendings, stories

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from shared.people.model import Person
    from shared.settings import Settings
    from shared.store.engine import Store

Kind = Literal[
    "not_composed", "data_late", "late", "review", "stopped", "held", "doubtful", "short",
    "bounces", "forged", "restored", "disputed",
]  # fmt: skip
Deliver = Callable[[str, str, bytes], bool]
"""Takes the recipient, a name for the mail, and its bytes; says whether it went."""
_EDITOR: Final = "editor"
_THEIRS: Final = frozenset({_EDITOR, "administrator"})
AT: Final = "#"
"""Between a story and the line of its log that an alert is about."""
_CALM: Final = frozenset({"bounces", "forged", "data_late"})
"""What comes and goes: whoever knows of it is not told again within a day."""
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Alert:
    """A fact that somebody must know: what it is about, and what is known of it."""

    kind: Kind
    about: str
    said: str = ""


def standing(connection: Connection, now: datetime, storm: int) -> Iterator[Alert]:
    """What somebody must know at this instant."""
    for run in runs.listed(connection, *runs.OPEN):
        yield from _of_run(run)
    for sending in sendings.listed(connection, "sending", "paused", "stopped", "completed"):
        yield from _of_sending(connection, sending)
    if (came := bounces.came(connection, now - _HOUR)) >= storm:
        yield Alert("bounces", now.date().isoformat(), str(came))
    if (forged := bounces.refused(connection, now.date(), now.date())) >= storm:
        yield Alert("forged", now.date().isoformat(), str(forged))
    if since := generation.restored(connection):
        yield Alert("restored", "the database", since)
    for number, story_id, title in stories.disputes(connection):
        yield Alert("disputed", f"{story_id}{AT}{number}", title)


def _of_run(run: Row[Any]) -> Iterator[Alert]:
    about = f"{run.schedule} {run.day}"
    if run.state == "late":
        yield Alert("late", about, run.note)
    elif run.state == "review":
        yield Alert("review", about, f"{run.edition}-{run.period}")
    elif run.note and run.state in ("waiting", "proof", "released") and run.note.startswith(runs.FAILS):
        yield Alert("not_composed", about, run.note.removeprefix(runs.FAILS))
    elif run.state == "waiting" and run.note:
        yield Alert("data_late", about, run.note)


def _of_sending(connection: Connection, sending: Row[Any]) -> Iterator[Alert]:
    about = sending.edition_id
    if sending.state == "stopped":
        yield Alert("stopped", about, sending.reason)
    elif sending.state == "paused" and not sending.reason.startswith(sendings.BY):
        yield Alert("held", about, sending.reason)
    counts = ledger.counts(connection, about)
    if doubtful := counts["doubtful"]:
        yield Alert("doubtful", about, str(doubtful))
    if (found := sum(counts.values())) != sending.candidates:
        yield Alert("short", about, f"{found} of {sending.candidates}")


def watch(store: Store, now: datetime, storm: int) -> None:
    """Note what has begun and what is over; again is harmless, also for another publisher at once."""
    try:
        with store.noting() as connection:
            found = {(each.kind, each.about): each for each in standing(connection, now, storm)}
            known = {(row.kind, row.about) for row in alerts.listed(connection)}
            for kind, about in known - found.keys():
                alerts.resolve(connection, kind, about, now)
            for kind, about in sorted(found.keys() - known):
                _begin(connection, found[kind, about], now)
    except IntegrityError:
        return  # another publisher noted it at this very moment


def _begin(connection: Connection, alert: Alert, now: datetime) -> None:
    before = alerts.find(connection, alert.kind, alert.about)
    if before is None:
        alerts.add(connection, alert.kind, alert.about, alert.said, now)
        return
    quietly = alert.kind in _CALM and now - before.resolved_at < _DAY
    alerts.reopen(connection, alert.kind, alert.about, alert.said, now, quietly=quietly)


def tell(store: Store, settings: Settings, now: datetime, deliver: Deliver) -> bool:
    """Mail each alert that stands to each editor and administrator who does not know of it.

    Whether all of it went; what did not is tried again when this is called again. A crash right after a
    mail went may tell somebody twice, and never nobody.
    """
    with store.reading() as connection:
        rows = alerts.listed(connection)
        readers = [
            each for some in everyone(connection) for each in some if each.email and _looks_after(each)
        ]
    whole = True
    for row in rows:
        knows = set(orjson.loads(row.told))
        for person in readers:
            if person.person_id not in knows and _concerns(row.kind, person):
                whole &= _tell(store, settings, row, person, now, deliver)
    return whole


def _looks_after(person: Person) -> bool:
    return not _THEIRS.isdisjoint(person.roles)


def _concerns(kind: str, person: Person) -> bool:
    """What stories say is for editors alone."""
    return kind != "disputed" or _EDITOR in person.roles


def _tell(
    store: Store,
    settings: Settings,
    row: Row[Any],
    person: Person,
    now: datetime,
    deliver: Deliver,
) -> bool:
    known = orjson.dumps([row.kind, row.about, row.since.isoformat(), person.person_id])
    name = f"alert-{row.kind}-{sha256(known).hexdigest()[:16]}"
    message_id = f"<{name}@{settings.brand.list_id}>"
    mail = eml(
        letter(settings, Alert(row.kind, row.about, row.said), person),
        settings.sender,
        str(person.email),
        message_id,
        now,
    )
    if not deliver(str(person.email), name, mail):
        return False
    with store.noting() as connection:
        alerts.tell(connection, row.kind, row.about, person.person_id)
    return True


def letter(settings: Settings, alert: Alert, person: Person) -> Rendered:
    """What somebody is told of an alert."""
    shown = {
        "brand": settings.brand,
        "name": person.name,
        "alert": alert,
        "patience": settings.schedule_patience_hours,
        "url": settings.public_url,
    }
    told = {
        part: template(f"web/mails/alert.{part}.j2", person.language).render(shown)
        for part in ("subject.txt", "txt", "html")
    }
    return Rendered(" ".join(told["subject.txt"].split())[:150], told["txt"], told["html"])
