"""How far a log must reach back is told in the days of the organisation, however the time was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shared.history.account import Account, is_first
from shared.rules import DEFAULTS

BERLIN = replace(DEFAULTS, zone=ZoneInfo("Europe/Berlin"))
SINCE_MARCH = Account("C-1", history_from=date(2024, 3, 1))


@pytest.mark.parametrize("placed", ["2026-03-01T00:30:00+01:00", "2026-02-28T23:30:00+00:00"])
def test_one_instant_has_one_day(placed: str) -> None:
    assert is_first(datetime.fromisoformat(placed), None, SINCE_MARCH, BERLIN) is True


def test_a_log_that_begins_a_day_late_is_unknown() -> None:
    late = replace(SINCE_MARCH, history_from=date(2024, 3, 2))
    assert is_first(datetime.fromisoformat("2026-03-01T12:00:00+01:00"), None, late, BERLIN) is None
