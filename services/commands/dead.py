"""`tandem dead`: what could not be read, to be looked at, replayed or discarded."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from services.commands.context import (
    ActedAt,
    AsJson,
    AsOf,
    UsageError,
    answer,
    instant,
    moment,
    note,
    opened,
    say,
)
from services.commands.raw import document, escaped, lines
from shared.mending import LetterError, Mending, Replay, is_recorded
from shared.settings import Settings
from shared.store import letters
from shared.store.engine import Store
from shared.store.letters import Contents, Letter

_MOST = 2**31 - 1
_SHOWN = 50
_SHOWN_BYTES = 4_000
app = typer.Typer(help="What could not be read: look, replay, discard.", no_args_is_help=True)
_OPTIONS: Any = {"min": 1, "max": _MOST, "help": "As tandem dead list shows it."}
Number = Annotated[int, typer.Argument(metavar="NUMBER", **_OPTIONS)]
Numbers = Annotated[list[int] | None, typer.Argument(metavar="NUMBER...", **_OPTIONS)]


@app.callback()
def dead() -> None:
    """What could not be read: look, replay, discard."""


@app.command("list")
def list_(
    state: Annotated[
        Literal["waiting", "replayed", "discarded", "expired"] | None, typer.Option(help="Only these.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List dead letters: where each came from, what is wrong with it, what became of it."""
    at = None if as_of is None else instant(as_of)
    with opened() as (_, store), store.reading() as connection:
        found = [each for each in _then(letters.listed(connection), at) if state in {None, each.state}]
    if as_json:
        answer([_told(letter) for letter in found])
        return
    for letter in found[:_SHOWN]:
        say(f"{letter.number:>6}  {moment(letter.received_at)}  {letter.state:<9}  {letter.origin}")
        say(f"{'':>6}  {_wrong(letter)}")
    if len(found) > _SHOWN:
        note(f"… and {len(found) - _SHOWN:,} more; --json lists them all")
    counts = Counter(letter.state for letter in found)
    told = "".join(f", {counts[each]:,} {each}" for each in sorted(counts))
    say(f"{len(found):,} dead letters{told}.")
    if counts["waiting"]:
        say("tandem dead show NUMBER shows one and what to do with it.")


@app.command()
def show(
    number: Number,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write its event there, to be mended.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show a dead letter with its bytes, and what to do with it."""
    at = None if as_of is None else instant(as_of)
    with opened() as (_, store), store.reading() as connection:
        found = _then(letters.listed(connection, [number]), at)
        kept = letters.contents(connection, [number]).get(number)
        recorded = None if kept is None else is_recorded(connection, kept.event)
    if not found:
        when = "" if at is None else f" as of {moment(at)}"
        raise LetterError(f"There is no dead letter {number}{when}; tandem dead list shows their numbers")
    (letter,) = found
    if out is not None:
        _write(out, letter, kept)
    if as_json:
        told = {"recorded_since": recorded, "next": _next(letter, recorded=recorded)}
        answer({**_told(letter), **_contents(kept), **told})
    else:
        _print(letter, kept)
        say(_next(letter, recorded=recorded))


@app.command()
def replay(
    numbers: Numbers = None,
    all_: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    file: Annotated[
        Path | None,
        typer.Option("--file", metavar="FIXED", help="One event to record instead; `-` reads it from stdin."),
    ] = None,
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Record dead letters again, as they came or mended; running it twice counts nothing twice."""
    if bool(numbers) == all_:
        raise UsageError("Write the numbers of dead letters, or --all; tandem dead list shows them")
    if file is not None and len(numbers or ()) != 1:
        raise UsageError("--file mends one dead letter; write its number before it")
    event, at = None if file is None else _read(file), instant(as_of)
    with opened() as (settings, store):
        mending = _mending(settings, store, at)
        done = mending.replay(numbers) if event is None else mending.mend((numbers or [0])[0], event)
    _tell(done, as_json=as_json)
    if done.rejects or done.conflicts:
        raise typer.Exit(1)


@app.command()
def discard(
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER...", **_OPTIONS)],
    reason: Annotated[str, typer.Option("--reason", help="Why nobody will miss them; it is kept.")],
    as_of: ActedAt = None,
    as_json: AsJson = False,
) -> None:
    """Give up dead letters that wait; they stay listed, with the reason."""
    if not reason.strip():
        raise UsageError("--reason is empty; say why nobody will miss what is discarded")
    at = instant(as_of)
    with opened() as (settings, store):
        _mending(settings, store, at).discard(numbers, reason.strip())
    found = sorted(set(numbers))
    if as_json:
        answer({"discarded": found})
    else:
        say(f"Discarded: {', '.join(map(str, found))}.")


def _then(found: list[Letter], as_of: datetime | None) -> list[Letter]:
    return found if as_of is None else letters.at(found, as_of)


def _mending(settings: Settings, store: Store, now: datetime) -> Mending:
    return Mending(store, now=now, rules=settings.rules, intake=settings.intake)


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"--file {file}: {error.strerror}; name a file that holds one event") from None


def _write(out: Path, letter: Letter, kept: Contents | None) -> None:
    if kept is None:
        raise LetterError(_next(letter, recorded=None))
    try:
        out.write_bytes(kept.event)
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}; name a file that you may write") from None


def _told(letter: Letter) -> dict[str, Any]:
    return {
        "number": letter.number,
        "origin": letter.origin,
        "topic": letter.topic,
        "received_at": letter.received_at.isoformat(),
        "field": letter.field,
        "reason": letter.reason,
        "state": letter.state,
        "settled_at": letter.settled_at.isoformat() if letter.settled_at else None,
        "note": letter.note,
        "size": letter.size,
        "erased_at": letter.erased_at.isoformat() if letter.erased_at else None,
    }


def _contents(kept: Contents | None) -> dict[str, Any]:
    if kept is None:
        return {"value": None, "key": None, "headers": None}
    headers = kept.headers
    return {
        "value": document(kept.value),
        "key": document(kept.key),
        "headers": None
        if headers is None
        else [{"name": name, "value": document(one)} for name, one in headers],
    }


def _print(letter: Letter, kept: Contents | None) -> None:
    say(f"Dead letter {letter.number}, {letter.state}")
    say(f"  from      {letter.origin}, received {moment(letter.received_at)}")
    say(f"  wrong     {_wrong(letter)}")
    if letter.settled_at:
        say(f"  {letter.state:<9} {moment(letter.settled_at)}: {letter.note}")
    if kept is not None:
        if kept.key is not None:
            say(f"  key       {escaped(kept.key[:_SHOWN_BYTES])}")
        for name, one in kept.headers or ():
            value = "null" if one is None else escaped(one[:_SHOWN_BYTES])
            say(f"  header    {escaped(name.encode(errors='replace'))}: {value}")
        say(f"  value     {letter.size:,} bytes" + (", null" if kept.value is None else ""))
        for line in lines(kept.value or b"", _SHOWN_BYTES):
            say(f"  | {line}")
    say()


def _wrong(letter: Letter) -> str:
    return f"{letter.field}: {letter.reason}" if letter.field else letter.reason


def _next(letter: Letter, *, recorded: bool | None) -> str:
    number = letter.number
    if letter.state == "replayed":
        return "It is recorded; nothing is left to do."
    if letter.erased_at is not None:
        return (
            f"Its bytes were erased on {letter.erased_at:%Y-%m-%d} (TANDEM_DEAD_LETTER_DAYS). "
            "Ask its source to send the event again."
        )
    mend = (
        f"To mend it: tandem dead show {number} --out fixed.json, correct the file, then "
        f"tandem dead replay {number} --file fixed.json. "
        f"As it came, such as after an update of Tandem: tandem dead replay {number}."
    )
    if letter.state == "discarded":
        return f"It is discarded, and can still be had back. {mend}"
    given_up = f'tandem dead discard {number} --reason "sent again".'
    if recorded:
        return f"An event of its source and id is recorded since. If that is it: {given_up} {mend}"
    return f"{mend} If its source has sent it right since: {given_up}"


def _tell(done: Replay, *, as_json: bool) -> None:
    rejects = [
        {"number": still.number, "field": still.field, "reason": still.reason} for still in done.rejects
    ]
    if as_json:
        answer(
            {
                "read": done.read,
                "accepted": done.accepted,
                "duplicates": done.duplicates,
                "conflicts": done.conflicts,
                "rejected": len(rejects),
                "rejects": rejects,
            }
        )
        return
    for still in done.rejects[:_SHOWN]:
        where = f" {still.field}:" if still.field else ""
        note(f"{still.number}:{where} {still.reason}")
    if len(rejects) > _SHOWN:
        note(f"… and {len(rejects) - _SHOWN:,} more; tandem dead list shows them all")
    say(
        f"{done.read:,} replayed: {done.accepted:,} accepted, {done.duplicates:,} duplicates, "
        f"{done.conflicts:,} conflicts, {len(rejects):,} still cannot be read."
    )
    if rejects:
        note("They go on waiting. tandem dead show NUMBER shows one and what to do with it.")
    if done.conflicts:
        note("A conflict is a known source and id with other content: tandem conflicts shows both.")
