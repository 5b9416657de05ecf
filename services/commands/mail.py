"""`tandem send` and `tandem mail`: what was released goes out, and what became of it."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.commands import alerts, bounces
from services.commands.context import (
    ActedAt,
    AsJson,
    NotFoundError,
    UsageError,
    answer,
    instant,
    moment,
    note,
    opened,
    say,
)
from services.commands.people import operator
from services.publisher.opening import check, marks, sender
from shared import failpoints
from shared.mailing import deciding
from shared.mailing.naming import message_ids
from shared.mailing.steps import progress
from shared.store import ledger, sendings

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from services.publisher.sender import Sender
    from shared.settings import Settings
    from shared.store.engine import Store

app = typer.Typer(
    help="What became of mails, and what to do about it. How a mail stood before is not kept.",
    no_args_is_help=True,
)
app.command("bounces")(bounces.bounces_)
app.command("take-back")(bounces.take_back_)
app.command("write-again")(bounces.write_again)
app.command("alerts")(alerts.alerts_)
EditionId = Annotated[str | None, typer.Argument(metavar="EDITION_ID", help="Default: every edition.")]


def send(
    edition_id: EditionId = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be sent; send and change nothing.")
    ] = False,
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Send the mails of released editions that are due now, each once; run it again for what was put off."""
    at = None if as_of is None else instant(as_of)
    with opened() as (settings, store):
        _known(store, edition_id)
        if dry_run:
            check(settings, store)
            _tell(store, edition_id, settings, None, as_json=as_json)
            return
        run = sender(settings, store, lambda: at or datetime.now(UTC))
        _arm()
        asyncio.run(_run(run, edition_id))
        short = _tell(store, edition_id, settings, run, as_json=as_json)
    if short or run.ended:
        raise typer.Exit(1)


async def _run(run: Sender, edition_id: str | None) -> None:
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, run.stop)
    await run.run(edition_id)


def _arm() -> None:
    if point := os.environ.get("TANDEM_FAIL_AT"):
        failpoints.arm(point)


@app.command()
def status(edition_id: EditionId = None, as_json: AsJson = False) -> None:
    """Show each sending: how many mails are where, and whether they add up."""
    with opened() as (settings, store):
        _known(store, edition_id)
        short = _tell(store, edition_id, settings, None, as_json=as_json)
    if short:
        raise typer.Exit(1)


@app.command()
def steps(as_json: AsJson = False) -> None:
    """Show how far each edition has come, and what holds it up."""
    with opened() as (_, store), store.reading() as connection:
        found = list(progress(connection))
    if as_json:
        return answer([asdict(each) | {"adds_up": each.adds_up} for each in found])
    for each in found:
        told = ", ".join(f"{number:,} {name}" for name, number in each.counts.items() if number)
        say(f"{each.edition_id}: {each.step.replace('_', ' ')}" + (f" ({told})" if told else ""))
        if each.held:
            note(f"    {each.held}")
    if not found:
        note("Nothing is composed or scheduled yet.")
    return None


@app.command("list")
def list_(
    edition_id: EditionId = None,
    state: Annotated[str | None, typer.Option(help=f"One of: {', '.join(ledger.STATES)}.")] = None,
    as_json: AsJson = False,
) -> None:
    """List mails, such as those to decide: --state doubtful."""
    if state is not None and state not in ledger.STATES:
        raise UsageError(f"--state {state}: write one of {', '.join(ledger.STATES)}")
    with opened() as (_, store), store.reading() as connection:
        _check(connection, edition_id)
        found = ledger.listed(connection, edition_id=edition_id, state=state)
        named = list(zip(found, message_ids(connection, found), strict=True))
    if as_json:
        return answer([_document(row, called) for row, called in named])
    for row, called in named:
        say(f"{row.mail_id}  {row.edition_id}  {row.person_id}  {row.state}  {row.reason}".rstrip())
        if row.state == "doubtful":
            say(f"    look in the relay's log for {called},")
            say(f"    then tandem mail settle {row.mail_id} --delivered or --send-again")
    if not found:
        note("There is no such mail.")
    return None


@app.command()
def settle(
    mail_id: Annotated[str, typer.Argument(metavar="ID", help="As `tandem mail list` prints it.")],
    delivered: Annotated[bool, typer.Option("--delivered", help="The relay's log has it.")] = False,
    send_again: Annotated[bool, typer.Option("--send-again", help="The relay never had it.")] = False,
    reason: Annotated[str, typer.Option(help="How you know.")] = "",
) -> None:
    """Decide a doubtful mail, which Tandem never sends again by itself."""
    if delivered == send_again:
        raise UsageError("Write either --delivered or --send-again")
    with opened() as (_, store):
        now = datetime.now(UTC)
        state = deciding.settle(store, mail_id, now, who=operator(), delivered=delivered, note=reason)
    then = {"queued": " tandem send sends it.", "excluded": " Its recipient gets no such mail any more."}
    say(f"{mail_id} is {state} now." + then.get(state, ""))


@app.command()
def pause(edition_id: EditionId = None) -> None:
    """Let nothing more be sent, at once: of one edition, or at all."""
    with opened() as (_, store):
        deciding.pause(store, edition_id, datetime.now(UTC), who=operator())
    say(f"{edition_id or 'All mail'} is paused; tandem mail resume {edition_id or ''}".rstrip() + " goes on.")


@app.command()
def resume(
    edition_id: EditionId = None,
    restored: Annotated[
        bool, typer.Option("--restored", help="You know that this database was put back from a backup.")
    ] = False,
) -> None:
    """Go on with what was paused, stopped or late."""
    with opened() as (settings, store):
        now, late = datetime.now(UTC), settings.post.most_late
        deciding.resume(store, edition_id, now, late, who=operator(), restored=restored)
        if restored:
            marks(settings, store, lambda: now).accept()
    say(
        f"{edition_id or 'All mail'} may go on; tandem send {edition_id or ''}".rstrip()
        + " sends what is due."
    )


@app.command()
def stop(edition_id: Annotated[str, typer.Argument(metavar="EDITION_ID")]) -> None:
    """Give up what has not been sent of an edition, for ever."""
    with opened() as (_, store):
        given_up = deciding.stop(store, edition_id, datetime.now(UTC), who=operator())
    say(f"{given_up:,} mails of {edition_id} are given up; nothing more of it leaves.")


def _known(store: Store, edition_id: str | None) -> None:
    with store.reading() as connection:
        _check(connection, edition_id)


def _check(connection: Connection, edition_id: str | None) -> None:
    if edition_id is not None and sendings.find(connection, edition_id) is None:
        raise NotFoundError(
            f"{edition_id} was not released to anybody; tandem release freezes an edition and who gets it"
        )


def _tell(
    store: Store, edition_id: str | None, settings: Settings, run: Sender | None, *, as_json: bool
) -> bool:
    """Say how it stands; whether anything is wrong."""
    with store.reading() as connection:
        found = [
            _sending(connection, row)
            for row in sendings.listed(connection)
            if edition_id in (None, row.edition_id)
        ]
        paused = ledger.paused(connection)
    if as_json:
        answer({"paused": paused, "ended": run.ended if run else None, "sendings": found})
    else:
        for each in found:
            _show(each, settings)
        if not found:
            note("Nothing was released to anybody yet; tandem release does that.")
        if paused:
            note("All mail is paused; tandem mail resume goes on.")
        if run and run.ended:
            note(f"The run ended early: {run.ended}. Nothing is lost; run it again.")
    return any(not each["adds_up"] or each["state"] == "stopped" for each in found)


def _sending(connection: Connection, row: Row[Any]) -> dict[str, Any]:
    counts = Counter(ledger.counts(connection, row.edition_id))
    return {
        "edition_id": row.edition_id,
        "state": row.state,
        "reason": row.reason,
        "candidates": row.candidates,
        "counts": dict(counts),
        "excluded": ledger.reasons(connection, row.edition_id),
        "adds_up": counts.total() == row.candidates,
        "next_due": ledger.next_due(connection, [row.edition_id]),
        "released_at": row.released_at,
        "finished_at": row.finished_at,
    }


def _show(each: dict[str, Any], settings: Settings) -> None:
    counts = {name: number for name, number in each["counts"].items() if number}
    told = ", ".join(f"{number:,} {name}" for name, number in counts.items()) or each["reason"]
    say(f"{each['edition_id']}: {each['state']}, {each['candidates']:,} candidates: {told}")
    for reason, number in each["excluded"].items():
        say(f"    excluded {number:,}: {reason}")
    if each["state"] in ("stopped", "paused"):
        note(f"    {each['reason']}; when that is mended: tandem mail resume {each['edition_id']}")
    elif each["next_due"]:
        say(f"    the next is due {moment(each['next_due'].astimezone(settings.rules.zone))}")
    if not each["adds_up"]:
        note(f"    THIS DOES NOT ADD UP: there are {sum(counts.values()):,} mails.")
        note("    Restore the table mails from a backup; do not send before it adds up.")
    if doubtful := each["counts"]["doubtful"]:
        note(f"    {doubtful:,} doubtful: tandem mail list --state doubtful shows them")


def _document(row: Row[Any], called: str) -> dict[str, Any]:
    return {
        "mail_id": row.mail_id,
        "edition_id": row.edition_id,
        "person_id": row.person_id,
        "recipient": row.recipient,
        "state": row.state,
        "reason": row.reason,
        "attempt": row.attempt,
        "due_at": row.due_at,
        "changed_at": row.changed_at,
        "message_id": called,
    }
