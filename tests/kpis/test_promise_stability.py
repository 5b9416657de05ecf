"""Promises that we never moved."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import at, confirmed, delivered, placed, promised

ORDER = [placed(), confirmed(), delivered(100, at("03-14"))]


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], "100.0000"),
        ([promised("2026-03-14", at("03-11"))], "0.0000"),
        ([promised("2026-03-11", at("03-10"))], "100.0000"),
        ([promised("2026-03-14", at("03-11"), initiator="customer")], "100.0000"),
        ([promised("2026-03-14", at("03-11"), initiator="supplier")], "0.0000"),
        ([confirmed("2026-03-13", at("03-11"))], "0.0000"),
    ],
)
def test_a_later_day_that_the_customer_did_not_ask_for(moves: list[dict[str, object]], expected: str) -> None:
    assert value([*ORDER, *moves], "promise_stability", "first_commit") == expected


def test_a_promise_broken_without_a_word_was_never_moved() -> None:
    kpi = measured(ORDER, "promise_stability", "first_commit")
    assert (str(kpi.value), kpi.n, value(ORDER, "otif", "first_commit")) == ("100.0000", 1, "0.0000")


def test_nothing_promised_is_no_data() -> None:
    assert measured([placed()], "promise_stability", "first_commit").status == "no_data"
