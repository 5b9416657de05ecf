"""What a win of `peak_week_carried` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "week"
FACTS = {
    "week": st.just("2026-W10"),
    "from": st.just(date(2026, 3, 2)).map(str),
    "to": st.just(date(2026, 3, 8)).map(str),
    "lines": st.integers(20, 9000),
    "usual_lines": st.sampled_from(["11", "20.5", "4000"]),
    "times": st.sampled_from(["1.5", "2.0", "3.2"]),
    "weeks_before": st.just(13),
    "otif_percent": st.sampled_from(["100.0", "97.3"]),
    "usual_otif_percent": st.sampled_from(["90.0", "97.3"]),
    "overdue_at_start": st.integers(0, 400),
    "overdue_at_end": st.integers(0, 400),
    "return_window_days": st.sampled_from([1, 30]),
}
