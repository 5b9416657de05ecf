"""The board: every KPI with two years of it, whole or cut, and its definition one click away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from sqlalchemy import func, select

from services.newsroom.web import faults
from services.newsroom.web.charts import trend
from services.newsroom.web.forms import asked
from services.newsroom.web.guard import Visit, may
from services.newsroom.web.judged import must_be_judged
from services.newsroom.web.pages import page
from shared import roles, tables
from shared.editions import figures
from shared.editions.audiences import AUDIENCES
from shared.editions.discretion import shows
from shared.editions.model import Material
from shared.kpis.asked import DIMENSIONS, Dimension
from shared.kpis.registry import kpis
from shared.measuring import Measured, count, settled_at
from shared.people.model import OPERATIONS, SALES
from shared.periods import Period
from shared.store import people
from shared.store.journal import newest
from shared.store.names import names as names_of_customers
from shared.stories.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from services.newsroom.web.charts import Trend
    from services.newsroom.web.kept import Kept
    from shared.editions.audiences import Audience
    from shared.editions.model import Figure
    from shared.measuring import Series, Tally
    from shared.rules import Rules
    from shared.settings import Settings
    from shared.store.engine import Store

router = APIRouter(include_in_schema=False)
MONTHS: Final = 24
_UNKNOWN: Final = "-"
Looks = Annotated[Visit, Depends(may("browse"))]


@dataclass(frozen=True, slots=True)
class Row:
    """A figure with its chart and the values that the chart is drawn from."""

    figure: Figure
    series: Series
    chart: Trend | None

    @property
    def values(self) -> tuple[tuple[str, Any], ...]:
        """The months and values, oldest first."""
        return self.series[self.figure.key, self.figure.basis]


class Cut(NamedTuple):
    """What is asked for: the month, by what figures are cut, and which slice of it."""

    month: Period
    by: Dimension | None
    of: str
    last: Period
    """The last whole month of which anything was told, which the board begins with."""

    @property
    def only(self) -> tuple[str, ...] | None:
        """The slice that is looked at alone; None for the whole company, or all slices."""
        return (self.of,) if self.by and self.of else None


class Counted(NamedTuple):
    """What was counted, and how many months before its last one the month lies that is asked for."""

    tally: Tally
    back: int = 0


@router.get("/board")
def board(request: Request, visit: Looks) -> Response:
    """Every KPI of a month, of the whole company or one slice."""
    settings: Settings = request.app.state.settings
    cut = _cut(request, visit, settings.rules)
    counted = _counted(request, cut)
    rows = _rows(counted, settings, cut, visit)
    return page(request, "board", rows=rows, cut=cut, dimensions=_dimensions(visit), question=_question(cut))


@router.get("/board/{key}")
def one(request: Request, visit: Looks, key: str) -> Response:
    """One KPI: its definition, two years on every basis, and the month by slice."""
    definition = kpis().get(key)
    if definition is None or not shows(_sight(visit), key, definition.unit):
        raise faults.not_here()
    settings: Settings = request.app.state.settings
    rules = settings.rules
    cut = _cut(request, visit, rules)
    counted = _counted(request, cut, key)
    sliced = _slices(request, cut, key) if cut.by and not cut.of else []
    rows = [row for row in _rows(counted, settings, cut, visit, (960, 240)) if row.figure.key == key]
    return page(
        request,
        "kpi",
        key=key,
        rows=rows,
        cut=cut,
        slices=[(name, each) for name, each in sliced if shows(_sight(visit), key, each.unit)],
        dimensions=[each for each in _dimensions(visit) if each in definition.dimensions],
        settled=settled_at(definition, cut.month, rules).date(),
        question=_question(cut),
    )


def _rows(
    counted: Counted, settings: Settings, cut: Cut, visit: Visit, size: tuple[int, int] = (280, 84)
) -> list[Row]:
    longer = counted.tally.measured(settings.targets, cut.only, counted.back)
    series = {name: values[-MONTHS:] for name, values in longer.series.items()}
    measured = Measured(longer.kpis, series)
    sight = _sight(visit)
    shown = [each for each in _figures(measured, cut.month) if shows(sight, each.key, each.unit)]
    width, height = size
    return [
        Row(each, series, trend(series[each.key, each.basis], each.target, width=width, height=height))
        for each in shown
    ]


def _figures(measured: Measured, month: Period) -> Iterable[Figure]:
    """As editions show them, in their order."""
    material = Material(
        month, datetime.now(UTC), arrived=True, kpis=measured.kpis, series=measured.series,
        wins=(), highlights=(), names=Names(),
    )  # fmt: skip
    return figures.ordered(map(partial(figures.figure, material=material), measured.kpis))


def _counted(request: Request, cut: Cut, key: str | None = None) -> Counted:
    """What was counted of the month and the months before it, as far as it still holds.

    The whole company is counted once for all months that people look back at; of a slice, which takes
    longer, only the months and the figure that are asked for.
    """
    if cut.only is not None:
        return Counted(_tally(request, cut.month, MONTHS, cut.by, cut.only, key))
    last = cut.last
    back = 12 * (last.start.year - cut.month.start.year) + last.start.month - cut.month.start.month
    if 0 <= back <= MONTHS:
        return Counted(_tally(request, last, 2 * MONTHS), back)
    return Counted(_tally(request, cut.month, MONTHS))


def _tally(
    request: Request,
    month: Period,
    months: int,
    by: Dimension | None = None,
    only: tuple[str, ...] | None = None,
    key: str | None = None,
) -> Tally:
    """What was counted since the journal last grew, else a moment ago, else now.

    Raises PendingError, and UnjudgedError.
    """
    must_be_judged(request)
    kept: Kept[Tally] = request.app.state.tallies
    rules = request.app.state.settings.rules
    keys = None if key is None else frozenset({key})

    def work_out() -> Tally:
        with _reading(request) as connection:
            return count(connection, month, datetime.now(UTC), rules, months, by, only, keys)

    with _reading(request) as connection:
        version = newest(connection)
    return kept.get((month, months, by, only, key), work_out, version)


def _slices(request: Request, cut: Cut, key: str) -> list[tuple[str, Figure]]:
    """One KPI by slice, in the order of their names: the board ranks nobody."""
    targets = request.app.state.settings.targets
    tally = _tally(request, cut.month, 2, cut.by, key=key)
    with _reading(request) as connection:
        called = _called(connection, cut.by, [each for each in tally.slices if each is not None])
    found = [
        (called.get(name or "", name or _UNKNOWN), figure)
        for name in tally.slices
        for figure in _figures(tally.measured(targets, [name]), cut.month)
        if figure.n
    ]
    return sorted(found, key=lambda pair: (pair[0] == _UNKNOWN, pair[0].casefold()))


def _called(connection: Connection, by: Dimension | None, ids: list[str]) -> dict[str, str]:
    """What slices are called; people only by names that they agreed to, confidential customers by no name."""
    if by == "customer":
        called = names_of_customers(connection, ids)
        return {each: name for each in ids for name, known in [called.customer(each)] if known}
    return people.named(connection, ids) if by == "salesperson" else {}


def _cut(request: Request, visit: Visit, rules: Rules) -> Cut:
    by: Any = asked(request, "by") or None
    if by is not None and by not in DIMENSIONS:
        raise faults.wrong("by", f"Write one of {', '.join(DIMENSIONS)}")
    if by is not None and not visit.may("cut_figures"):
        raise faults.not_yours(roles.who_may("cut_figures"))
    with _reading(request) as connection:
        last = last_month(connection, rules)
    return Cut(_asked_month(request) or last, by, asked(request, "of"), last)


def _asked_month(request: Request) -> Period | None:
    """The month that is asked for; raises Fault."""
    if not (text := asked(request, "month")):
        return None
    try:
        found = Period.parse(text)
    except ValueError as error:
        raise faults.wrong("month", str(error)) from None
    if found.unit != "month":
        raise faults.wrong("month", "Write a month such as 2026-10")
    return found


def month_of(request: Request, connection: Connection, rules: Rules) -> Period:
    """The month that is asked for, else the last whole one of which anything was told; raises Fault."""
    return _asked_month(request) or last_month(connection, rules)


def last_month(connection: Connection, rules: Rules) -> Period:
    """The last whole month of which anything was told."""
    now = datetime.now(UTC)
    last = connection.scalar(select(func.max(tables.sources.c.last_time))) or now
    return Period.of(min(last, now).astimezone(rules.zone).date(), "month").previous


def _dimensions(visit: Visit) -> tuple[Dimension, ...]:
    return DIMENSIONS if visit.may("cut_figures") else ()


def _sight(visit: Visit) -> Any:
    """What this person may see of money and margins."""
    department = visit.me.department
    audience: Audience = (
        "sales" if department in SALES else "operations" if department in OPERATIONS else "everyone"
    )
    return AUDIENCES["leadership" if "leader" in visit.roles else audience]


def _question(cut: Cut) -> str:
    told = {
        "month": cut.month.name,
        **({"by": cut.by} if cut.by else {}),
        **({"of": cut.of} if cut.of else {}),
    }
    return urlencode(told)


def _reading(request: Request) -> Any:
    store: Store = request.app.state.store
    return store.reading()
