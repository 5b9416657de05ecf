"""What a win of `faster_not_dearer` may say."""

from __future__ import annotations

from hypothesis import strategies as st

KIND = "customer"
FACTS = {
    "customer_id": st.just("C-1"),
    "from": st.sampled_from(["2025-11-01", "2026-01-01"]),
    "to": st.just("2026-03-31"),
    "orders": st.integers(20, 900),
    "before_orders": st.integers(20, 2000),
    "now_days": st.sampled_from(["0", "1", "12.5", "40"]),
    "before_days": st.sampled_from(["2", "15.5", "51"]),
    "cut_percent": st.integers(20, 100).map(str),
    "margin_percent": st.sampled_from(["40.0", "-3.5", "22.1"]),
    "before_margin_percent": st.sampled_from(["40.2", "-4.5", "21.0"]),
    "expedites_per_100_lines": st.sampled_from(["0.0", "12.5"]),
}
VARIANTS = ({"margin_percent": st.none(), "before_margin_percent": st.none()},)
