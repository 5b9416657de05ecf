"""What a win of `team_told` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "draft"
FACTS = {
    "draft_id": st.just("D-1"),
    "customers": st.integers(1, 12),
    "orders": st.integers(1, 12),
    "lines": st.integers(1, 90),
    "told_on": st.dates(date(2025, 12, 1), date(2026, 2, 1)).map(str),
    "confirmed_on": st.dates(date(2026, 2, 2), date(2026, 2, 20)).map(str),
    "delivered_at": st.dates(date(2025, 11, 20), date(2025, 11, 30)).map(lambda day: f"{day}T09:30:00+01:00"),
    "told_by_sales": st.booleans(),
    "on_first_promise": st.booleans(),
    "return_window_days": st.sampled_from([1, 30]),
}
WORDS = {
    "body": st.sampled_from(["", "We repacked that night.", "It was because we asked. " * 6]),
    "line": st.sampled_from(["", "So it was."]),
}
"""What people wrote may use words that ours may not."""
