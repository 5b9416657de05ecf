"""When editions are due: once for each local day, whatever clocks and holidays do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.periods import Period
from shared.rules import DEFAULTS
from shared.schedules import WEEKDAYS, Schedule, days, due_at, next_due, period_told
from shared.settings import Settings

BERLIN = replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"), holidays=(date(2026, 1, 1), date(2026, 1, 2)))
MONTHLY = Schedule(edition="newsletter", workday=5)
WEEKLY = Schedule(edition="leadership", weekday="monday", at=time(7, 30))
NOWS = st.integers(0, 1_500_000).map(lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])


def test_the_fifth_working_day_leaves_out_weekends_and_holidays() -> None:
    found = list(days(MONTHLY, BERLIN, date(2026, 1, 1), date(2026, 3, 31)))
    assert found == [date(2026, 1, 9), date(2026, 2, 6), date(2026, 3, 6)]
    assert [period_told(MONTHLY, day).name for day in found] == ["2025-12", "2026-01", "2026-02"]


def test_a_week_tells_of_the_week_before() -> None:
    [day] = days(WEEKLY, BERLIN, date(2026, 1, 1), date(2026, 1, 7))
    assert (day, period_told(WEEKLY, day).name) == (date(2026, 1, 5), "2026-W01")
    assert due_at(WEEKLY, day, BERLIN) == datetime(2026, 1, 5, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        (date(2026, 3, 29), time(2, 30), "2026-03-29T01:30"),  # there is no 02:30: it is 03:30 then
        (date(2026, 10, 25), time(2, 30), "2026-10-25T00:30"),  # there are two: the first
        (date(2026, 10, 26), time(2, 30), "2026-10-26T01:30"),
    ],
)
def test_clocks_that_change_neither_lose_nor_double_a_run(day: date, at: time, due: str) -> None:
    schedule = Schedule(edition="newsletter", weekday=WEEKDAYS[day.weekday()], at=at)  # type: ignore[arg-type]
    assert due_at(schedule, day, BERLIN) == datetime.fromisoformat(f"{due}+00:00")


@given(
    ZONES,
    st.integers(1, 15),
    st.times(),
    st.sets(st.dates(date(2025, 12, 1), date(2027, 1, 31)), max_size=40),
)
def test_any_month_has_one_run_on_a_working_day(
    zone: str, number: int, at: time, holidays: set[date]
) -> None:
    rules = replace(DEFAULTS, zone=ZoneInfo(zone), holidays=tuple(sorted(holidays)))
    schedule = Schedule(edition="newsletter", workday=number, at=at)
    found = list(days(schedule, rules, date(2026, 1, 1), date(2026, 12, 31)))
    assert [day.month for day in found] == list(range(1, 13))
    for day in found:
        month = Period.of(day, "month")
        before = [month.start + timedelta(days=n) for n in range((day - month.start).days)]
        worked = sum(map(rules.works_on, before))
        assert (rules.works_on(day) and worked == number - 1) or day == month.end - timedelta(days=1)


@given(ZONES, st.sampled_from(WEEKDAYS), st.times(), NOWS)
def test_any_next_run_is_the_first_after_now(zone: str, weekday: Any, at: time, now: datetime) -> None:
    rules = replace(DEFAULTS, zone=ZoneInfo(zone))
    schedule = Schedule(edition="newsletter", weekday=weekday, at=at)
    due = next_due(schedule, now, rules)
    assert now < due <= now + timedelta(days=8, hours=1)
    around = days(schedule, rules, now.date() - timedelta(days=2), now.date() + timedelta(days=12))
    assert due == min(moment for day in around if (moment := due_at(schedule, day, rules)) > now)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"workday": 3, "weekday": "monday"},
        {"workday": 0},
        {"weekday": "noday"},
        {"workday": 5, "at": "8h"},
        {"workday": 5, "at": "08:00+02:00"},
    ],
)
def test_what_is_no_schedule_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Schedule.model_validate({"edition": "newsletter", **wrong})


def test_a_schedule_of_a_period_that_an_edition_is_not_made_of_is_refused() -> None:
    with pytest.raises(ValidationError, match="newsletter is not made of a week"):
        Settings(schedules={"weekly": {"edition": "newsletter", "weekday": "monday"}})  # type: ignore[dict-item]
