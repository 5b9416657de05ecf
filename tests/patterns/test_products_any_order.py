"""Wins of products do not depend on when they were judged, nor on how the events came."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared import tables
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make, seen
from tests.databases import opened
from tests.patterns.products import counted, day, forecast, sold, wanted
from tests.patterns.test_bias_repaired import Habit
from tests.patterns.test_forecast_filled_shelf import Shelf
from tests.patterns.test_heads_up_served import Spike
from tests.patterns.test_launch_landed import Launch

if TYPE_CHECKING:
    from shared.store.engine import Store

Json = dict[str, Any]


class Troubled(Shelf):
    """The same shelf, of which much was said wrong at first, and some of the goods came back."""

    def told(self) -> list[Json]:
        wrong = [
            wanted("2026-03", 2600, location="Lyon"),
            forecast("2026-02", 9000, ahead=45),
            *sold("2026-05", 50, name="gone"),
        ]
        mended = [make.retracted(each, day("2026-07")) for each in wrong]
        back = {"order_id": "SO-2026-04-1"}
        returns = [make.returned(9, day("2026-05"), **back), make.assessed("quality", day("2026-07"), **back)]
        return [*super().told(), *wrong, *mended, *returns]


STORIES = {"shelf": Shelf, "spike": Spike, "launch": Launch, "habit": Habit, "troubled": Troubled}


@pytest.mark.parametrize("story", STORIES)
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dice=st.randoms(use_true_random=False))
def test_any_order_judged_at_any_time(story: str, dice: Any) -> None:
    events = STORIES[story]().told()
    told = events + [event for event in events if dice.random() < 0.1]
    dice.shuffle(told)
    with closing(seen.recorded(events, make.LATER, DEFAULTS)) as whole, closing(opened()) as store:
        settle(whole, as_of=make.LATER, rules=DEFAULTS)
        while told:
            size = dice.choice((3, 20, 100))
            batch, told = told[:size], told[size:]
            as_of = make.LATER - timedelta(days=dice.choice((0, 0, 170, 200, 400)))
            record(store, make.raw(batch), as_of=as_of, rules=DEFAULTS)
            settle(store, as_of=as_of, rules=DEFAULTS)
        settle(store, as_of=make.LATER, rules=DEFAULTS)
        with whole.reading() as one, store.reading() as other:
            assert [win.pattern for win in seen.wins(one)], "there is something to find"
            assert list(seen.differences(seen.dump(one), seen.dump(other))) == []


def test_faults_told_last_count_as_if_told_at_once() -> None:
    """And nothing that ended long before is judged again for them, nor for a count of stock."""
    fault = {"return_id": "RT-1", "product_id": "P-1", "order_id": None, "customer_id": None}
    back = make.returned(40, day("2026-06", -20), **fault)
    with closing(seen.recorded(Launch().told(), make.LATER, DEFAULTS)) as store:
        settle(store, as_of=make.LATER, rules=DEFAULTS)
        record(store, make.raw([back]), as_of=make.LATER, rules=DEFAULTS)
        assert since(store) == date(2026, 5, 20), "a return window before, and two days"
        settle(store, as_of=make.LATER, rules=DEFAULTS)
        record(store, make.raw([counted("2026-10", 90)]), as_of=make.LATER, rules=DEFAULTS)
        assert since(store) == date(2026, 9, 26)
        assessed = make.assessed("quality", day("2026-07"), **fault)
        record(store, make.raw([assessed]), as_of=make.LATER, rules=DEFAULTS)
        assert since(store) == date.min, "what it came back for counts since it came back"
        settle(store, as_of=make.LATER, rules=DEFAULTS)
        with store.reading() as connection:
            (win,) = seen.wins(connection)
    assert win.status(make.LATER) == "revoked"


def since(store: Store) -> date | None:
    """From when on the product is to be judged."""
    asked = select(tables.agenda.c.since).where(tables.agenda.c.kind == "product")
    with store.reading() as connection:
        return connection.scalar(asked)
