"""The commands of `tandem`, and how each may fail: in one line that says what to do."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import typer
from sqlalchemy.exc import DBAPIError
from typer.exceptions import TyperException

from services.commands import (
    asking,
    conflicts,
    dead,
    demo,
    detecting,
    doctor,
    drafts,
    editions,
    figures,
    gallery,
    importing,
    mail,
    mapping,
    newsroom,
    orders,
    people,
    quarantine,
    replaying,
    schedule,
    serving,
    sources,
    stories,
    tokens,
    topics,
    tune,
    wins,
)
from services.commands.context import NotFoundError, UsageError, note
from shared.editing import EditingError
from shared.mailing.post import MailError
from shared.mapping import MappingError
from shared.mending import LetterError
from shared.people.model import PeopleError
from shared.publishing import EditionError
from shared.settings import SettingsError
from shared.snapshots import OlderExportError
from shared.store.engine import StoreError
from shared.store.lock import BusyError, LockedError
from shared.store.recorders import ReplayingError
from shared.store.tokens import TokenError

FELL_SHORT, CALLED_WRONGLY = 1, 2

app = typer.Typer(
    name="tandem",
    help="Finds what Sales and Operations achieved together, proves it, and tells them.",
    no_args_is_help=True,
    add_completion=False,
)
app.command()(demo.demo)
app.command("import")(importing.import_)
app.command()(serving.serve)
app.add_typer(tokens.app, name="token")
app.add_typer(mapping.app, name="mapping")
app.command()(detecting.detect)
app.add_typer(dead.app, name="dead")
app.command()(conflicts.conflicts)
app.command()(quarantine.quarantine)
app.command()(wins.wins)
app.add_typer(orders.app, name="orders")
app.command()(figures.kpis)
app.command("tune")(tune.tune_)
app.add_typer(drafts.app, name="draft")
app.add_typer(stories.app, name="stories")
app.command()(editions.compose)
app.command()(editions.preview)
app.command()(gallery.gallery)
app.command()(editions.release)
app.command()(mail.send)
app.add_typer(mail.app, name="mail")
app.command()(schedule.publish)
app.add_typer(schedule.app, name="schedule")
app.command("ask")(asking.ask_)
app.add_typer(people.app, name="people")
app.add_typer(newsroom.app, name="newsroom")
app.command()(sources.sources)
app.command()(replaying.replay)
app.command()(topics.topics)
app.command()(doctor.doctor)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every failure is one line on stderr."""
    # A batch makes tens of thousands of objects without cycles: looking through them often halves the speed.
    gc.set_threshold(500_000, 20, 50)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(list(arguments), prog_name="tandem", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FELL_SHORT
    except Exception as error:
        if os.environ.get("TANDEM_DEBUG"):
            raise
        text, code = _failure(error)
        note(" ".join(text.split()))
    return int(code or 0)


def _failure(error: Exception) -> tuple[str, int]:
    """What to say of an error, and the exit code."""
    match error:
        case TyperException():
            return _called_wrongly(error), CALLED_WRONGLY
        case UsageError() | SettingsError() | StoreError() | MappingError() | OlderExportError():
            return str(error), CALLED_WRONGLY
        case (
            NotFoundError()
            | LetterError()
            | EditionError()
            | TokenError()
            | PeopleError()
            | MailError()
            | EditingError()
        ):
            return str(error), FELL_SHORT
        case LockedError() | BusyError() | ReplayingError():
            return str(error), FELL_SHORT
        case DBAPIError():
            what = f"the database says: {error.orig}"
        case OSError(strerror=str(reason)):
            what = f"{error.filename or 'the output'}: {reason}"
        case _:
            what = f"{type(error).__name__}: {error}"[:300]
    return f"Tandem failed: {what}. Nothing half-done was kept; TANDEM_DEBUG=1 shows where.", FELL_SHORT


def _called_wrongly(error: TyperException) -> str:
    text = error.format_message().replace("Value error, ", "").strip().rstrip(".") or "Name a command"
    context = getattr(error, "ctx", None)
    return f"{text}. See {context.command_path if context else 'tandem'} --help."
