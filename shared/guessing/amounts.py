"""Which number notations the texts of a column allow: one, several that disagree, or none."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.mapping import numerals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

_SYMBOLS = re.compile(r"(?:US\$|\$|€|£|¥|[A-Z]{3})(?=[\s\d.+-])|(?<=[\d\s])(?:\$|€|£|¥|%|[A-Z]{3})\Z")
_GAPS = (" ", "\u00a0", "\u202f", "'", "\u2019")
_PLACES = re.compile(r"0[.,'\s]")
_NOTATIONS = [
    (".", ""),
    (",", ""),
    (".", ","),
    (",", "."),
    *((point, gap) for gap in _GAPS for point in (",", ".")),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read every number of a column."""

    decimal: str
    thousands: str
    strip: tuple[str, ...]
    example: str
    value: Decimal

    @property
    def words(self) -> str:
        """`'1,234' is 1234`."""
        return f"{self.example!r} is {numerals.plain(self.value)}"


@dataclass(frozen=True, slots=True)
class Amounts:
    """The readings that fit every number and differ; `odd` are no numbers."""

    readings: tuple[Reading, ...]
    numbers: int
    odd: tuple[str, ...]
    negative: int

    @property
    def plain(self) -> bool:
        """Whether the numbers need no notation."""
        one = self.readings[0]
        return len(self.readings) == 1 and (one.decimal, one.thousands, one.strip) == (".", "", ())


def amounts_of(texts: Iterable[str]) -> Amounts | None:
    """Look at the texts of a column; None where few of them are numbers."""
    told = Counter(texts)
    strip = tuple(sorted({match[0] for text in told for match in _SYMBOLS.finditer(text)}))
    numbers = [text for text in told if any(_read(text, *each, strip) is not None for each in _NOTATIONS)]
    odd = tuple(text for text in told if text not in set(numbers))
    if not numbers or len(numbers) < len(odd):
        return None
    readings: dict[tuple[Decimal | None, ...], tuple[str, str]] = {}
    for notation in _NOTATIONS:
        values = tuple(_read(text, *notation, strip) for text in numbers)
        if None not in values:
            readings.setdefault(values, notation)
    example = _telling(numbers, list(readings))
    return Amounts(
        tuple(
            Reading(*notation, strip, numbers[example], values[example] or numerals.ZERO)
            for values, notation in readings.items()
        ),
        sum(told[text] for text in numbers),
        odd,
        sum(told[text] for text in numbers if text.lstrip("".join(strip)).startswith("-")),
    )


def _read(text: str, point: str, thousands: str, strip: tuple[str, ...]) -> Decimal | None:
    bare = text
    for symbol in strip:
        bare = bare.replace(symbol, "")
    if thousands and _PLACES.match(bare.strip().lstrip("+-")) and point not in bare:
        return None  # 0.300 is no 300
    return numerals.decimal(text, point, thousands, strip)


def _telling(numbers: list[str], readings: list[tuple[Decimal | None, ...]]) -> int:
    """The place of a number that the readings see differently, if there is one."""
    return next((at for at in range(len(numbers)) if len({values[at] for values in readings}) > 1), 0)
