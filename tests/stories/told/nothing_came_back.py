"""What a win of `nothing_came_back` says beyond what every order can."""

from __future__ import annotations

from hypothesis import strategies as st

KIND = "order"
FACTS = {
    "units": st.sampled_from(["300", "1200", "1500000"]),
    "all_special": st.booleans(),
    "something_returned": st.booleans(),
}
