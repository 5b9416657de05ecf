"""`tandem draft`: people hand in their own stories, and the other side confirms them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, get_args

import typer

from services.commands.context import (
    ActedAt,
    AsJson,
    AsOf,
    NotFoundError,
    UsageError,
    answer,
    instant,
    note,
    opened,
    say,
)
from shared.events.decoding import Rejected
from shared.events.payload import OperationsSide, SalesSide
from shared.prefilling import begun
from shared.stories.submission import read
from shared.submitting import OtherContentError, confirm, submit

VIA = "tandem/cli"
_SIDES = sorted({*get_args(SalesSide), *get_args(OperationsSide)})
app = typer.Typer(help="Stories of your own: begin, hand in, confirm.", no_args_is_help=True)


@app.command()
def new(
    order: Annotated[str, typer.Option("--order", metavar="ORDER_ID", help="The order it is about.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Write a first draft about an order: seven questions, with what is known filled in."""
    at = instant(as_of)
    with opened() as (settings, store):
        draft = begun(store, order, at, settings.rules, settings.language)
    if draft is None:
        raise NotFoundError(f"No order {order}; check the id, and import its events")
    if as_json:
        answer(draft.document())
    else:
        say(draft.markdown())


@app.command("submit")
def submit_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Markdown or JSON; `-` reads stdin.")],
    key: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Names this hand-in: the same again is the same draft.")
    ] = None,
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Hand in a story; handing in the same again changes nothing."""
    raw, at = _read(file), instant(as_of)
    with opened() as (settings, store):
        try:
            made = submit(store, read(raw), via=VIA, key=key, now=at, rules=settings.rules)
        except (Rejected, OtherContentError) as error:
            _refuse(error, as_json=as_json)
    if as_json:
        answer({"draft_id": made.draft_id, "story_id": made.story_id, "outcome": made.outcome})
        return
    before = "" if made.outcome == "submitted" else "It was handed in before; nothing changed. "
    say(f"Draft {made.draft_id}. {before}An editor reads it: tandem stories show {made.story_id}")


@app.command("confirm")
def confirm_(
    draft_id: Annotated[str, typer.Argument(metavar="DRAFT_ID", help="As tandem draft submit prints it.")],
    line: Annotated[str, typer.Option(help="Your one line: how it was from your side.")],
    person: Annotated[str, typer.Option("--as", metavar="PERSON", help="Your id.")],
    department: Annotated[str, typer.Option(help=f"Yours; one of {', '.join(_SIDES)}.")],
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Confirm a story that the other side told, in one line."""
    by, now = {"person_id": person, "department": department}, instant(as_of)
    with opened() as (settings, store):
        try:
            outcome = confirm(store, draft_id, line, by, via=VIA, now=now, rules=settings.rules)
        except Rejected as error:
            _refuse(error, as_json=as_json)
    if as_json:
        answer({"draft_id": draft_id, "outcome": outcome})
    else:
        say("Confirmed; thank you." if outcome == "submitted" else "You had confirmed it; nothing changed.")


def _refuse(error: Rejected | OtherContentError, *, as_json: bool) -> None:
    """Say what is wrong, and end with 1."""
    field = error.field if isinstance(error, Rejected) else "key"
    reason = error.reason if isinstance(error, Rejected) else str(error)
    if as_json:
        answer({"field": field, "reason": reason})
    else:
        note(f"{field}: {reason}" if field else reason)
    raise typer.Exit(1)


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; name a file that holds one story") from None
