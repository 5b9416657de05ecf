"""What a win of `backlog_burned_down` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "customer"
FACTS = {
    "customer_id": st.just("C-1"),
    "overdue": st.integers(9, 4000),
    "overdue_on": st.dates(date(2025, 12, 1), date(2026, 2, 28)).map(str),
    "left": st.just(0) | st.integers(1, 900),
    "since": st.dates(date(2026, 3, 1), date(2026, 3, 10)).map(str),
    "held_until": st.dates(date(2026, 3, 14), date(2026, 3, 31)).map(str),
    "delivered": st.integers(8, 4000),
    "otherwise": st.integers(0, 90),
    "mean_overdue_days": st.integers(1, 90),
    "value": st.sampled_from([None, {"amount": "12400.00", "currency": "EUR"}]),
}
