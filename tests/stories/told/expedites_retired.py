"""What a win of `expedites_retired` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "quarter"
MONEY = st.sampled_from(["0.00", "1600.00", "120345.67"]).map(lambda a: {"amount": a, "currency": "EUR"})
RATES = st.sampled_from(["0.0", "4.2", "13.0"])
FACTS = {
    "quarter": st.just("2026-Q1"),
    "from": st.just(date(2026, 1, 1)).map(str),
    "to": st.just(date(2026, 3, 31)).map(str),
    "incidents": st.integers(0, 90),
    "incidents_before": st.integers(10, 400),
    "fewer": st.integers(10, 300),
    "incidents_per_100_lines": RATES,
    "incidents_per_100_lines_before": RATES,
    "lines": st.integers(1, 90000),
    "lines_before": st.integers(1, 90000),
    "late_changes_per_100_lines": RATES,
    "late_changes_per_100_lines_before": RATES,
    "otif_percent": st.sampled_from(["100.0", "97.3"]),
    "otif_before_percent": st.sampled_from(["90.0", "97.3"]),
    "freight": st.none() | MONEY,
    "freight_before": MONEY,
}
