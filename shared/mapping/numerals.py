"""Decimals from text: `1,001.18`, `1.001,18`, `$ 5`, `9.80000019`."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
ZERO = Decimal(0)
_MOST_DIGITS = 60


@lru_cache(maxsize=64)
def _pattern(point: str, thousands: str) -> re.Pattern[str]:
    groups = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|" if thousands else ""
    return re.compile(rf"([+-]?)({groups}\d+)(?:{re.escape(point)}(\d+))?([eE][+-]?\d{{1,3}})?", re.ASCII)


def decimal(text: str, point: str = ".", thousands: str = "", strip: tuple[str, ...] = ()) -> Decimal | None:
    """Read one number; None where `text` is none in this notation."""
    for symbol in strip:
        text = text.replace(symbol, "")
    match = _pattern(point, thousands).fullmatch(text.strip())
    if match is None or len(text) > _MOST_DIGITS:
        return None
    sign, whole, fraction, exponent = match.groups()
    digits = whole.replace(thousands, "") if thousands else whole
    return (
        Decimal(f"{sign}{digits}.{fraction or 0}{exponent or ''}")
        if fraction
        else Decimal(f"{sign}{digits}{exponent or ''}")
    )


def plain(number: Decimal) -> str:
    """Its digits without an exponent; there is no minus zero."""
    return format(number + 0 if number else abs(number), "f")


def shortest(number: Decimal) -> str:
    """The same without zeros that say nothing, so that `1`, `1.0` and `1.00` become one text."""
    text = plain(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
