"""What a win of `reliability_that_sold` may say."""

from __future__ import annotations

from hypothesis import strategies as st

KIND = "customer"
FACTS = {
    "customer_id": st.just("C-1"),
    "orders": st.integers(20, 900),
    "faultless_orders": st.integers(20, 900),
    "from": st.sampled_from(["2025-11-01", "2026-01-01"]),
    "to": st.just("2026-03-31"),
    "sold_from": st.just("2026-04-01"),
    "sold_to": st.just("2026-06-30"),
    "said_so": st.just(value=False),
    "deal": st.none(),
    "growth_percent": st.integers(25, 900).map(str),
    "margin_percent": st.sampled_from(["40.0", "-3.5"]),
    "later_margin_percent": st.sampled_from(["39.2", "41.0"]),
}
VARIANTS = (
    {
        "said_so": st.just(value=True),
        "deal": st.sampled_from(
            [{"amount": "50000.00", "currency": "EUR"}, {"amount": "1.50", "currency": "USD"}]
        ),
        "growth_percent": st.none(),
        "margin_percent": st.sampled_from([None, "40.0"]),
    },
    {"said_so": st.just(value=True), "growth_percent": st.none(), "margin_percent": st.none()},
)
