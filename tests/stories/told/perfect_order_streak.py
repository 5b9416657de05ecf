"""What a win of `perfect_order_streak` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "customer"
FACTS = {
    "customer_id": st.just("C-1"),
    "orders": st.integers(2, 400),
    "lines": st.integers(2, 1400),
    "from": st.dates(date(2024, 12, 1), date(2025, 2, 28)).map(str),
    "to": st.dates(date(2025, 3, 1), date(2026, 2, 28)).map(str),
    "usual_percent": st.sampled_from(["50.0", "95.0", "97.3"]),
    "usual_known": st.booleans(),
    "luck_percent": st.sampled_from(["10.0", "0.5"]),
    "least": st.integers(2, 114),
}
