"""What a win of `launch_landed` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "product"
FACTS = {
    "product_id": st.just("P-1"),
    "launched_on": st.dates(date(2024, 12, 1), date(2026, 2, 28)).map(str),
    "lag_days": st.sampled_from([1, 30, 120]),
    "from": st.dates(date(2024, 12, 1), date(2025, 2, 28)).map(str),
    "to": st.dates(date(2025, 3, 1), date(2026, 2, 28)).map(str),
    "demand": st.sampled_from(["100", "3000", "1250000.5"]),
    "error_percent": st.sampled_from(["0.0", "10.0", "49.9"]),
    "first_pass_percent": st.sampled_from(["100.0", "95.3"]),
    "weeks_of_stock": st.sampled_from(["0.0", "1.0", "7.9"]),
    "accepted": st.sampled_from(["98", "3000"]),
    "faulty_returns": st.sampled_from(["1", "2"]),
    "nothing_faulty": st.booleans(),
    "lines": st.integers(1, 900),
    "return_window_days": st.sampled_from([1, 30, 45]),
}
