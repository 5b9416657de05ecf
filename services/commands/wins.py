"""`tandem wins`: what Sales and Operations achieved together, and why each is true."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Connection, select

from services.commands.context import AsJson, AsOf, Month, answer, instant, note, opened, period
from shared import tables
from shared.history.timeline import tell
from shared.patterns.model import Contribution, Win
from shared.projecting import Projector
from shared.rules import Rules
from shared.store import journal
from shared.store.names import names
from shared.store.rows import win_of
from shared.stories.facts import facts_of
from shared.stories.headlines import headline
from shared.stories.names import Names
from shared.viewing import view


def wins(
    month: Month = None,
    status: Annotated[
        Literal["provisional", "final", "revoked"] | None, typer.Option(help="Only these.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(metavar="WIN_ID", help="One win with its gates and timeline.")
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List joint wins and highlights; explain one."""
    at = instant(as_of)
    wanted = period(month, None).name if month else None
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        found = _find(connection, explain)
        called = names(connection, {win.customer_id for win in found})
        told = [_document(win, called, settings.rules, at) for win in found]
        if explain is not None:
            told = [
                each | _explanation(connection, win, settings.rules, at)
                for each, win in zip(told, found, strict=True)
            ]
    if explain is not None:
        _explain(told, explain, as_json=as_json)
        return
    told = [win for win in told if wanted in (None, win["month"]) and status in (None, win["status"])]
    answer(told) if as_json else _list(told)


def _find(connection: Connection, win_id: str | None) -> list[Win]:
    win = tables.wins.c
    query = select(win.body).order_by(win.final_at, win.win_id)
    if win_id is not None:
        query = query.where(win.win_id == win_id)
    return [win_of(body) for body in connection.scalars(query)]


def _document(win: Win, called: Names, rules: Rules, at: datetime) -> dict[str, Any]:
    final_at = win.final_at.astimezone(rules.zone)
    return {
        "win_id": win.win_id,
        "pattern": win.pattern,
        "kind": win.kind,
        "status": win.status(at),
        "subject": win.subject,
        "customer_id": win.customer_id,
        "month": f"{final_at:%Y-%m}",
        "score": win.score,
        "jointness": win.jointness,
        "headline": headline(facts_of(win, called)),
        "sales": _contributions(win.sales),
        "operations": _contributions(win.operations),
        "facts": win.facts,
        "evidence": [ref._asdict() for ref in win.evidence],
        "final_at": final_at.isoformat(),
        "reason": win.reason,
    }


def _contributions(parts: Iterable[Contribution]) -> list[dict[str, Any]]:
    """Without the person: nobody is named who has not asked for it."""
    return [
        {
            "department": part.department,
            **({"role": part.role} if part.role else {}),
            "action": part.action,
            "weight": part.weight,
            "event": part.event._asdict(),
        }
        for part in parts
    ]


def _explanation(connection: Connection, win: Win, rules: Rules, at: datetime) -> dict[str, Any]:
    events = [*Projector(connection, at, rules).history(win.order_id or "").events]
    held = {event.key for event in events}
    events += journal.named(connection, [ref for ref in win.evidence if ref not in held]).values()
    events.sort(key=lambda event: (event.time, event.source, event.id))
    return {
        "gates": [{"name": gate.name, "passed": gate.passed, "values": gate.values} for gate in win.gates],
        "timeline": [
            {
                "time": event.time.isoformat(),
                "type": event.type,
                "source": event.source,
                "id": event.id,
                "text": tell(event),
            }
            for event in events
        ],
    }


def _explain(found: list[dict[str, Any]], win_id: str, *, as_json: bool) -> None:
    if not found:
        note(f"No win {win_id} at that time; tandem wins lists them with their ids")
        raise typer.Exit(1)
    win = found[0]
    if as_json:
        answer(win)
        return
    typer.echo(f"{win['headline']}  [{win['kind']}, {win['status']}]")
    typer.echo(
        f"{win['win_id']}  score {win['score']}  jointness {win['jointness']}  final {win['final_at']}"
    )
    if win["reason"]:
        typer.echo(f"Revoked: {win['reason']}")
    typer.echo("\nGates")
    for gate in win["gates"]:
        typer.echo(f"  {'pass' if gate['passed'] else 'FAIL'}  {gate['name']}  {gate['values']}")
    typer.echo("\nTimeline")
    for entry in win["timeline"]:
        typer.echo(
            f"  {entry['time'][:16].replace('T', ' ')}  {entry['text']}  [{entry['source']} {entry['id']}]"
        )


def _list(found: list[dict[str, Any]]) -> None:
    for win in found:
        reason = f"  ({win['reason']})" if win["reason"] else ""
        typer.echo(f"{win['month']}  {win['kind']:<9} {win['status']:<11} {win['headline']}{reason}")
        typer.echo(f"         {win['win_id']}")
    typer.echo(f"{len(found)} found. tandem wins --explain WIN_ID shows why one is true.")
