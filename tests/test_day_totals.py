"""Totals are what the rows of orders say, however events come."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared import tables
from shared.measuring import count, measure
from shared.recording import record
from shared.rules import DEFAULTS
from shared.viewing import view
from tests import make, seen
from tests.kpis.measured import MARCH
from tests.test_recording_oracle import as_ofs, rules
from tests.totals import check_totals
from tests.worlds import worlds

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from sqlalchemy import Connection

    from shared.rules import Rules

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("database")


@settings(max_examples=settings().max_examples // 2)
@given(worlds(), as_ofs, as_ofs, as_ofs, rules, st.randoms(use_true_random=False))
def test_in_any_order_at_any_time(
    events: list[Json], one: datetime, other: datetime, seen_at: datetime, by: Rules, dice: Random
) -> None:
    told = list(events)
    dice.shuffle(told)
    with closing(seen.opened()) as store:
        while told:
            size = dice.choice((1, 2, 10))
            batch, told = told[:size], told[size:]
            record(store, make.raw(batch), as_of=dice.choice((one, other)), rules=dice.choice((by, DEFAULTS)))
            with store.reading() as connection:
                check(connection)
        with view(store, seen_at, by) as connection:
            check(connection)
            whole = measure(connection, MARCH, seen_at, by, {}).kpis
            cut = count(connection, MARCH, seen_at, by, by="site")
            together = {(kpi.key, kpi.basis): kpi for kpi in cut.measured({}, cut.slices).kpis}
            due = [kpi for kpi in whole if kpi.key in {"on_time", "in_full", "otif"}]
            assert [together[kpi.key, kpi.basis] for kpi in due] == due


def check(connection: Connection) -> None:
    """The totals, counted a second time from the lines, plainly; none is zero."""
    expected: Counter[tuple[Any, ...]] = Counter()
    for line in connection.execute(select(tables.order_lines)).mappings():
        for basis in ("requested", "first_commit", "last_commit") if line["counted"] else ():
            verdict = line[f"{basis}_verdict"]
            if verdict in {"closed", "missed", "waiting"}:
                on_time = verdict == "closed" and line[f"{basis}_on_time"]
                in_full = verdict == "closed" and line["in_full"]
                waits = line[f"{basis}_overdue_at"] if verdict == "waiting" else None
                facts = (on_time, in_full, line["slips"] > 0, line["excluded_adjusted"] is not None)
                expected[basis, line[f"{basis}_due"], waits, *facts] += 1
    found = {
        (basis, day, None if scored_from.year == 1 else scored_from, *facts): lines
        for basis, day, scored_from, *facts, lines in connection.execute(select(tables.due_days))
    }
    assert found == expected
    check_demand(connection)
    check_totals(connection)


def check_demand(connection: Connection) -> None:
    expected: dict[tuple[Any, ...], tuple[Decimal, int]] = {}
    for line in connection.execute(select(tables.order_lines).where(tables.order_lines.c.counted)):
        day = line.first_requested
        at = (day.year, day.month, day.isocalendar().week, line.product_id, line.uom)
        qty, lines = expected.get(at, (Decimal(0), 0))
        expected[at] = (qty + line.demand_qty, lines + 1)
    found = {
        (row.since.year, row.since.month, row.since.isocalendar().week, row.product_id, row.uom): (
            row.whole + Decimal(row.rest) / 10**6,
            row.lines,
        )
        for row in connection.execute(select(tables.demand_weeks))
    }
    assert found == expected
