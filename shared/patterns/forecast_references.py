"""What a forecast must beat: every forecast that could be had without its author."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from shared.patterns import forecast_error as errors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from shared.patterns.product_case import ProductCase, Stand
    from shared.periods import Period

    By = list[Decimal | None]

_YEAR, _KNOWN = 12, 6
"""Months of a year, and months that make a mean worth its name."""


class Reference(NamedTuple):
    """A forecast to compare with, month by month beside demand."""

    name: str
    pairs: list[tuple[Decimal, Decimal]]
    wape: Decimal


class References(NamedTuple):
    """All there are, the best first; `proven`: whether among them is more than a naive one."""

    ranked: list[Reference]
    proven: bool


def references(
    case: ProductCase, months: Sequence[Period], own: Sequence[Stand], demand: Sequence[Decimal]
) -> References:
    """Compare with what each other step said and what demand known by then foretold.

    A forecaster who only repeats one of these adds nothing. Naive alone proves nothing: demand that returns
    to its mean beats it by itself.
    """
    known = [_known(case, month) for month in months]
    series: dict[str, By] = {
        "mean of twelve months": [_mean(demands) for demands in known],
        "last month known": [demands[-1] if demands else None for demands in known],
        "same month last year": [_a_year_before(case, month) for month in months],
    }
    said = dict(_steps(case, months, own, series["mean of twelve months"]))
    long_known = all(len(demands) >= _KNOWN for demands in known)
    whole = {name: by for name, by in (series | said).items() if None not in by}
    ranked = sorted(
        (_reference(name, [f for f in by if f is not None], demand) for name, by in whole.items()),
        key=lambda one: (one.wape, one.name),
    )
    spoken = all(case.forecast("statistical", month) for month in months)
    return References(ranked, proven=spoken or long_known)


def _reference(name: str, forecast: Sequence[Decimal], demand: Sequence[Decimal]) -> Reference:
    pairs = list(zip(forecast, demand, strict=True))
    error = errors.wape(pairs)
    assert error is not None, "demand is above the floor"
    return Reference(name, pairs, error)


def _steps(
    case: ProductCase, months: Sequence[Period], own: Sequence[Stand], usual: By
) -> Iterator[tuple[str, By]]:
    """What other steps said; of those that follow Sales only what they said before it did.

    Where a step was silent its forecast is the `usual` one, and without that Sales gains nothing.
    """
    said = {
        f"{step} forecast": [case.forecast(step, month) for month in months]
        for step in ("statistical", "naive")
    }
    for step in ("marketing", "consensus"):
        told = zip(months, own, strict=True)
        said[f"earlier {step} forecast"] = [_earlier(case, step, month, mine) for month, mine in told]
    for name, stands in said.items():
        if any(stands):
            yield (
                name,
                [
                    stand.qty if stand else mine.qty if mean is None else mean
                    for stand, mine, mean in zip(stands, own, usual, strict=True)
                ],
            )


def _earlier(case: ProductCase, step: str, month: Period, mine: Stand) -> Stand | None:
    return case.standing(step, month, min(version.time for version in mine.versions))


def _known(case: ProductCase, month: Period) -> list[Decimal]:
    """The demand of the twelve months that had ended when the forecast had to stand, as far as known."""
    last = month.back(1)
    while month.start - case.lag < last.end:
        last = last.back(1)
    demands = (case.demand(last.back(back)) for back in reversed(range(_YEAR)))
    return [demand for demand in demands if demand is not None]


def _mean(demands: Sequence[Decimal]) -> Decimal | None:
    return sum(demands, Decimal(0)) / len(demands) if demands else None


def _a_year_before(case: ProductCase, month: Period) -> Decimal | None:
    before = month.back(_YEAR)
    return case.demand(before) if before.end <= month.start - case.lag else None
