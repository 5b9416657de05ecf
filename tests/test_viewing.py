"""Answers as of an instant: as if the projections had been built then."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.viewing import view
from tests import make, seen

if TYPE_CHECKING:
    from datetime import datetime

    from shared.store.engine import Store

FINAL_AT = make.instant("04-11", "00:00")  # delivered on 11 March, 30 days for returns, then midnight
MOMENT = timedelta(microseconds=1)


def tell(store: Store, events: list[dict[str, Any]], as_of: datetime = make.LATER) -> None:
    record(store, make.raw(events), as_of=as_of, rules=DEFAULTS)


def statuses(store: Store, as_of: datetime) -> list[str]:
    with view(store, as_of, DEFAULTS) as connection:
        return [win.status(as_of) for win in seen.wins(connection)]


@pytest.mark.parametrize("built_at", [make.instant("03-01"), make.instant("03-20"), make.LATER])
def test_a_win_passes_through_its_states_by_time_alone(store: Store, built_at: datetime) -> None:
    tell(store, make.win(), built_at)
    assert statuses(store, make.instant("03-11", "11:59")) == []
    assert statuses(store, make.instant("03-11")) == ["provisional"]
    assert statuses(store, FINAL_AT - MOMENT) == ["provisional"]
    assert statuses(store, FINAL_AT) == ["final"]


def test_what_was_recorded_late_did_not_exist_before(store: Store) -> None:
    complaint = make.feedback("complaint", make.at("03-12"), recorded_at=make.at("06-01"))
    tell(store, [*make.win(), complaint])
    assert statuses(store, make.instant("06-01", "11:59")) == ["final"]
    assert statuses(store, make.instant("06-01")) == ["revoked"]


def test_what_lies_ahead_takes_effect_when_its_time_comes(store: Store) -> None:
    tell(store, [*make.win(), make.feedback("complaint", make.at("06-01"))], make.instant("05-01"))
    assert statuses(store, make.instant("05-01")) == ["final"]
    tell(store, [], make.instant("07-01"))
    assert statuses(store, make.instant("07-01")) == ["revoked"]
    tell(store, [], make.instant("05-01"))
    assert statuses(store, make.instant("05-01")) == ["final"]


def test_figures_as_of_an_instant(store: Store) -> None:
    tell(store, [make.placed(), make.delivered(100, make.at("03-14"))])
    shown = []
    for day in ("03-13", "03-14"):
        as_of = make.instant(day, "23:59")
        with view(store, as_of, DEFAULTS) as connection:
            figures = seen.figures(connection, Period.month(2026, 3), as_of, DEFAULTS)
        shown.append(figures["in_full", "requested"])
    assert shown == [(0, 0), (1, 1)]


def test_final_at_is_midnight_where_the_organisation_is(store: Store) -> None:
    rules = replace(DEFAULTS, zone=ZoneInfo("Asia/Tokyo"))
    record(store, make.raw(make.win()), as_of=make.LATER, rules=rules)
    with store.reading() as connection:
        (win,) = seen.wins(connection)
    assert win.final_at == make.instant("04-11", "00:00", "+09:00")


def test_an_overdue_line_becomes_a_miss_at_the_instant_and_not_before(store: Store) -> None:
    tell(store, [make.placed()])
    end = make.instant("03-14", "00:00")
    with store.reading() as connection:
        counts = [
            seen.figures(connection, Period.month(2026, 3), as_of, DEFAULTS)["otif", "requested"]
            for as_of in (end - MOMENT, end)
        ]
    assert counts == [(0, 0), (0, 1)]
