from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.publisher.pace import Ahead, Pace


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


@given(st.integers(1, 50), st.lists(st.floats(0, 60), max_size=30))
def test_any_relay_is_claimed_for_within_bounds_and_a_slow_one_little(
    connections: int, gaps: list[float]
) -> None:
    ahead, now = Ahead(connections), 0.0
    for gap in gaps:
        now += gap
        assert 2 * connections <= ahead.most(now) <= 50 * connections
    for _ in range(6):
        now += 10
        slow = ahead.most(now)
    assert slow == 2 * connections
    for _ in range(6):
        quick = ahead.most(now)
    assert quick == 50 * connections
