"""`tandem kpis`: the figures of a month or week."""

from __future__ import annotations

from typing import Any

import typer

from services.commands.context import AsJson, AsOf, Month, Week, answer, instant, opened, period
from shared.kpis.model import Kpi
from shared.measuring import all_settled, measure
from shared.viewing import view, watermarks

_COLUMNS = tuple(name for name in Kpi.__dataclass_fields__ if name != "unmatched")


def kpis(month: Month = None, week: Week = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show each KPI of a period with its basis, sample and comparison."""
    asked, at = period(month, week), instant(as_of)
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        found = measure(connection, asked, at, settings.rules, settings.targets).kpis
        marks = watermarks(connection, at)
        end = asked.ends_at(settings.rules.zone)
        told = bool(marks) and all(mark >= end for mark in marks.values())
        complete = told and all_settled(asked, at, settings.rules)
    if as_json:
        answer(
            {
                "period": asked.name,
                "start": asked.start.isoformat(),
                "end": asked.end.isoformat(),
                "as_of": at.isoformat(),
                "complete": complete,
                "kpis": [_document(kpi) for kpi in found],
            }
        )
        return
    typer.echo(f"{asked.name}: {asked.start} up to, not including, {asked.end}; {_complete(complete)}")
    for kpi in found:
        typer.echo(_row(kpi))


def _document(kpi: Kpi) -> dict[str, Any]:
    return {name: getattr(kpi, name) for name in _COLUMNS}


def _complete(complete: bool) -> str:
    return "complete" if complete else "not complete: figures may still change"


def _row(kpi: Kpi) -> str:
    label = kpi.key + (f" ({kpi.basis.replace('_', ' ')})" if kpi.basis else "")
    if kpi.value is None:
        return f"  {label:<28} no data"
    change = "" if kpi.change is None else f"  {kpi.change:+.2f} against the period before"
    target = "" if kpi.target is None else f"  target {kpi.target}"
    alone = f"  {kpi.unmatched} without a partner left out" if kpi.unmatched else ""
    return f"  {label:<28} {kpi.value:>10.2f} {kpi.unit:<8} n {kpi.n}  {kpi.status}{change}{target}{alone}"
