"""What a win of `detractor_to_promoter` may say."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "customer"
FACTS = {
    "customer_id": st.just("C-1"),
    "complained": st.just(value=False),
    "hurt_on": st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(str),
    "asked_on": st.dates(date(2026, 1, 1), date(2026, 3, 31)).map(str),
    "hurt_score": st.sampled_from(["0", "3", "1.5"]),
    "hurt_scale_max": st.sampled_from(["10", "5"]),
    "asked_score": st.sampled_from(["9", "10", "4.5"]),
    "asked_scale_max": st.sampled_from(["10", "5"]),
    "days": st.integers(1, 120),
    "orders_since": st.integers(2, 40),
    "same_contact": st.booleans(),
    "quiet_days": st.sampled_from([30, 45]),
}
VARIANTS = (
    {
        "complained": st.just(value=True),
        "hurt_score": st.none(),
        "hurt_scale_max": st.none(),
    },
)
