"""What a win of `caught_here` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "hold"
FACTS = {
    "hold_id": st.just("H-1"),
    "customers": st.integers(1, 12),
    "orders": st.integers(1, 12),
    "lines": st.integers(1, 90),
    "pieces": st.none() | st.sampled_from(["1", "1200"]),
    "held_on": st.dates(date(2025, 12, 1), date(2026, 2, 1)).map(str),
    "released_on": st.dates(date(2026, 2, 2), date(2026, 2, 20)).map(str),
    "due_on": st.dates(date(2026, 2, 20), date(2026, 3, 20)).map(str),
    "delivered_at": st.dates(date(2026, 2, 20), date(2026, 3, 20)).map(lambda day: f"{day}T09:30:00+01:00"),
    "agreed_lines": st.integers(0, 9),
    "agreed": st.booleans(),
    "return_window_days": st.sampled_from([2, 60]),
}
