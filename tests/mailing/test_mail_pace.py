from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.publisher.pace import Pace


@given(st.integers(1, 1000), st.lists(st.floats(0, 10), max_size=50))
def test_any_calls_leave_evenly_and_nobody_waits_longer_than_it_takes(
    per_minute: int, gaps: list[float]
) -> None:
    pace, now, left = Pace(per_minute), 1000.0, []
    for gap in gaps:
        now += gap
        wait = pace.wait(now)
        assert wait >= 0
        left.append(now + wait)
    assert all(b - a >= 60 / per_minute - 1e-6 for a, b in pairwise(left))
    assert not left or left[0] == 1000.0 + gaps[0]


def test_without_a_rate_nobody_waits() -> None:
    pace = Pace(None)
    assert [pace.wait(5.0) for _ in range(3)] == [0, 0, 0]
