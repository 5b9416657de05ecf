"""`tandem stories`: the editors' desk: what waits, what speaks for it, and what is decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from services.commands import stories_shown as shown
from services.commands.context import AsJson, AsOf, UsageError, answer, instant, opened, say
from shared.editing import Desk
from shared.looking_back import queue_then, show_then
from shared.people.reading import those
from shared.roles import Actor, roles_of
from shared.settings import Settings
from shared.store.engine import Store
from shared.stories.review import STATES, State, Story

app = typer.Typer(help="Stories of people, and their review.")
StoryId = Annotated[str, typer.Argument(metavar="STORY_ID", help="As tandem stories lists it.")]
As = Annotated[
    str,
    typer.Option(
        "--as", metavar="PERSON", help="Who decides, as the list of people or TANDEM_ROLES lets them."
    ),
]


@app.callback(invoke_without_command=True)
def stories(
    context: typer.Context,
    state: Annotated[str | None, typer.Option(help=f"Only these: {', '.join(STATES)}.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List stories: what waits too long first, then what else waits for an editor; show and decide one."""
    if context.invoked_subcommand is not None:
        if as_of is not None:
            raise UsageError(
                f"--as-of {as_of}: write it behind {context.invoked_subcommand}, if that takes it"
            )
        return
    if state is not None and state not in STATES:
        raise UsageError(f"--state {state}: write one of {', '.join(STATES)}")
    wanted: State | None = next((each for each in STATES if each == state), None)
    with _desk(as_of) as (desk, _):
        found = desk.queue(wanted) if as_of is None else queue_then(desk, wanted)
    if as_json:
        answer([shown.told(each) for each in found])
    else:
        shown.queue(found)


@app.command()
def show(story_id: StoryId, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show a story with its fact check, its evidence, what it waits for and who did what."""
    with _desk(as_of) as (desk, _):
        waiting, dossier = desk.show(story_id) if as_of is None else show_then(desk, story_id)
    if as_json:
        answer(shown.told(waiting) | shown.document(dossier))
    else:
        shown.one(waiting, dossier, desk)


@app.command()
def approve(
    story_id: StoryId,
    person: As,
    seen: Annotated[
        str | None, typer.Option("--hash", metavar="HASH", help="Of what you read, as show prints it.")
    ] = None,
    override: Annotated[
        str | None, typer.Option(metavar="REASON", help="Why what no fact backs may stand; it is kept.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Let a story be told as it reads now; nobody approves what they submitted or edited last."""
    with _desk() as (desk, who):
        _done(desk.approve(story_id, who(person), seen=seen, reason=override), as_json=as_json)


@app.command("return")
def return_(
    story_id: StoryId,
    person: As,
    comment: Annotated[str, typer.Option(help="What to change.")],
    as_json: AsJson = False,
) -> None:
    """Give a story back to whoever submitted it."""
    with _desk() as (desk, who):
        _done(desk.give_back(story_id, who(person), comment), as_json=as_json)


@app.command()
def edit(
    story_id: StoryId,
    person: As,
    title: Annotated[str | None, typer.Option(help="Another title.")] = None,
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="The text, as Markdown.")] = None,
    as_json: AsJson = False,
) -> None:
    """Change the words of a story; an approval does not hold for other words."""
    if title is None and file is None:
        raise UsageError("Write --title, or --file with the new text")
    with _desk() as (desk, who):
        body = None if file is None else _text(file)
        _done(desk.edit(story_id, who(person), title=title, body=body), as_json=as_json)


@app.command()
def retract(
    story_id: StoryId,
    person: As,
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    as_json: AsJson = False,
) -> None:
    """Take a story out for good, one that Tandem tells by itself, too."""
    with _desk() as (desk, who):
        _done(desk.retract(story_id, who(person), reason), as_json=as_json)


@app.command("object")
def object_(
    story_id: StoryId,
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Who is not to be named.")],
    comment: Annotated[str, typer.Option(help="Anything to add.")] = "",
    as_json: AsJson = False,
) -> None:
    """Do not name this person in a story."""
    with _desk() as (desk, who):
        _done(desk.object(story_id, who(person), comment), as_json=as_json)


@app.command()
def comment(
    story_id: StoryId,
    person: As,
    text: Annotated[str, typer.Option(help="What there is to say; it is kept.")],
    as_json: AsJson = False,
) -> None:
    """Say something about a story for whoever works on it."""
    with _desk() as (desk, who):
        _done(desk.comment(story_id, who(person), text), as_json=as_json)


@app.command()
def dispute(
    story_id: StoryId,
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Who it was not.")],
    reason: Annotated[str, typer.Option(help="What is wrong.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say that it was not you: nobody names you in it, and an editor reads the story anew."""
    with _desk() as (desk, who):
        _done(desk.dispute(story_id, who(person), reason), as_json=as_json)


@app.command()
def merge(
    story_id: StoryId,
    person: As,
    into: Annotated[str, typer.Option(metavar="STORY_ID", help="The story that stays.")],
    as_json: AsJson = False,
) -> None:
    """Take out a story that another one tells, too."""
    with _desk() as (desk, who):
        _done(desk.merge(story_id, who(person), into), as_json=as_json)


@contextmanager
def _desk(as_of: str | None = None) -> Iterator[tuple[Desk, Callable[[str], Actor]]]:
    """The desk, and who a person is at it."""
    now = instant(as_of)
    with opened() as (settings, store):
        hosts = settings.brand.hosts
        desk = Desk(store, now, settings.rules, settings.patience, hosts)
        yield desk, partial(_actor, settings, store)


def _actor(settings: Settings, store: Store, person_id: str) -> Actor:
    """Somebody with the roles that the list of people and the settings give."""
    if not person_id.strip():
        raise UsageError("--as is empty; write the id of a person")
    actor = settings.actor(person_id)
    with store.reading() as connection:
        person = those(connection, [person_id]).get(person_id)
    return replace(actor, roles=actor.roles | roles_of(person.roles)) if person else actor


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UsageError(f"--file {file}: {error.strerror}; name a file that holds the text") from None
    except UnicodeDecodeError as error:
        raise UsageError(f"--file {file}: no UTF-8 at byte {error.start}; save it as UTF-8") from None


def _done(story: Story, *, as_json: bool) -> None:
    if as_json:
        answer({"story_id": story.story_id, "state": story.state, "hash": story.content.hash})
    else:
        say(f"{story.story_id} is {story.state}.")
