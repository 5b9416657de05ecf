"""What a win of `forecast_filled_shelf` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "product"
FACTS = {
    "product_id": st.just("P-1"),
    "from": st.dates(date(2024, 12, 1), date(2025, 2, 28)).map(str),
    "to": st.dates(date(2025, 3, 1), date(2026, 2, 28)).map(str),
    "months": st.just(6),
    "lag_days": st.sampled_from([30, 1, 120]),
    "error_percent": st.sampled_from(["2.5", "0.0", "12.0"]),
    "reference": st.sampled_from(["statistical forecast", "mean of twelve months"]),
    "reference_error_percent": st.sampled_from(["31.5", "8.0", "140.2"]),
    "better_months": st.sampled_from([5, 6]),
    "bias_percent": st.sampled_from(["0.0", "-9.8", "4.2"]),
    "first_pass_percent": st.sampled_from(["100.0", "95.3"]),
    "first_pass_before_percent": st.sampled_from(["86.0", "0.0", "93.1"]),
    "lines": st.integers(1, 4000),
}
