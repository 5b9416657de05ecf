"""`tandem mail alerts`: what somebody must look at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import orjson
import typer

from services.commands.context import AsJson, answer, moment, note, opened, say
from shared.alerting import watch
from shared.store import alerts


def alerts_(
    resolved: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """List what somebody must look at, since when, and how many were told."""
    with opened() as (settings, store):
        watch(store, datetime.now(UTC), settings.bounce_storm)
        with store.reading() as connection:
            found = alerts.listed(connection, resolved=resolved)
        zone = settings.rules.zone
    if as_json:
        names = ("kind", "about", "said", "since", "resolved_at")
        told = [{name: getattr(row, name) for name in names} for row in found]
        return answer(
            [each | {"told": orjson.loads(row.told)} for each, row in zip(told, found, strict=True)]
        )
    for row in found:
        over = f"  (over since {moment(row.resolved_at.astimezone(zone))})" if row.resolved_at else ""
        told_to = f"  told to {len(orjson.loads(row.told))}"
        say(
            f"{moment(row.since.astimezone(zone))}  {row.kind}  {row.about}  {row.said}".rstrip()
            + told_to
            + over
        )
    if not found:
        note("Nothing needs a hand.")
    return None
