"""The shape of a trend: heights and extent, for bars of table cells or characters, and for charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from shared.editions.figures import amount
from shared.languages import ENGLISH

if TYPE_CHECKING:
    from decimal import Decimal

    from shared.editions.model import Figure


class Shape(NamedTuple):
    """Heights from 1 to the tallest, None for a period without data; and how high the target lies."""

    heights: tuple[int | None, ...]
    target: int | None


def shape(figure: Figure, tallest: int) -> Shape:
    """The trend between its lowest and highest value, the target among them."""
    values = [_level(figure, point.value) for point in figure.trend]
    known = [value for value in values if value is not None]
    target = _level(figure, figure.target)
    if not known:
        return Shape(tuple(None for _ in values), None)
    aims = [*known, target] if target is not None else known
    low, span = min(aims), max(aims) - min(aims)
    shortest = max(2, tallest // 5)

    def height(value: Decimal | None) -> int | None:
        if value is None:
            return None
        return (
            round(shortest + (tallest - shortest) * float(value - low) / float(span))
            if span
            else tallest // 2
        )

    return Shape(tuple(map(height, values)), height(target))


def heights(figure: Figure, tallest: int) -> tuple[int | None, ...]:
    """The bars of a trend alone."""
    return shape(figure, tallest).heights


def _level(figure: Figure, value: Decimal | None) -> Decimal | None:
    """What a bar stands for: the value, or where zero is best, the distance from it."""
    return abs(value) if value is not None and figure.better == "zero" else value


def extent(figure: Figure, language: str = ENGLISH) -> tuple[str, str] | None:
    """The lowest and the highest value of the trend, as printed."""
    known = [point.value for point in figure.trend if point.value is not None]
    return (
        (amount(min(known), figure.unit, language), amount(max(known), figure.unit, language))
        if known
        else None
    )
