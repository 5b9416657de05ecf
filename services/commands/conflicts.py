"""`tandem conflicts`: events that came again with other content, side by side with the one that stands."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
import typer

from services.commands.context import (
    AsJson,
    AsOf,
    NotFoundError,
    UsageError,
    answer,
    instant,
    moment,
    note,
    opened,
    say,
)
from services.commands.raw import escaped
from shared.store import conflicts as kept
from shared.store.conflicts import Conflict

_SHOWN = 50
_WIDTH = 40
_APART = "only a name or what people wrote, which the journal does not keep"


def conflicts(
    source: Annotated[str | None, typer.Argument(metavar="SOURCE")] = None,
    event_id: Annotated[str | None, typer.Argument(metavar="ID", help="Show both contents.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List events that came again with other content; with SOURCE and ID, show both side by side."""
    if source is not None and event_id is None:
        raise UsageError("Write the source and the id of the event, as tandem conflicts lists them")
    at = None if as_of is None else instant(as_of)
    key = None if source is None or event_id is None else (source, event_id)
    with opened() as (_, store), store.reading() as connection:
        found = kept.listed(connection, key, at)
    if key is None:
        answer([_told(each) for each in found]) if as_json else _list(found)
        return
    if not found:
        raise NotFoundError(f"No conflict of {source} {event_id}; tandem conflicts lists them")
    if as_json:
        answer(_document(found))
    else:
        _show(found)


def _told(conflict: Conflict) -> dict[str, Any]:
    return {
        "source": conflict.source,
        "id": conflict.id,
        "type": conflict.type,
        "received_at": conflict.received_at.isoformat(),
        "differs": [each.field for each in conflict.differences],
        "corrected_by": [{"source": key[0], "id": key[1]} for key in conflict.corrected_by],
    }


def _document(found: list[Conflict]) -> dict[str, Any]:
    first = found[0]
    told = {name: _told(first)[name] for name in ("source", "id", "type", "corrected_by")}
    received = [
        {
            "received_at": each.received_at.isoformat(),
            "event": each.received,
            "differences": [
                {"field": one.field, "stored": one.stored, "received": one.received}
                for one in each.differences
            ],
        }
        for each in found
    ]
    return {**told, "stored": first.stored, "received": received}


def _list(found: list[Conflict]) -> None:
    for each in found[:_SHOWN]:
        say(f"{moment(each.received_at)}  {each.source} {each.id}  {each.type}")
        names = ", ".join(difference.field for difference in each.differences) or _APART
        say(f"{'':<16}  differs in {names}{_since(each)}")
    if len(found) > _SHOWN:
        note(f"… and {len(found) - _SHOWN:,} more; --json lists them all")
    ending = " tandem conflicts SOURCE ID shows both contents." if found else ""
    say(f"{len(found):,} conflicts; the stored events stand.{ending}")


def _show(found: list[Conflict]) -> None:
    for each in found:
        say(f"{each.source} {each.id}, {each.type}, came again {moment(each.received_at)}{_since(each)}")
        width = max(len(difference.field) for difference in each.fields)
        say(f"    {'':<{width}}  {'stored, stands':<{_WIDTH}}  received")
        for difference in each.fields:
            mark = " " if difference.same else "*"
            sides = (_side(difference.stored), _side(difference.received))
            say(f"  {mark} {difference.field:<{width}}  {sides[0]:<{_WIDTH}}  {sides[1]}")
        if not each.differences:
            say(f"  They differ in {_APART}.")
    say()
    say(
        "Where the received one is right, send it as a correction: under a new id, with data.corrects "
        f"{orjson.dumps({'source': found[0].source, 'id': found[0].id}).decode()}."
    )


def _side(value: Any) -> str:
    if value is None:
        return "-"
    text = escaped(value.encode() if isinstance(value, str) else orjson.dumps(value))
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _since(conflict: Conflict) -> str:
    by = ", ".join(" ".join(key) for key in conflict.corrected_by)
    return f"; corrected since by {by}" if by else ""
