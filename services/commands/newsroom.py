"""`tandem newsroom`: a way in for whoever has the console."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from services.commands.context import AsJson, answer, note, opened, say
from services.commands.people import operator
from shared.signing_in import link_on_console

app = typer.Typer(help="A way into the newsroom from the console.", no_args_is_help=True)


@app.callback()
def newsroom() -> None:
    """A way into the newsroom from the console."""


@app.command()
def link(
    person_id: Annotated[
        str, typer.Option("--as", metavar="PERSON", help="As whom, by the id that tandem people list prints.")
    ],
    administrator: Annotated[
        bool, typer.Option("--administrator", help="Make this person an administrator, too.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Print a link that signs a person in once, within a quarter of an hour."""
    with opened() as (settings, store):
        found = link_on_console(
            store, settings, person_id, datetime.now(UTC), administrator=administrator, who=operator()
        )
    if as_json:
        return answer({"person_id": person_id, "link": found})
    say(found)
    note("Open it on this machine, or send it to that person alone: whoever opens it first is signed in.")
    return None
