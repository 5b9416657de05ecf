"""Charts as numbers: where points, lines and words stand in a picture that a page draws as SVG."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLACES = 1


@dataclass(frozen=True, slots=True)
class Dot:
    """One value: where it stands, of which period."""

    x: float
    y: float
    period: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """A line through the values of consecutive periods, broken where there is no data."""

    width: int
    height: int
    runs: tuple[tuple[Dot, ...], ...]
    low: Decimal
    high: Decimal
    target_y: float | None

    @property
    def last(self) -> Dot:
        """The latest value."""
        return self.runs[-1][-1]

    def points(self, run: Sequence[Dot]) -> str:
        """A run as the points of a polyline."""
        return " ".join(f"{dot.x},{dot.y}" for dot in run)


def trend(
    series: Sequence[tuple[str, Decimal | None]],
    target: Decimal | None = None,
    *,
    width: int = 720,
    height: int = 200,
    edge: int = 8,
) -> Trend | None:
    """Values over time between the lowest and the highest, the target included; None where no value is."""
    known = [value for _, value in series if value is not None]
    if not known:
        return None
    low, high = min([*known, *_some(target)]), max([*known, *_some(target)])
    span = float(high - low)

    def y(value: Decimal) -> float:
        share = float(value - low) / span if span else 0.5
        return round(height - edge - share * (height - 2 * edge), _PLACES)

    step = (width - 2 * edge) / max(1, len(series) - 1)
    runs: list[list[Dot]] = [[]]
    for i, (period, value) in enumerate(series):
        if value is None:
            runs.append([])
        else:
            runs[-1].append(Dot(round(edge + i * step, _PLACES), y(value), period, value))
    whole = tuple(tuple(run) for run in runs if run)
    return Trend(width, height, whole, min(known), max(known), None if target is None else y(target))


def _some(target: Decimal | None) -> list[Decimal]:
    return [] if target is None else [target]
