"""What a win of `bad_news_early` says beyond what every order can."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

KIND = "order"
FACTS = {
    "first_day": st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(str),
    "new_day": st.dates(date(2025, 1, 1), date(2026, 2, 28)).map(str),
    "later_days": st.integers(1, 60),
    "notice_days": st.integers(1, 90),
    "warned_on": st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(str),
    "agreed_on": st.dates(date(2025, 1, 1), date(2025, 12, 31)).map(str),
}
