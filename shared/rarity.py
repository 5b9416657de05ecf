"""How rare the wins of each pattern were in the twelve calendar months before a period: for ranking alone."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from math import log10
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from shared import tables
from shared.patterns.registry import patterns, subject_patterns
from shared.periods import Period
from shared.projecting.subjects import KINDS

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.rules import Rules

_W, _O, _A = tables.wins.c, tables.orders.c, tables.agenda.c
_MONTHS = 12
_PERIODS = {"month": 12, "week": 52, "quarter": 4, None: 1}
"""Of a subject in twelve months, each of which had its chance."""
_PLACES = Decimal("0.0001")


def rarity(connection: Connection, period: Period, rules: Rules) -> dict[str, Decimal]:
    """R = −log10(p)/2, 1 at most, by pattern; p is the share of its subjects that became joint wins.

    A pattern without a win in those months has none: nothing is known of it.
    """
    month = Period.of(period.start, "month")
    since, until = month.back(_MONTHS).starts_at(rules.zone), month.starts_at(rules.zone)
    chances = _chances(connection, since, until)
    found = connection.execute(
        select(_W.pattern, func.count())
        .where(_W.kind == "joint", _W.reason.is_(None), _W.final_at >= since, _W.final_at < until)
        .group_by(_W.pattern)
    )
    return {name: _rarity(wins, chances[name]) for name, wins in found if name in chances}


def _rarity(wins: int, chances: int) -> Decimal:
    share = min(1.0, wins / max(1, chances))
    return min(Decimal(1), Decimal(-log10(share) / 2)).quantize(_PLACES, ROUND_HALF_EVEN)


def _chances(connection: Connection, since: datetime, until: datetime) -> dict[str, int]:
    """How many subjects could have become a win of each pattern."""
    closed = (_O.kind == "normal", _O.quarantined.is_(None), _O.closed_at >= since, _O.closed_at < until)
    orders = connection.scalar(select(func.count()).where(*closed)) or 0
    counted = connection.execute(select(_A.kind, func.count()).group_by(_A.kind))
    subjects: dict[str, int] = {kind: count for kind, count in counted}  # noqa: C416 - rows are no pairs
    found = dict.fromkeys(patterns(), orders)
    for kind, each in KINDS.items():
        found |= dict.fromkeys(subject_patterns(kind), subjects.get(kind, 0) * _PERIODS[each.unit])
    return found
