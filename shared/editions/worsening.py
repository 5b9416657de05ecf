"""What moved the wrong way: in which order it is told, and what of it a mail names."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from shared.editions.catalogue import STRIP
from shared.editions.figures import is_of, reached, widest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.editions.model import Figure, SeriesKey

NEWS: Final = 3
"""Figures that got worse and are named besides those shown, where readers want the news and not the board."""


def gone_worse(board: Iterable[Figure]) -> tuple[Figure, ...]:
    """What moved the wrong way: missed targets, then what readers know, then by share of its previous value.

    Of a KPI's bases only the first promise counts; rows in lesser units or currencies come last.
    """
    figures = [figure for figure in board if figure.basis not in {"requested", "last_commit"}]
    main = _main(figures)
    return tuple(
        sorted(
            (figure for figure in figures if figure.direction == "worse"),
            key=lambda f: (reached(f) is not False, f not in main, not _usual(f), -_relative(f), f.key),
        )
    )


def news(worse: Sequence[Figure], shown: Iterable[Figure]) -> tuple[SeriesKey, ...]:
    """For many readers: the weightiest of those that are not shown, as what is shown says it in its row."""
    there = set(_keys(shown))
    return tuple(key for key in _keys(worse) if key not in there)[:NEWS]


def whole(worse: Iterable[Figure], board: Iterable[Figure]) -> tuple[SeriesKey, ...]:
    """For those who have to act on it: all of it, but for lesser units of measure and currencies."""
    main = _main(board)
    return _keys(figure for figure in worse if figure in main)


def _main(board: Iterable[Figure]) -> list[Figure]:
    """Of each KPI the row with the largest sample."""
    figures = [figure for figure in board if figure.basis not in {"requested", "last_commit"}]
    found = (widest(each for each in figures if each.key == key) for key in {f.key for f in figures})
    return [figure for figure in found if figure]


def _keys(figures: Iterable[Figure]) -> tuple[SeriesKey, ...]:
    return tuple((figure.key, figure.basis) for figure in figures)


def _usual(figure: Figure) -> bool:
    return any(is_of(figure, key, basis) for key, basis in STRIP)


def _relative(figure: Figure) -> Decimal:
    return abs(figure.change or Decimal(0)) / max(abs(figure.previous or Decimal(0)), Decimal(1))
