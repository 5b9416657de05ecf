"""Any order, any number of times, any division into batches: the same outcomes at the same instant."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.recording import record
from shared.rules import DEFAULTS
from shared.viewing import view
from tests import seen
from tests.make import raw
from tests.test_recording_oracle import as_ofs
from tests.worlds import worlds

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]
pytestmark = pytest.mark.usefixtures("database")


@given(worlds(), as_ofs, as_ofs, st.randoms(use_true_random=False))
def test_any_order_any_batches_any_repeats(
    events: list[Json], as_of: datetime, before: datetime, dice: Any
) -> None:
    told = events + [event for event in events if dice.random() < 0.3]
    dice.shuffle(told)
    with closing(seen.recorded(events, as_of, DEFAULTS)) as whole, closing(seen.opened()) as store:
        while told:
            size = dice.choice((1, 1, 2, 3, 30))
            batch, told = told[:size], told[size:]
            record(store, raw(batch), as_of=dice.choice((as_of, before)), rules=DEFAULTS)
        record(store, [], as_of=as_of, rules=DEFAULTS)
        with whole.reading() as one, store.reading() as other:
            assert list(seen.differences(seen.dump(one), seen.dump(other))) == []


@given(worlds(), as_ofs, as_ofs)
def test_a_view_is_what_recording_at_that_instant_would_have_made(
    events: list[Json], as_of: datetime, seen_at: datetime
) -> None:
    built, fresh, again = (seen.recorded(events, at, DEFAULTS) for at in (as_of, seen_at, as_of))
    with closing(built), closing(fresh), closing(again):
        with view(built, seen_at, DEFAULTS) as one, fresh.reading() as other:
            assert list(seen.differences(seen.dump(one), seen.dump(other))) == []
        with built.reading() as one, again.reading() as other:
            assert list(seen.differences(seen.dump(one), seen.dump(other))) == [], "a view writes nothing"
