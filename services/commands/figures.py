"""`tandem kpis`: the figures of a month or week, for the whole company or cut."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from services.commands import figures_table
from services.commands.context import (
    AsJson,
    AsOf,
    Month,
    UsageError,
    Week,
    answer,
    instant,
    moment,
    opened,
    period,
    say,
)
from shared import restating
from shared.completeness import Source, behind, complete, sources
from shared.kpis.asked import Dimension
from shared.kpis.model import Kpi
from shared.kpis.registry import kpis as all_kpis
from shared.measuring import Measured, Slice, Tally, count, offered
from shared.periods import Period
from shared.rules import Rules
from shared.viewing import view

By = Annotated[
    Dimension | None, typer.Option("--by", help="Cut the figures: rows for each slice that has any.")
]
Of = Annotated[str | None, typer.Option("--of", metavar="ID", help="Only this slice of --by.")]
Back = Annotated[
    int | None, typer.Option("--back", min=1, max=120, help="Show the values of so many periods before, too.")
]
Restated = Annotated[
    bool,
    typer.Option(
        "--restated", help="Only figures that released editions told otherwise, of 12 periods or --back."
    ),
]
_YEAR = 12
_COLUMNS = tuple(Kpi.__dataclass_fields__)


def kpis(
    month: Month = None,
    week: Week = None,
    by: By = None,
    of: Of = None,
    back: Back = None,
    restated: Restated = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show each KPI of a period with its basis, sample and comparison."""
    asked, at = period(month, week), instant(as_of)
    if of is not None and by is None:
        raise UsageError(f"--of {of}: say of what with --by, such as --by customer --of {of}")
    if restated:
        if by is not None:
            raise UsageError("--restated: editions told figures of the whole company; leave --by out")
        _restated(asked, at, _YEAR if back is None else back + 1, as_json)
        return
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        only = None if of is None else [of]
        tally = count(connection, asked, at, settings.rules, (back or 1) + 1, by, only)
        told = sources(connection, at)
    rules = settings.rules
    found = {name: tally.measured(settings.targets, [name]) for name in _slices(tally, of)}
    if as_json:
        answer(
            {
                "period": asked.name,
                "start": asked.start.isoformat(),
                "end": asked.end.isoformat(),
                "as_of": at.isoformat(),
                "complete": complete(told, asked, at, rules),
                **({"by": by, "not_offered": _not_offered(by)} if by else {}),
                "kpis": [
                    _document(kpi, measured, back) | ({"slice": name} if by else {})
                    for name, measured in found.items()
                    for kpi in measured.kpis
                ],
            }
        )
        return
    say(f"{asked.name}: {asked.start} up to, not including, {asked.end}")
    say(f"as of {moment(at.astimezone(rules.zone))}: {_state(told, asked, at, rules)}\n")
    figures_table.show(found, by, trend=back is not None)
    if by and (missing := _not_offered(by)):
        say(f"\nCannot be told by {by}: {', '.join(missing)}.")


def _restated(asked: Period, at: datetime, periods: int, as_json: bool) -> None:
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        found = restating.restated(connection, asked, periods, at, settings.rules)
    if as_json:
        told = [one.model_dump() for one in found]
        answer({"period": asked.name, "as_of": at.isoformat(), "restated": told})
        return
    figures_table.show_restated(found)


def _slices(tally: Tally, of: str | None) -> list[Slice]:
    """What to show: the slice asked for, else all, the unknown last; one whole where nothing is cut."""
    if of is not None:
        return [of]
    return sorted(tally.slices, key=lambda name: (name is None, name)) if tally.asked.by else [None]


def _not_offered(by: Dimension) -> list[str]:
    known = {definition.key for definition in offered(by)}
    return [key for key in all_kpis() if key not in known]


def _document(kpi: Kpi, measured: Measured, back: int | None) -> dict[str, Any]:
    row = {name: getattr(kpi, name) for name in _COLUMNS}
    if back is not None:
        values = measured.series[kpi.key, kpi.basis]
        row["series"] = [{"period": period, "value": value} for period, value in values]
    return row


def _state(told: list[Source], asked: Period, at: datetime, rules: Rules) -> str:
    """Whether figures may still change, and whom Tandem waits for."""
    if complete(told, asked, at, rules):
        return "complete"
    late = [
        f"{one.source} has told all up to {moment(one.watermark.astimezone(rules.zone))}"
        for one in behind(told, asked, rules)
    ]
    return "\n".join(["not complete, figures may still change", *late])
