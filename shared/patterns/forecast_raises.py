"""Forecasts of one month, one publication after another: when Sales raised its own above all others."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from shared.patterns.product_case import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from shared.patterns.product_case import ProductCase, Version


class Raise(NamedTuple):
    """A revision upwards: what had been said at most, and what Sales says now."""

    since: datetime
    """Of its first version: a revision of many parts takes a day."""
    versions: tuple[Version, ...]
    old: Decimal
    new: Decimal


def last_raise(case: ProductCase, until: datetime, percent: Decimal) -> Raise | None:
    """The last raise of the case's month by Sales, up to an instant, by so much or more; seen live.

    Whatever any step had said before is what it rises above, also what was dated back or loaded as history.
    """
    told = case.said(case.during)
    by_sales = [v for v in told if v.step == "sales" and case.trusted(v) and v.time <= until]
    found: Raise | None = None
    for versions in _by_day(by_sales, case)[1:]:
        earlier = [v for v in told if v.time < versions[0].time and not _same_day(v, versions[0], case)]
        now = standing(v for v in by_sales if v.time <= versions[-1].time)
        old = max(_totals(earlier, case))
        if now is not None and old > 0 and now.qty * 100 >= old * (100 + percent):
            found = Raise(versions[0].time, tuple(versions), old, now.qty)
    return found


def _by_day(versions: Sequence[Version], case: ProductCase) -> list[list[Version]]:
    """One publication each: the versions of a day, in the organisation's zone."""
    zone = case.rules.zone
    return [list(day) for _, day in groupby(versions, lambda v: v.time.astimezone(zone).date())]


def _same_day(one: Version, other: Version, case: ProductCase) -> bool:
    zone = case.rules.zone
    return one.time.astimezone(zone).date() == other.time.astimezone(zone).date()


def _totals(versions: Sequence[Version], case: ProductCase) -> Iterable[Decimal]:
    """What each step said of the whole product, at the end of each day on which it spoke."""
    for step in {version.step for version in versions}:
        of_step = [version for version in versions if version.step == step]
        for day in _by_day(of_step, case):
            stand = standing(v for v in of_step if v.time <= day[-1].time)
            yield stand.qty if stand else Decimal(0)
