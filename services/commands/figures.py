"""`tandem kpis`: the figures of a month or week."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from services.commands.context import (
    AsJson,
    AsOf,
    Month,
    Week,
    answer,
    instant,
    moment,
    opened,
    period,
    say,
)
from shared.completeness import Source, behind, complete, sources
from shared.kpis.model import Kpi
from shared.measuring import measure
from shared.periods import Period
from shared.rules import Rules
from shared.viewing import view

_COLUMNS = tuple(Kpi.__dataclass_fields__)
_UNITS = {
    "percent": " %",
    "points": " pt",
    "money": "",
    "count": "",
    "ratio": "",
    "units": "",
    "per_100_lines": " /100",
}
_HEADS = ("KPI", "basis", "value", "n", "before", "change", "", "target", "status")
_LEFT = ("KPI", "basis", "", "status")


def kpis(month: Month = None, week: Week = None, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show each KPI of a period with its basis, sample and comparison."""
    asked, at = period(month, week), instant(as_of)
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        found = measure(connection, asked, at, settings.rules, settings.targets).kpis
        told = sources(connection, at)
        zone = settings.rules.zone
    if as_json:
        answer(
            {
                "period": asked.name,
                "start": asked.start.isoformat(),
                "end": asked.end.isoformat(),
                "as_of": at.isoformat(),
                "complete": complete(told, asked, at, settings.rules),
                "kpis": [_document(kpi) for kpi in found],
            }
        )
        return
    _print(found, asked, f"as of {moment(at.astimezone(zone))}: {_state(told, asked, at, settings.rules)}")


def _document(kpi: Kpi) -> dict[str, Any]:
    return {name: getattr(kpi, name) for name in _COLUMNS}


def _state(told: list[Source], asked: Period, at: datetime, rules: Rules) -> str:
    """Whether figures may still change, and whom Tandem waits for."""
    if complete(told, asked, at, rules):
        return "complete"
    late = [
        f"{one.source} has told all up to {moment(one.watermark.astimezone(rules.zone))}"
        for one in behind(told, asked, rules)
    ]
    return "\n".join(["not complete, figures may still change", *late])


def _print(found: tuple[Kpi, ...], asked: Period, state: str) -> None:
    say(f"{asked.name}: {asked.start} up to, not including, {asked.end}")
    say(f"{state}\n")
    rows = [_HEADS, *(_row(kpi) for kpi in found)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(_HEADS))]
    for row in rows:
        cells = zip(row, _HEADS, widths, strict=True)
        aligned = [text.ljust(w) if head in _LEFT else text.rjust(w) for text, head, w in cells]
        say("  ".join(aligned).rstrip())
    alone = [f"{_name(kpi)}: {kpi.unmatched:,}" for kpi in found if kpi.unmatched]
    _list("Left out, because a side of it is not known:", alone)
    aside = [_adjusted(kpi) for kpi in found if kpi.excluded and kpi.basis == "first_commit"]
    _list("Without lines that had a reason on the customer's side:", aside)


def _list(heading: str, told: list[str]) -> None:
    if told:
        say("\n".join(["", heading, *(f"  {one}" for one in told)]))


def _adjusted(kpi: Kpi) -> str:
    shown = "no data" if kpi.adjusted is None else f"{kpi.adjusted:,.2f} %"
    return f"{_name(kpi)}: {shown} (without {kpi.excluded:,})"


def _name(kpi: Kpi) -> str:
    return f"{kpi.key} {_basis(kpi)}".rstrip()


def _basis(kpi: Kpi) -> str:
    return (kpi.basis or "").replace("_", " ")


def _row(kpi: Kpi) -> tuple[str, ...]:
    basis = _basis(kpi)
    if kpi.value is None:
        return (kpi.key, basis, "no data", *[""] * 6)
    unit = _UNITS.get(kpi.unit, f" {kpi.unit.replace('_', ' ')}")
    change = "" if kpi.change is None else f"{kpi.change:+,.2f}{' pt' if kpi.unit == 'percent' else unit}"
    before = "" if kpi.previous is None else f"{kpi.previous:,.2f}{unit}"
    target = "" if kpi.target is None else f"{kpi.target:,f}{unit}"
    value = f"{kpi.value:,.2f}{unit}"
    return (kpi.key, basis, value, f"{kpi.n:,}", before, change, _turn(kpi), target, kpi.status)


def _turn(kpi: Kpi) -> str:
    """Whether a change is for the better; the nearer to zero the better where zero is the aim."""
    if kpi.value is None or kpi.previous is None:
        return ""
    values = (kpi.value, kpi.previous)
    now, before = map(abs, values) if kpi.better == "zero" else values
    gain: Decimal = now - before if kpi.better == "higher" else before - now
    if gain > 0 and kpi.status == "provisional":
        return "so far"  # returns and answers still come in: nothing is better yet
    return "same" if gain == 0 else "better" if gain > 0 else "worse"
