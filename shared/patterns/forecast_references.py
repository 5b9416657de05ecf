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

_YEAR, _KNOWN, _MOSTLY = 12, 6, 4
"""Months of a year, months that make a mean worth its name, months of six in which a step spoke."""


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
    said = dict(_steps(case, months, own))
    long_known = all(len(demands) >= _KNOWN for demands in known)
    whole = {name: by for name, by in (series | said).items() if None not in by}
    ranked = sorted(
        (_reference(name, [f for f in by if f is not None], demand) for name, by in whole.items()),
        key=lambda one: (one.wape, one.name),
    )
    return References(ranked, proven="statistical forecast" in said or long_known)


def _reference(name: str, forecast: Sequence[Decimal], demand: Sequence[Decimal]) -> Reference:
    pairs = list(zip(forecast, demand, strict=True))
    error = errors.wape(pairs)
    assert error is not None, "demand is above the floor"
    return Reference(name, pairs, error)


def _steps(case: ProductCase, months: Sequence[Period], own: Sequence[Stand]) -> Iterator[tuple[str, By]]:
    """What other steps said; of those that follow Sales only what they said before it did.

    Where a step was silent in few months, Sales gains nothing on it in these.
    """
    for step, name in (("statistical", "statistical forecast"), ("naive", "naive forecast")):
        yield from _mostly(name, [case.forecast(step, month) for month in months], own)
    for step in ("marketing", "consensus"):
        earlier = [_earlier(case, step, month, mine) for month, mine in zip(months, own, strict=True)]
        yield from _mostly(f"earlier {step} forecast", earlier, own)


def _earlier(case: ProductCase, step: str, month: Period, mine: Stand) -> Stand | None:
    return case.standing(step, month, min(version.time for version in mine.versions))


def _mostly(name: str, said: list[Stand | None], own: Sequence[Stand]) -> Iterator[tuple[str, By]]:
    if sum(stand is not None for stand in said) >= _MOSTLY:
        yield name, [(stand or mine).qty for stand, mine in zip(said, own, strict=True)]


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
