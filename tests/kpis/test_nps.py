"""Net promoter score."""

from __future__ import annotations

import pytest

from tests.kpis.measured import measured, value
from tests.make import at, feedback, placed


def answers(*scores: int) -> list[dict[str, object]]:
    return [feedback("nps", at("03-10"), score, loose=True) for score in scores]


def test_half_promoters_a_tenth_detractors() -> None:
    kpi = measured(answers(9, 10, 9, 10, 9, 8, 7, 8, 7, 6), "nps")
    assert (str(kpi.value), kpi.n, kpi.unit) == ("40.0000", 10, "points")


@pytest.mark.parametrize(("score", "expected"), [(0, -100), (6, -100), (7, 0), (8, 0), (9, 100), (10, 100)])
def test_who_is_a_detractor_and_who_a_promoter(score: int, expected: int) -> None:
    assert value(answers(score), "nps") == f"{expected}.0000"


def test_the_last_answer_of_a_contact_about_an_order_counts() -> None:
    told = [feedback("nps", at(f"03-{day}"), score, contact="k") for day, score in ((10, 0), (20, 10))]
    assert value(told, "nps") == "100.0000"
    again = feedback("nps", at("03-21"), 0, contact=" K ")
    assert value([*told, again], "nps") == "-100.0000", "as mail addresses are one"
    nobody = [feedback("nps", at(f"03-{day}"), score) for day, score in ((10, 0), (20, 10))]
    assert measured(nobody, "nps").n == 1, "who does not say who they are is one contact of the order"


def test_answers_count_in_the_month_they_were_given() -> None:
    assert measured([feedback("nps", "2026-03-31T23:59:59-01:00", 9)], "nps").n == 0


def test_an_answer_given_again_after_the_period_no_longer_counts_in_it() -> None:
    """About an order; about none, each period has its own last answer."""
    asked = feedback("nps", at("03-11"), 10, contact="c"), feedback("nps", at("05-02"), 3, contact="c")
    assert measured([placed(), *asked], "nps").n == 0
    loose = [feedback("nps", time, 10, loose=True, contact="c") for time in (at("03-11"), at("05-02"))]
    assert measured(loose, "nps").n == 1
