"""Tandem against the oracle: the same rules worked out twice give the same answers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.history.outcomes import BASES
from shared.measuring import measure
from shared.periods import Period
from shared.rules import DEFAULTS, Rules
from tests import seen
from tests.figures import NEW, Figures
from tests.oracle import Oracle
from tests.worlds import worlds

if TYPE_CHECKING:
    from fractions import Fraction

    from sqlalchemy import Connection

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("database")
BERLIN = replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"), late_tolerance_days=1, documents_complete=True)
as_ofs = st.sampled_from(
    [
        datetime(2026, month, day, hour, tzinfo=UTC)
        for month, day, hour in ((3, 12, 13), (3, 16, 0), (4, 11, 22))
    ]
    + [datetime(2026, 12, 1, tzinfo=UTC)]
)
rules = st.sampled_from((DEFAULTS, BERLIN))


@given(worlds(), as_ofs, rules, st.sampled_from((3, 3, 3, 4)))
def test_orders_wins_and_kpis_are_what_the_rules_say(
    events: list[Json], as_of: datetime, rules: Rules, month: int
) -> None:
    expected = Oracle(events, as_of, rules)
    with closing(seen.recorded(events, as_of, rules)) as store, store.reading() as connection:
        for order_id in expected.orders:
            assert seen.order(connection, order_id, as_of, rules) == order_of(expected, order_id)
        assert seen.statuses(connection, as_of) == expected.wins()
        check_figures(connection, Period.month(2026, month), expected)
        check_more_figures(connection, Period.month(2026, month), expected)


def order_of(expected: Oracle, order_id: str) -> Json:
    order = expected.orders[order_id]
    return {
        "quarantined": order.quarantined is not None,
        "first_order": None if order.quarantined else expected.first_order(order),
        "slips": order.slips,
        "lines": {
            name: {
                "ordered": line.ordered,
                "accepted": line.accepted,
                "closed_at": line.closed_at,
                "adjusted": expected.adjusted(order, name),
                "perfect": expected.perfect(order, line),
                **{basis: expected.outcome(order, line, basis) for basis in BASES},
            }
            for name, line in order.lines.items()
        },
    }


def check_figures(connection: Connection, month: Period, expected: Oracle) -> None:
    figures = seen.figures(connection, month, expected.as_of, expected.rules)
    for (key, basis), found in figures.items():
        if key in NEW:
            continue
        above, below = expected.kpi(key, basis, month.start, month.end)
        if key in ("nps", "csat", "wape", "bias") or below:
            assert (key, basis, found) == (key, basis, (above if below else 0, below))


def check_more_figures(connection: Connection, month: Period, expected: Oracle) -> None:
    """The figures without numerator and denominator: each row's value and sample."""
    said = measure(connection, month, expected.as_of, expected.rules, {}).kpis
    figures = Figures(expected, month.start, month.end)
    for key in NEW:
        found = sorted((kpi.value, kpi.n) for kpi in said if kpi.key == key and kpi.value is not None)
        wanted = sorted((printed(value), n) for value, n in figures.of(key))
        assert (key, found) == (key, wanted)


def printed(value: Fraction) -> Decimal:
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.0001"), ROUND_HALF_EVEN)
