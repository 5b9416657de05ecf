"""`tandem doctor`: what is missing or wrong, and what to do about it."""

from __future__ import annotations

import os
import sqlite3
import sys
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from importlib import metadata
from typing import Annotated

import typer
from sqlalchemy import Connection, func, make_url, select, text

from services.commands.context import AsJson, AsOf, UsageError, answer, instant, moment, say
from shared import tables
from shared.completeness import sources
from shared.people.addresses import plain
from shared.settings import Settings, SettingsError, load
from shared.store import conflicts, letters, outbox
from shared.store.aside import lying_ahead, put_aside
from shared.store.engine import Store, StoreError
from shared.viewing import view

_SAFE_SQLITE = (3, 51, 3)
_PYTHON = (3, 11)
_SOON = timedelta(minutes=15)
_NO_SETTINGS = frozenset(("TANDEM_DEBUG", "TANDEM_FAIL_AT"))
_OF_TESTS = "TANDEM_TEST_"


def doctor(
    what: Annotated[
        str | None, typer.Argument(metavar="[mail]", help="`mail`: whether mail can go out.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="Of mail: send a test to this address.")] = None,
    selector: Annotated[
        str | None, typer.Option("--selector", help="Of mail: where the DKIM key is.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Check this installation; exit 1 where something needs a hand."""
    if what not in {None, "mail"}:
        raise UsageError(f"{what}: write tandem doctor, or tandem doctor mail")
    if what is None and (to is not None or selector is not None):
        raise UsageError("--to and --selector are about mail: write tandem doctor mail")
    at = None if as_of is None else instant(as_of)
    checks = [_python(), _renderer(), *_settings(at)] if what is None else _mail(to, selector, at)
    if as_json:
        answer([{"check": name, "ok": ok, "says": says} for name, ok, says in checks])
    else:
        for name, ok, says in checks:
            say(f"{'ok  ' if ok else 'FIX '} {name}: {says}")
    if not all(ok for _, ok, _ in checks):
        raise typer.Exit(1)


Check = tuple[str, bool, str]


def _mail(to: str | None, selector: str | None, at: datetime | None) -> list[Check]:
    from services.publisher.examining import examine  # noqa: PLC0415 - only this needs a relay and names
    from services.publisher.names import look_up  # noqa: PLC0415 - the same

    try:
        recipient = None if to is None else plain(to)
    except ValueError as error:
        raise UsageError(f"--to {error}") from None
    return list(examine(load(), at or datetime.now(UTC), look_up, to=recipient, selector=selector))


def _python() -> Check:
    ok = sys.version_info >= _PYTHON
    return "Python", ok, sys.version.split()[0] + ("" if ok else "; Tandem needs 3.11 or newer")


def _renderer() -> Check:
    try:
        return "MJML", True, f"mjml-python {metadata.version('mjml-python')}"
    except metadata.PackageNotFoundError:
        return "MJML", False, "mjml-python is missing; run make again"


def _settings(at: datetime | None) -> list[Check]:
    try:
        settings = load()
        brand = settings.brand
    except SettingsError as error:
        return [("Settings", False, str(error))]
    says = f"zone {settings.zone}, brand {brand.name}"
    checks: list[Check] = [("Settings", not (wrong := _misspelt()), wrong or says)]
    try:
        store = Store.open(settings.database_url)
    except StoreError as error:
        return [*checks, ("Database", False, str(error))]
    try:
        with store.reading() if at is None else view(store, at, settings.rules) as connection:
            checks += _database(connection, settings.database_url, at)
            patience = timedelta(hours=settings.source_silence_hours)
            checks.append(_sources(connection, patience, at or datetime.now(UTC)))
    finally:
        store.close()
    kafka = settings.kafka_url or "not set: events come by files; TANDEM_KAFKA_URL=host:9092 connects it"
    return [*checks, ("Kafka", True, kafka)]


def _misspelt() -> str:
    """What is set under a misspelt name that nobody reads; empty where there is none."""
    known = {f"TANDEM_{name.upper()}" for name in Settings.model_fields} | _NO_SETTINGS
    found = sorted(name for name in os.environ if name.startswith("TANDEM_") and name not in known)
    told = [
        f"{name} is no setting" + "".join(f", perhaps {near}" for near in get_close_matches(name, known, 1))
        for name in found
        if not name.startswith(_OF_TESTS)
    ]
    return "; ".join([*told, "docs/settings.md lists them"]) if told else ""


def _database(connection: Connection, url: str, at: datetime | None) -> list[Check]:
    events = connection.scalar(select(func.count()).select_from(tables.journal))
    clashing = conflicts.open_count(connection, at)
    dead = letters.how_many_wait(connection, at)
    now = at or datetime.now(UTC)
    aside = put_aside(connection)
    told = "; ".join(f"{row['order_id']} ({row['reason']})" for row in aside[:3])
    return [
        ("Database", True, f"{_shown(url)}, {_version(connection)}, {events} events"),
        (
            "Conflicts",
            not clashing,
            f"{clashing} events came again with other content; tandem conflicts shows them",
        ),
        ("Dead letters", not dead, f"{dead} events could not be read and wait; tandem dead list shows them"),
        (
            "Quarantine",
            not aside,
            f"{told}; tandem quarantine lists all {len(aside)}" if aside else "no order is put aside",
        ),
        _outbox(connection, now),
        _ahead(connection, now),
    ]


def _shown(url: str) -> str:
    return make_url(url).difference_update_query(["password"]).render_as_string()


def _version(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        return f"PostgreSQL {connection.scalar(text('SHOW server_version'))}"
    one_writer = "" if sqlite3.sqlite_version_info >= _SAFE_SQLITE else ", safe with the one writer it has"
    return f"SQLite {sqlite3.sqlite_version}{one_writer}"


def _sources(connection: Connection, patience: timedelta, now: datetime) -> Check:
    """Who has stopped telling: named, and no fault, since it may have told all there will ever be."""
    found = sources(connection, now)
    silent = [one.source for one in found if one.silent_since(now, patience)]
    if not silent:
        return "Sources", True, f"{len(found)} tell what happens, none is silent"
    hours = patience // timedelta(hours=1)
    named = ", ".join([*silent[:3], *(["…"] if len(silent) > 3 else [])])  # noqa: PLR2004 - as above
    return (
        "Sources",
        True,
        f"{len(silent)} of {len(found)} silent for over {hours} h: {named}; tandem sources",
    )


def _outbox(connection: Connection, now: datetime) -> Check:
    """What waits to leave for Kafka: for long only where Kafka, or what sends to it, is away."""
    wait = outbox.waiting(connection)
    if wait.since is None:
        return "Outbox", True, "nothing waits to leave for Kafka"
    says = f"{wait.number} records wait to leave for Kafka since {moment(wait.since)} UTC"
    if wait.refused:
        named = "; ".join(f"one for {topic} ({reason})" for topic, reason in wait.refused)
        return "Outbox", False, f"{says}; it refuses {named}: raise max.message.bytes there, then start again"
    ok = now - wait.since < _SOON
    return "Outbox", ok, says if ok else f"{says}; tandem detect sends them, and its log says why it does not"


def _ahead(connection: Connection, now: datetime) -> Check:
    """Events that lie in the future: most often a clock or a date format that is wrong."""
    ahead = lying_ahead(connection, now)
    wait = f"{len(ahead)} events lie more than a day ahead; tandem quarantine lists them"
    return "Clock", not ahead, wait if ahead else "no event lies more than a day ahead"
