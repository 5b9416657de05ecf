"""What a win of `heads_up_served` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "product"
FACTS = {
    "product_id": st.just("P-1"),
    "ahead_days": st.integers(14, 400),
    "raised_on": st.dates(date(2024, 12, 1), date(2026, 2, 28)).map(str),
    "old_forecast": st.sampled_from(["1000", "12.5", "1"]),
    "revised_forecast": st.sampled_from(["1500", "1750.25", "1200000"]),
    "demand": st.sampled_from(["1480", "1500", "1350000"]),
    "uplift_percent": st.sampled_from(["48", "20", "1300"]),
    "otif_percent": st.sampled_from(["100.0", "80.1"]),
    "lines": st.integers(1, 900),
    "return_window_days": st.sampled_from([1, 30, 45]),
}
