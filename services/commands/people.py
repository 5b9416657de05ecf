"""`tandem people`: who is written to, and how each wishes to be named."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from services.commands.context import ActedAt, AsJson, UsageError, answer, instant, note, opened, say
from shared.people.choosing import erase as erase_person
from shared.people.choosing import prefer as prefer_person
from shared.people.importing import Imported, import_people
from shared.people.model import PeopleError, Person
from shared.people.reading import everyone, one

app = typer.Typer(help="Who is written to, and how each wishes to be named.", no_args_is_help=True)
PersonId = Annotated[str, typer.Argument(metavar="ID", help="As `tandem people list` prints it.")]
_SHOWN = 20


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="CSV", help="A list with a line of column names.")],
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Create and update people from a list; what a person chose for themselves stays."""
    at = instant(as_of)
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}; check its path and rights") from None
    with opened() as (_, store):
        try:
            done = import_people(store, raw, at)
        except PeopleError as error:
            raise UsageError(f"{file}: {error}") from None
    _tell(file, done, as_json=as_json)
    if done.rejects:
        raise typer.Exit(1)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List everyone who was not erased."""
    with opened() as (_, store), store.reading() as connection:
        found = [person for some in everyone(connection) for person in some]
    if as_json:
        return answer([_document(person) for person in found])
    for person in found:
        roles = f", {' '.join(sorted(person.roles))}" if person.roles else ""
        say(f"{person.person_id}: {person.name} <{person.email}>, {person.department}{roles}")
    if not found:
        note("There is nobody yet; tandem people import CSV takes a list.")
    return None


@app.command()
def show(person_id: PersonId, as_json: AsJson = False) -> None:
    """Show one person with what they chose."""
    with opened() as (_, store), store.reading() as connection:
        person = one(connection, person_id)
    _show(person, as_json=as_json)


@app.command()
def prefer(
    person_id: PersonId,
    naming: Annotated[str | None, typer.Option(help="named, team or never.")] = None,
    language: Annotated[str | None, typer.Option(help="The language of their mails, such as en.")] = None,
    edition: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=HOW", help="Such as newsletter=never; every, monthly or never."),
    ] = None,
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Set what a person told you they want; no later list changes it."""
    wanted = dict(_wish(each) for each in edition or [])
    if naming is None and language is None and not wanted:
        raise UsageError("Write what to set: --naming team, --language en or --edition newsletter=never")
    at = instant(as_of)
    with opened() as (_, store):
        person = prefer_person(
            store,
            person_id,
            at,
            who=operator(),
            language=language,
            naming=naming,
            subscriptions=wanted,
        )
    _show(person, as_json=as_json)


@app.command()
def erase(person_id: PersonId, as_of: ActedAt = None, as_json: AsJson = False) -> None:
    """Forget a person's name, address, choices and texts for ever; figures and wins stay."""
    at = instant(as_of)
    with opened() as (_, store):
        person = erase_person(store, person_id, at, who=operator())
    if as_json:
        return answer(_document(person))
    say(f"{person_id} is forgotten: name, address, choices and texts are gone, and no list brings them back.")
    note("Backups made before still hold them; let them expire, too.")
    return None


def operator() -> str:
    """Who gives the command, for what is written down."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _wish(text: str) -> tuple[str, str]:
    edition, equals, frequency = text.partition("=")
    if not equals:
        raise UsageError(f"--edition {text}: write an edition and how often, such as newsletter=monthly")
    return edition, frequency


def _tell(file: Path, done: Imported, *, as_json: bool) -> None:
    rejects = [
        {"file": str(file), "line": each.line, "field": each.field, "reason": each.reason}
        for each in done.rejects
    ]
    counts = {name: getattr(done, name) for name in ("read", "created", "updated", "unchanged")}
    if as_json:
        return answer({**counts, "rejected": len(rejects), "rejects": rejects})
    for each in rejects[:_SHOWN]:
        note(f"{each['file']}:{each['line']}: {each['field']}: {each['reason']}")
    if len(rejects) > _SHOWN:
        note(f"… and {len(rejects) - _SHOWN:,} more; --json lists them all")
    told = ", ".join(f"{number:,} {name}" for name, number in list(counts.items())[1:])
    say(f"{done.read:,} read: {told}, {len(rejects):,} rejected.")
    if rejects:
        note("The rest is taken. Mend the lines above and import the file again.")
    return None


def _show(person: Person, *, as_json: bool) -> None:
    if as_json:
        return answer(_document(person))
    for name, value in _document(person).items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(value, dict):
            text = ", ".join(f"{key} {each}" for key, each in value.items()) or "every edition"
        say(f"{name}: {text if text not in (None, '') else '-'}")
    return None


def _document(person: Person) -> dict[str, Any]:
    return {
        "person_id": person.person_id,
        "email": person.email,
        "name": person.name,
        "department": person.department,
        "language": person.language,
        "naming": person.naming,
        "roles": sorted(person.roles),
        "customers": None if person.customers is None else sorted(person.customers),
        "subscriptions": dict(sorted(person.subscriptions.items())),
        "chosen": sorted(person.chosen),
        "erased_at": person.erased_at,
    }
