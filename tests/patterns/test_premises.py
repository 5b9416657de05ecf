"""What a pattern's premise passes by fails one of its gates: nothing is overlooked."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from hypothesis import given, settings
from sqlalchemy import select

from shared import tables
from shared.patterns.registry import patterns, possible
from shared.projecting.cases import cases
from shared.projecting.reading import Reading
from shared.rules import DEFAULTS
from tests import make, seen
from tests.worlds import worlds


@given(worlds())
@settings(max_examples=15)
def test_what_a_premise_passes_by_is_no_win(events: list[dict[str, Any]]) -> None:
    with closing(seen.recorded(events, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        reading = Reading(connection, make.LATER, DEFAULTS)
        orders = reading.histories(connection.scalars(select(tables.orders.c.order_id))).values()
        for case in cases(reading, orders, reading.groups(orders)):
            asked = {name for name, _ in possible(case)}
            for name in patterns().keys() - asked:
                verdicts = [gate(case).passed for gate in patterns()[name](case).gates]
                assert not all(verdicts), name
