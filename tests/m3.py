"""Real forecasts of real demand through the gates of a forecast that filled the shelf: who beat what.

    python -m tests.m3 [--every N] [--without-naive]

474 monthly series of company shipments of the M3 competition (Makridakis and Hibon, 2000), with what four
methods forecast up to 18 months ahead. Each method plays Sales, each other the statistical forecast; NAIVE2,
which is one, also stands as the naive forecast. No series tells of orders, nor of demand before the origin:
these are the gates of the forecast alone.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from shared.patterns.forecast_filled_shelf import forecast_filled_shelf
from shared.patterns.product_case import Product, ProductCase, Record, Version
from shared.periods import Period
from shared.rules import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE = Path(__file__).parents[2] / "shared/data/m3_shipments/shipments_474series_4methods.csv"
METHODS = ("THETA", "ForecastPro", "DAMPEN", "NAIVE2")
NAIVE = "NAIVE2"
_OF_ORDERS = "demand_seen_live"
"""The first gate behind those that look at forecasts and demand alone."""


class Series(NamedTuple):
    """What was wanted of a product, and what each method had said, by month."""

    name: str
    origin: Period
    actual: dict[str, Decimal]
    said: dict[str, dict[str, Decimal]]


@dataclass
class Tally:
    """Of one method against another."""

    windows: int = 0
    held: int = 0
    series: int = 0
    won: int = 0


def read(path: Path = FILE, every: int = 1) -> list[Series]:
    """Every series, or every so-manieth."""
    found: dict[str, Series] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            origin = Period.parse(row["forecast_origin"])
            one = found.setdefault(row["series"], Series(row["series"], origin, {}, defaultdict(dict)))
            one.actual[row["period"]] = Decimal(row["actual"])
            one.said[row["method"]][row["period"]] = Decimal(row["forecast"])
    return list(found.values())[::every]


def cases(series: Series, steps: Mapping[str, str]) -> Iterator[ProductCase]:
    """The case of each month, as if these methods were steps of a plan made at the origin."""
    at = series.origin.ends_at(DEFAULTS.zone)
    told = {"demand": series.actual} | {step: series.said[method] for step, method in steps.items()}
    versions = {
        month: [
            Version("m3", f"{step}-{month}", step, None, None, month, said[month], at, at, backfill=False)
            for step, said in told.items()
        ]
        for month in series.actual
    }
    record = Record(Product(series.name), versions, {}, tuple, lambda _: {}, lambda _: {})
    for month in sorted(series.actual):
        yield ProductCase(f"product/{series.name}", Period.parse(month), DEFAULTS, record)


def held(case: ProductCase) -> bool | None:
    """Whether the gates of the forecast hold; None where there are no six months to judge."""
    if (claim := forecast_filled_shelf(case)) is None:
        return None
    for gate in claim.gates:
        verdict = gate()
        if verdict.name == _OF_ORDERS:
            return True
        if not verdict.passed:
            return False
    raise AssertionError(_OF_ORDERS)


def tallies(series: Iterable[Series], *, naive: bool = True) -> Mapping[tuple[str, str], Tally]:
    """By who plays Sales and who plays the statistical forecast."""
    known = {"naive": NAIVE} if naive else {}
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for one in series:
        for sales in METHODS:
            for statistical in METHODS:
                if statistical != sales:
                    steps = {"sales": sales, "statistical": statistical, **known}
                    judged = [x for case in cases(one, steps) if (x := held(case)) is not None]
                    tally = found[sales, statistical]
                    tally.windows += len(judged)
                    tally.held += sum(judged)
                    tally.series += 1
                    tally.won += any(judged)
    return found


def table(found: Mapping[tuple[str, str], Tally]) -> Iterator[str]:
    """As it stands in docs/forecasts.md."""
    yield "| as Sales | against | windows | held | series | with any |"
    yield "|---|---|---|---|---|---|"
    for (sales, statistical), tally in found.items():
        share, won = tally.held / tally.windows, tally.won / tally.series
        windows = f"{tally.windows:,} | {tally.held:,} ({share:.1%})"
        yield f"| {sales} | {statistical} | {windows} | {tally.series} | {tally.won} ({won:.1%}) |"


def main() -> None:
    """Print who beat what."""
    parser = argparse.ArgumentParser(prog="tests.m3")
    parser.add_argument("--every", type=int, default=1, help="only every so-manieth series")
    parser.add_argument("--without-naive", action="store_true", help="as if no naive forecast were known")
    parser.add_argument("--file", type=Path, default=FILE)
    asked = parser.parse_args()
    for line in table(tallies(read(asked.file, asked.every), naive=not asked.without_naive)):
        print(line)  # noqa: T201 - what was measured goes to the terminal


if __name__ == "__main__":
    main()
