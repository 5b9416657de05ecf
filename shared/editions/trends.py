"""The bars of a trend: heights and extent, for charts made of table cells or of characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.editions.figures import amount
from shared.languages import ENGLISH

if TYPE_CHECKING:
    from decimal import Decimal

    from shared.editions.model import Figure


def heights(figure: Figure, tallest: int) -> tuple[int | None, ...]:
    """Bar heights of the trend between its lowest and highest value; None for a period without data."""
    values = [_level(figure, point.value) for point in figure.trend]
    known = [value for value in values if value is not None]
    if not known:
        return tuple(None for _ in values)
    low, span = min(known), max(known) - min(known)
    shortest = max(2, tallest // 5)
    if not span:
        return tuple(None if value is None else tallest // 2 for value in values)
    scale = (tallest - shortest) / float(span)
    return tuple(None if v is None else round(shortest + scale * float(v - low)) for v in values)


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
