"""Products that somebody forecasts, month by month."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from shared import tables
from shared.patterns.product_case import MONTHS, Product, ProductCase, ProductLine, Record, Version
from shared.periods import Period
from shared.projecting.subjects.customers import EARLIEST, months
from shared.store import journal
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from shared.events.envelope import Event
    from shared.projecting.reading import Reading
    from shared.projecting.subjects import Span

    ByMonth = dict[str, list[Any]]

_FORECAST_BY = ("sales", "marketing")
"""Whoever forecasts for the Sales side: no pattern sees anything in a month that neither forecast."""
_P, _L, _M = tables.plans.c, tables.order_lines.c, tables.products.c
_VERSIONS = select(
    _P.product_id,
    _P.source, _P.id, _P.step, _P.customer_id, _P.location, _P.period, _P.qty, _P.time, _P.known_at,
    _P.backfill,
).where(Among(_P.product_id), _P.period >= bindparam("since"), _P.period.not_like("%W%"))  # fmt: skip
_LINES = (
    select(
        _L.product_id,
        _L.order_id, _L.line_id, _L.customer_id, _L.uom, _L.ordered_qty, _L.demand_qty, _L.first_requested,
        _L.in_full, _L.requested_verdict, _L.requested_on_time, _L.first_commit_due, _L.first_commit_verdict,
        _L.first_commit_on_time,
    )
    .where(Among(_L.product_id), _L.first_requested >= bindparam("day", type_=tables.Day), _L.counted)
    .order_by(_L.order_id, _L.line_id)
)  # fmt: skip
_PRODUCTS = select(_M.product_id, _M.lead_time_days, _M.launched_on, _M.quality_limit_ppm).where(
    Among(_M.product_id)
)


def cases(reading: Reading, span: Span) -> Iterator[tuple[str, ProductCase]]:
    """The cases of some products, each product's months in order."""
    earliest = Period.of(max(min(span.since.values()), EARLIEST), "month")
    first = earliest.back(span.lead + MONTHS)
    versions: dict[str, ByMonth] = defaultdict(lambda: defaultdict(list))
    for product_id, *row in run_among(reading.connection, _VERSIONS, span.since, since=first.name):
        version = Version(*row)
        versions[product_id][version.period].append(version)
    forecast = {name: told for name in versions if (told := _forecast(versions[name]))}
    lines = _lines(reading, forecast, first)
    products = {row[0]: Product(*row) for row in run_among(reading.connection, _PRODUCTS, forecast)}
    for name, told in sorted(forecast.items()):
        record = Record(
            products.get(name, Product(name)),
            versions[name],
            lines[name],
            told=cache(partial(_told, reading, name)),
            published=partial(journal.named, reading.connection),
            histories=reading.recall,
        )
        for month in months(max(span.since[name], Period.parse(min(told)).start), span):
            if month.name in told:
                yield name, ProductCase(f"product/{name}", month, reading.rules, record)


def _forecast(versions: ByMonth) -> set[str]:
    """The months that somebody forecast for the Sales side."""
    return {month for month, said in versions.items() if any(v.step in _FORECAST_BY for v in said)}


def _lines(reading: Reading, names: Iterable[str], first: Period) -> dict[str, ByMonth]:
    found: dict[str, ByMonth] = defaultdict(lambda: defaultdict(list))
    for product_id, *row in run_among(reading.connection, _LINES, names, day=first.start):
        line = ProductLine(*row)
        found[product_id][f"{line.first_requested:%Y-%m}"].append(line)
    return found


def _told(reading: Reading, name: str) -> Sequence[Event[Any]]:
    events = reading.in_force("product", [name]).get(name, ())
    return sorted(events, key=lambda event: (event.time, event.source, event.id))
