"""`tandem wins`: what Sales and Operations achieved together, and why each is true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Connection, select

from services.commands.context import (
    AsJson,
    AsOf,
    Month,
    NotFoundError,
    UsageError,
    answer,
    calendar_month,
    instant,
    moment,
    opened,
    say,
)
from services.commands.explaining import explanation, show
from services.commands.nearly import list_near_misses
from shared import tables
from shared.patterns.model import Contribution, Win
from shared.projecting.naming import names_of
from shared.projecting.reading import Reading
from shared.rules import Rules
from shared.store.rows import win_of
from shared.stories.facts import about, facts_of
from shared.stories.headlines import headline
from shared.stories.names import Names
from shared.viewing import view

_NONE = "tandem import records events; other --month or --status may hold some."


def wins(
    month: Month = None,
    status: Annotated[
        Literal["provisional", "final", "revoked"] | None, typer.Option(help="Only these.")
    ] = None,
    explain: Annotated[
        str | None, typer.Option(metavar="WIN_ID", help="One win with its gates and timeline.")
    ] = None,
    near_misses: Annotated[
        bool, typer.Option("--near-misses", help="What almost was a win, and the gate that stopped it.")
    ] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """List joint wins and highlights; explain one; list what almost was one."""
    at, wanted = instant(as_of), calendar_month(month)
    if near_misses:
        if status is not None or explain is not None:
            raise UsageError("--near-misses goes with --month alone: what is no win has no status and no id")
        list_near_misses(at, wanted, as_json=as_json)
        return
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        found = _find(connection, explain)
        called = names_of(Reading(connection, at, settings.rules), found)
        told = [_document(win, called, settings.rules, at) for win in found]
        if explain is not None:
            if not found:
                raise NotFoundError(
                    f"No win {explain} as of {moment(at)}; tandem wins lists them with their ids"
                )
            told[0] |= explanation(connection, found[0], settings.rules, at)
    if explain is None:
        pairs = [
            (each, win)
            for each, win in zip(told, found, strict=True)
            if wanted in {None, each["month"]} and status in {None, each["status"]}
        ]
        answer([each for each, _ in pairs]) if as_json else _list(pairs, called)
    elif as_json:
        answer(told[0])
    else:
        show(found[0], told[0]["headline"], about(found[0], called), told[0], settings.rules.zone)


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


def _list(found: list[tuple[dict[str, Any], Win]], called: Names) -> None:
    for told, win in found:
        kind = told["kind"] if win.side is None else f"{win.side} only"
        say(f"{told['month']}  {kind:<15}  {told['status']:<11}  {told['headline']}")
        label = about(win, called)
        say(f"{'':<9}{win.win_id}" + ("" if label in told["headline"] else f", {label}"))
        if win.reason:
            say(f"{'':<9}revoked because {win.reason}")
    counts = Counter(told["status"] for told, _ in found)
    total = f"{len(found)} found" + "".join(f", {counts[name]} {name}" for name in sorted(counts))
    say(f"{total}. {'tandem wins --explain ID shows why one is true.' if found else _NONE}")
