"""What a win of `bias_repaired` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "product"
FACTS = {
    "product_id": st.just("P-1"),
    "from": st.dates(date(2024, 12, 1), date(2025, 2, 28)).map(str),
    "to": st.dates(date(2025, 3, 1), date(2026, 2, 28)).map(str),
    "months": st.just(6),
    "too_high": st.booleans(),
    "bias_before_percent": st.sampled_from(["50.0", "-45.2", "140.0"]),
    "bias_percent": st.sampled_from(["0.0", "-4.9", "1.2"]),
    "error_before_percent": st.sampled_from(["50.0", "140.2"]),
    "error_percent": st.sampled_from(["2.0", "0.0", "18.4"]),
    "stock_before": st.sampled_from(["3000", "1250000"]),
    "stock_after": st.sampled_from(["900", "0", "1"]),
    "short_before_percent": st.sampled_from(["66.7", "3.0"]),
    "short_after_percent": st.sampled_from(["0.0", "2.1"]),
}
"""Of stock and short lines a win knows one; a telling speaks of the one that the bias had brought about."""
