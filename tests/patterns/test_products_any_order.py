"""Wins of products do not depend on when they were judged, nor on how the events came."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.recording import record
from shared.rules import DEFAULTS
from shared.settling import settle
from tests import make, seen
from tests.databases import opened
from tests.patterns.products import day, forecast, sold, wanted
from tests.patterns.test_bias_repaired import Habit
from tests.patterns.test_forecast_filled_shelf import Shelf
from tests.patterns.test_heads_up_served import Spike
from tests.patterns.test_launch_landed import Launch

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
