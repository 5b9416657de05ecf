"""`tandem mail bounces`, `take-back` and `write-again`: what came back, taken in, and undone."""

from __future__ import annotations

import mailbox
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.commands.context import AsJson, AsOf, UsageError, answer, instant, moment, note, opened, say
from services.commands.people import operator
from services.publisher.mailbox import beginning, take_back
from shared.mailing.bouncing import lift, take_in
from shared.mailing.returned import read_report
from shared.store import bounces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Row


def bounces_(
    kind: Annotated[str | None, typer.Option(help=f"One of: {', '.join(bounces.KINDS)}.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List what came back, the newest first, and how much was none of ours."""
    at = instant(as_of)
    if kind is not None and kind not in bounces.KINDS:
        raise UsageError(f"--kind {kind}: write one of {', '.join(bounces.KINDS)}")
    today = at.astimezone(UTC).date()
    with opened() as (settings, store), store.reading() as connection:
        found = bounces.listed(connection, kind, until=at)
        refused = bounces.refused(connection, today - timedelta(days=30), today)
        zone = settings.rules.zone
    if as_json:
        names = ("mail_id", "kind", "at", "person_id", "status", "said")
        told = [
            {name: getattr(row, name) for name in names} | {"undone_at": _undone(row, at)} for row in found
        ]
        return answer({"bounces": told, "refused_in_30_days": refused})
    for row in found:
        undone = "  (undone)" if _undone(row, at) else ""
        came = moment(row.at.astimezone(zone))
        say(f"{came}  {row.kind}  {row.person_id}  {row.mail_id}  {row.status} {row.said}".rstrip() + undone)
    if not found:
        note("Nothing came back.")
    if refused:
        note(f"{refused:,} reports of the last 30 days named no mail that Tandem sent, and changed nothing.")
    return None


def take_back_(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]...", help="Mails that came back: .eml or mbox.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Take in what came back: from files, or from the mailboxes that are set; again is harmless."""
    with opened() as (settings, store):
        now = datetime.now(UTC)
        if paths:
            raws = [raw for path in paths for raw in _mails(path)]
            fates = (take_in(store, read_report(raw), now, settings.bounces) for raw in raws)
            found = Counter[str](fate.outcome for fate in fates)
        else:
            found = take_back(store, settings, now)
    if as_json:
        answer({"read": found.total(), **found})
    else:
        told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(found.items()))
        say(f"{found.total():,} read" + (f": {told}." if told else "."))
    if found["refused"]:
        raise typer.Exit(1)


def write_again(person_id: Annotated[str, typer.Argument(metavar="PERSON_ID")]) -> None:
    """Write to someone again whose address bounced or who complained."""
    with opened() as (_, store):
        why = lift(store, person_id, datetime.now(UTC), who=operator())
    say(f"{person_id} had {why}, and is written to again from the next edition on.")
    if why == "complained":
        say("They get no edition until they ask for it on their page, or you set it: tandem people prefer.")


def _undone(row: Row[Any], at: datetime) -> datetime | None:
    """When it was undone, as far as it had been by then."""
    undone: datetime | None = row.undone_at
    return None if undone is None or undone > at else undone


def _mails(path: Path) -> Iterator[bytes]:
    """The mails of a file: one, or those of an mbox."""
    try:
        start = beginning(path)
        if not start.startswith(b"From "):
            yield start
            return
        box = mailbox.mbox(path, create=False)
        try:
            yield from (box.get_bytes(key) for key in box.keys())  # noqa: SIM118 - a mailbox yields messages
        finally:
            box.close()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}; check its path and rights") from None
