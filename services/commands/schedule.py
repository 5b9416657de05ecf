"""`tandem publish` and `tandem schedule`: editions that go out by themselves."""

from __future__ import annotations

import signal
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from services.commands.context import AsJson, NotFoundError, UsageError, answer, moment, note, opened, say
from services.commands.detecting import log_to_stderr
from services.commands.people import operator
from services.publisher.opening import check
from services.publisher.serving import Publisher
from shared.mailing import scheduling
from shared.mailing.post import MailError
from shared.schedules import Schedule, next_due, why_not
from shared.store import runs

if TYPE_CHECKING:
    from sqlalchemy import Row

app = typer.Typer(
    help="Editions that go out by themselves. How a run stood before is not kept.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(metavar="NAME", help="As tandem schedule list shows it.")]
Day = Annotated[str, typer.Argument(metavar="DATE", help="The day on which it was due.")]


def publish() -> None:
    """Compose, release and send what is scheduled, until stopped; finishes what is at hand."""
    with opened() as (settings, store):
        check(settings, store)
        log_to_stderr()
        publisher = Publisher(settings, store)
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: publisher.stop())
        with store.reading() as connection:
            count = len(scheduling.schedules(connection, settings.schedules))
        note(f"Tandem publishes {count} schedules; stop it with Ctrl-C.")
        publisher.run()


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List schedules with when each is due next, and their runs."""
    now = datetime.now(UTC)
    with opened() as (settings, store):
        with store.reading() as connection:
            found = runs.listed(connection)
            known = scheduling.schedules(connection, settings.schedules)
            confirmed = {name: runs.confirmed(connection, name) for name in known}
        due = {name: next_due(each, now, settings.rules) for name, each in known.items()}
        zone = settings.rules.zone
    if as_json:
        return answer(
            {
                "schedules": [
                    {"name": name, "next_due": at, "confirmed": confirmed[name]} for name, at in due.items()
                ],
                "runs": [_document(run) for run in found],
            }
        )
    for name, at in due.items():
        first = "" if confirmed[name] else "; its first run goes to editors alone until you confirm it"
        say(f"{name}: due next {moment(at.astimezone(zone))}{first}")
    for run in found:
        say(f"  {run.schedule} {run.day}: {run.edition}-{run.period} {run.state}  {run.note}".rstrip())
    if not due:
        note("Nothing is scheduled; tandem schedule set, the desk and TANDEM_SCHEDULES do that.")
    return None


@app.command()
def confirm(name: Name) -> None:
    """Let a schedule go to everyone, now that its first run was seen by an editor."""
    with opened() as (settings, store):
        with store.reading() as connection:
            known = scheduling.schedules(connection, settings.schedules)
        if name not in known:
            raise NotFoundError(f"There is no schedule called {name}; tandem schedule list shows all")
        scheduling.confirm(store, name, datetime.now(UTC), who=operator())
    say(f"{name} goes to everyone from now on.")


@app.command("set")
def set_(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A short name of your own, such as month.")],
    edition: Annotated[
        str, typer.Option(help="One of: newsletter, leadership, sales, operations, meeting_pack.")
    ],
    workday: Annotated[int | None, typer.Option(help="The working day of the month, from 1 to 15.")] = None,
    weekday: Annotated[str | None, typer.Option(help="Or the day of the week, such as monday.")] = None,
    at: Annotated[str, typer.Option(metavar="HH:MM", help="By the clock of TANDEM_ZONE.")] = "08:00",
    review: Annotated[bool, typer.Option("--review", help="It waits until somebody releases it.")] = False,
) -> None:
    """Let an edition come by itself from now on, or on another day than until now."""
    told = {"edition": edition, "workday": workday, "weekday": weekday, "at": at, "review": review}
    try:
        schedule = Schedule.model_validate(told)
    except ValidationError as error:
        raise UsageError(f"{name}: {why_not(error)}") from None
    with opened() as (settings, store):
        now = datetime.now(UTC)
        try:
            scheduling.put(store, settings.schedules, name, schedule, now, who=operator())
        except MailError as error:
            raise UsageError(str(error)) from None
    say(f"{name}: due next {moment(next_due(schedule, now, settings.rules).astimezone(settings.rules.zone))}")


@app.command()
def remove(name: Name) -> None:
    """Let no edition come by this schedule any more, and leave out what waits of it."""
    with opened() as (settings, store):
        scheduling.remove(store, settings.schedules, name, datetime.now(UTC), who=operator())
    say(f"{name} is no schedule any more.")


@app.command()
def go(name: Name, day: Day) -> None:
    """Let a run that is late go all the same."""
    _decide(name, day, go=True)


@app.command()
def skip(name: Name, day: Day) -> None:
    """Leave a run out."""
    _decide(name, day, go=False)


def _decide(name: str, day: str, *, go: bool) -> None:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"{day}: write a day such as 2026-05-08") from None
    with opened() as (_, store):
        scheduling.decide(store, name, on, datetime.now(UTC), who=operator(), go=go)
    say(f"{name} of {on} {'goes' if go else 'is left out'}.")


def _document(run: Row[Any]) -> dict[str, Any]:
    return {
        "schedule": run.schedule,
        "day": run.day,
        "due_at": run.due_at,
        "edition_id": f"{run.edition}-{run.period}",
        "state": run.state,
        "note": run.note,
    }
