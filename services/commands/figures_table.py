"""Figures as a table for people: aligned columns, one row a figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from services.commands.context import say
from shared.editions.sections import Restated
from shared.kpis.asked import Dimension
from shared.kpis.model import SIGNS, Kpi, Unit
from shared.measuring import Measured, Slice

_UNITS = {
    "percent": " %",
    "points": " pt",
    "money": "",
    "count": "",
    "ratio": "",
    "units": "",
    "per_100_lines": " /100",
}
_HEADS = ("KPI", "basis", "value", "n", "", "95 % sure", "before", "change", "", "target", "", "status")
_RIGHT = ("value", "n", "95 % sure", "before", "change", "target", "told", "now")
_ALWAYS = ("KPI", "basis", "value", "n", "before", "change", "target", "status")
_BARS = "▁▂▃▄▅▆▇█"


def show(found: Mapping[Slice, Measured], by: Dimension | None, *, trend: bool) -> None:
    """Print the figures; of slices only those that have data."""
    heads = (*([by] if by else []), *_HEADS, *(["trend"] if trend else []))
    rows = [
        (*([name or "(unknown)"] if by else []), *_row(kpi), *([_trend(measured, kpi)] if trend else []))
        for name, measured in found.items()
        for kpi in measured.kpis
        if kpi.value is not None or not by or len(found) == 1
    ]
    _say_table(heads, rows)
    _say_aside(found)


def show_restated(found: Sequence[Restated]) -> None:
    """Print what was told and what holds now."""
    if not found:
        say("Every figure that released editions told reads the same now.")
        return
    heads = ("period", "KPI", "basis", "told", "", "now", "", "told in")
    rows = [
        (
            one.period,
            one.key,
            (one.basis or "").replace("_", " "),
            _amount(one.told, one.unit),
            "" if one.told_final else "provisional",
            _amount(one.now, one.unit),
            "" if one.now_final else "provisional",
            one.told_in,
        )
        for one in found
    ]
    _say_table(heads, rows)


def _say_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    table = [heads, *rows]
    filled = [i for i, head in enumerate(heads) if head in _ALWAYS or any(row[i] for row in rows)]
    widths = {i: max(len(row[i]) for row in table) for i in filled}
    for row in table:
        aligned = (row[i].rjust(w) if heads[i] in _RIGHT else row[i].ljust(w) for i, w in widths.items())
        say("  ".join(aligned).rstrip())


def _say_aside(found: Mapping[Slice, Measured]) -> None:
    """Print what figures leave out, line by line."""
    every = [kpi for measured in found.values() for kpi in measured.kpis]
    alone = Counter[str]()
    for kpi in every:
        alone[_name(kpi)] += kpi.unmatched
    told = [f"{name}: {count:,}" for name, count in alone.items() if count]
    _list("Left out, because a side of it is not known:", told)
    aside = [kpi for kpi in every if kpi.excluded and kpi.basis == "first_commit"] if len(found) == 1 else []
    _list("Without lines that had a reason on the customer's side:", [_adjusted(kpi) for kpi in aside])


def _list(heading: str, told: Sequence[str]) -> None:
    if told:
        say("\n".join(["", heading, *(f"  {one}" for one in told)]))


def _adjusted(kpi: Kpi) -> str:
    return f"{_name(kpi)}: {_amount(kpi.adjusted, kpi.unit)} (without {kpi.excluded:,})"


def _name(kpi: Kpi) -> str:
    return f"{kpi.key} {_basis(kpi)}".rstrip()


def _basis(kpi: Kpi) -> str:
    return (kpi.basis or "").replace("_", " ")


def _row(kpi: Kpi) -> tuple[str, ...]:
    basis = _basis(kpi)
    if kpi.value is None:
        return (kpi.key, basis, "no data", *[""] * (len(_HEADS) - 3))
    unit = _unit(kpi.unit)
    change = "" if kpi.change is None else f"{kpi.change:+,.2f}{' pt' if kpi.unit == 'percent' else unit}"
    return (
        kpi.key,
        basis,
        _amount(kpi.value, kpi.unit),
        f"{kpi.n:,}",
        "few" if kpi.few else "",
        "" if kpi.low is None or kpi.high is None else f"{kpi.low:,.1f} to {kpi.high:,.1f}",
        "" if kpi.previous is None else _amount(kpi.previous, kpi.unit),
        change,
        _turn(kpi),
        "" if kpi.target is None else f"{kpi.target:,f}{unit}",
        f"{SIGNS[kpi.standing]} {kpi.standing}" if kpi.standing else "",
        kpi.status,
    )


def _amount(value: Decimal | None, unit: Unit) -> str:
    return "no data" if value is None else f"{value:,.2f}{_unit(unit)}"


def _unit(unit: Unit) -> str:
    return _UNITS.get(unit, f" {unit.replace('_', ' ')}")


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


def _trend(measured: Measured, kpi: Kpi) -> str:
    """The values of a series as bars between its least and greatest; a dot where there was no data."""
    values = [value for _, value in measured.series[kpi.key, kpi.basis]]
    known = [value for value in values if value is not None]
    if not known:
        return ""
    least, span, top = min(known), max(known) - min(known), len(_BARS) - 1
    heights = [
        None if value is None else (value - least) / span if span else Decimal("0.5") for value in values
    ]
    return "".join("·" if height is None else _BARS[round(height * top)] for height in heights)
