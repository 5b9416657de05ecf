"""Where the true value lies with 95 % confidence, as fractions: what a small sample can say, and no more."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from shared.history.units import is_piece

if TYPE_CHECKING:
    from shared.kpis.model import Bounds, Count

_Z = Decimal("1.959963984540054")
"""The normal deviate that 2.5 % lie beyond."""
_BEYOND = 0.025


def wilson(count: Count) -> Bounds:
    """The bounds of a share, by Wilson's score interval (E. B. Wilson, JASA 1927); never outside 0 to 1."""
    n, z2 = count.denominator, _Z * _Z
    p = count.numerator / n
    middle, half = p + z2 / (2 * n), _Z * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt()
    return max((middle - half) / (1 + z2 / n), Decimal(0)), min((middle + half) / (1 + z2 / n), Decimal(1))


def adjusted_wald(count: Count) -> Bounds:
    """The bounds of a net score, promoters minus detractors: three answers are added, ¾ to each of the two.

    The score itself is always inside, which the formula alone does not grant to one or two answers.
    Recommended by Rocks, The American Statistician 2016, and Lewis and Sauro, MeasuringU 2021.
    """
    n, score = count.denominator + 3, count.numerator / count.denominator
    net, outspoken = count.numerator / n, (count.squares + Decimal("1.5")) / n
    half = _Z * ((outspoken - net * net) / n).sqrt()
    return min(max(net - half, Decimal(-1)), score), max(min(net + half, Decimal(1)), score)


def clopper_pearson(count: Count) -> Bounds | None:
    """The exact bounds of a rate of single pieces (Clopper and Pearson, Biometrika 1934); None of kilograms.

    Pieces of one lot fail together, so that the truth may be wider still.
    """
    if count.unit is None or not is_piece(count.unit):
        return None
    from scipy.special import betaincinv  # noqa: PLC0415 - slow to import, and needed for this alone

    bad, n = float(count.numerator), float(count.denominator)
    low = betaincinv(bad, n - bad + 1, _BEYOND) if bad > 0 else 0.0
    high = betaincinv(bad + 1, n - bad, 1 - _BEYOND) if bad < n else 1.0
    return Decimal(float(low)), Decimal(float(high))
