"""Up to when each source has told all, and what an edition may say of a period."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from shared import tables
from shared.completeness import Source, arrived, behind, complete, sources
from shared.events.sources import SourceHeartbeat
from shared.history.resolve import in_force
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import journal
from tests import make, seen
from tests.worlds import worlds

if TYPE_CHECKING:
    from shared.store.engine import Store

Json = dict[str, Any]
MARCH = Period.month(2026, 3)
THREE_DAYS = timedelta(days=3)
FEWER = settings(max_examples=settings().max_examples // 3)


def tell(store: Store, *events: Json, as_of: datetime = make.LATER) -> None:
    record(store, make.raw(list(events)), as_of=as_of, rules=DEFAULTS)


def known(store: Store, as_of: datetime = make.LATER) -> dict[str, Source]:
    with store.reading() as connection:
        return {source.source: source for source in sources(connection, as_of)}


def marks(store: Store, as_of: datetime = make.LATER) -> dict[str, tuple[datetime, str]]:
    return {name: (source.watermark, source.by) for name, source in known(store, as_of).items()}


def test_a_watermark_is_what_a_source_says_else_its_last_event(store: Store) -> None:
    tell(store, make.placed(), make.placed(order_id="SO-2", source="crm"))
    tell(store, make.heartbeat(make.at("02-28"), make.at("03-03")))
    assert marks(store) == {
        "crm": (make.instant("03-01"), "events"),
        "erp": (make.instant("02-28"), "heartbeat"),
    }


def test_a_heartbeat_taken_back_was_never_said(store: Store) -> None:
    said = make.heartbeat(make.at("05-01"), make.at("05-01"))
    tell(store, said, make.heartbeat(make.at("04-01"), make.at("04-01")))
    tell(store, make.retracted(said, make.at("05-03")))
    before, after = (marks(store, make.instant(day))["erp"][0] for day in ("05-02", "05-03"))
    assert (before, after) == (make.instant("05-01"), make.instant("04-01"))


def test_what_lies_ahead_has_not_been_told_yet(store: Store) -> None:
    tell(
        store,
        make.placed(),
        make.delivered(1, make.at("08-01")),
        make.placed(source="crm", time=make.at("07-01")),
    )
    assert marks(store, make.instant("04-01")) == {"erp": (make.instant("03-01"), "events")}
    late = make.placed(order_id="SO-3", time=make.at("03-20"), recorded_at=make.at("06-01"))
    tell(store, late)
    days = [marks(store, make.instant(day))["erp"][0] for day in ("05-31", "06-01")]
    assert days == [make.instant("03-01"), make.instant("03-20")]


@pytest.mark.usefixtures("database")
@FEWER
@given(worlds(), st.randoms(use_true_random=False))
def test_sources_are_counted_once_whatever_the_batches(events: list[Json], dice: Any) -> None:
    told = [*events, *events]
    dice.shuffle(told)
    store = seen.opened()
    while told:
        batch, told = told[:7], told[7:]
        record(store, make.raw(batch), as_of=make.LATER, rules=DEFAULTS)
    expected: dict[str, tuple[int, datetime]] = {}
    with store.reading() as connection:
        for row in connection.execute(select(tables.journal)):
            count, last = expected.get(row.source, (0, row.time))
            expected[row.source] = (count + 1, max(last, row.time))
    found = known(store, make.instant("2199-01-01"))
    assert {name: (one.events, one.last_event) for name, one in found.items()} == expected
    store.close()


def test_a_repeat_shows_that_a_source_is_there(store: Store) -> None:
    event, later = make.placed(), make.LATER + timedelta(hours=1)
    tell(store, event)
    assert known(store)["erp"].received_at == make.LATER
    tell(store, event, as_of=later)
    again = known(store)["erp"]
    assert (again.received_at, again.events) == (later, 1)


@pytest.mark.parametrize(
    ("told", "silent"),
    [
        ([], "03-01"),
        ([make.heartbeat(make.at("03-05"), make.at("03-06"))], "03-06"),
        ([make.heartbeat(make.at("03-05"), make.at("03-08"))], None),
        ([make.heartbeat("2199-12-31T00:00:00Z", make.at("03-02"))], None),
        ([make.delivered(1, make.at("03-08"))], None),
        ([make.heartbeat(make.at("03-02"), make.at("03-02")), make.delivered(1, make.at("03-08"))], "03-02"),
    ],
    ids=["events", "beat", "lately", "for good", "event lately", "no beat lately"],
)
def test_who_is_silent(store: Store, told: list[Json], silent: str | None) -> None:
    tell(store, make.placed(), *told)
    as_of = make.instant("03-10")
    found = known(store, as_of)["erp"].silent_since(as_of, THREE_DAYS)
    assert found == (make.instant(silent) if silent else None)


def test_what_people_tell_is_of_no_source_that_could_have_told_all(store: Store) -> None:
    tell(store, make.placed(), make.heartbeat(make.at("04-02"), make.at("04-02")))
    line = {"draft_id": "D-1", "line": "So it was."}
    told = [make.drafted(make.at("03-05")), make.event("draft.confirmed", make.at("03-06"), line)]
    tell(store, *(event | {"source": "intranet"} for event in told))
    assert list(known(store)) == ["erp"]
    assert arrived(known(store).values(), MARCH, DEFAULTS)


def test_a_period_has_arrived_once_every_source_has_told_all_of_it(store: Store) -> None:
    end = make.at("04-01", "00:00")
    assert not arrived([], MARCH, DEFAULTS), "nobody has told anything"
    tell(store, make.placed(), make.heartbeat(end, end))
    assert arrived(known(store).values(), MARCH, DEFAULTS)
    tell(store, make.heartbeat(make.at("03-31", "23:59"), end, source="crm"))
    assert [one.source for one in behind(known(store).values(), MARCH, DEFAULTS)] == ["crm"]
    assert not arrived(known(store).values(), MARCH, DEFAULTS)


def test_a_period_is_complete_once_it_has_arrived_and_all_its_figures_are_final(store: Store) -> None:
    end = make.at("04-01", "00:00")
    tell(store, make.heartbeat(end, end))
    told, final_at = list(known(store).values()), make.instant("05-04", "00:00")
    moments = (final_at - timedelta(microseconds=1), final_at)
    assert [complete(told, MARCH, moment, DEFAULTS) for moment in moments] == [False, True]
    assert not complete([], MARCH, final_at, DEFAULTS)


def test_what_retracts_a_heartbeat_still_to_come_counts_against_its_correction(store: Store) -> None:
    beat = make.heartbeat(make.at("03-03"), make.at("03-03"))
    told = [beat, make.corrected(beat, make.at("03-01")), make.retracted(beat, make.at("03-01", "13:00"))]
    tell(store, *told)
    assert [one.by for one in known(store, make.instant("03-02")).values()] == ["events"]


def test_what_corrects_a_correction_that_lost_to_another_counts_for_nothing(store: Store) -> None:
    first, last = (make.heartbeat(make.at(day), make.at(day)) for day in ("03-01", "03-02"))
    lost, won = (make.corrected(first, make.at("03-01", hour)) for hour in ("13:00", "14:00"))
    tell(store, first, lost, won, make.corrected(lost, make.at("03-03")), last)
    assert known(store, make.instant("03-04"))["erp"].heard_at == make.instant("03-02")


STEPS = st.lists(
    st.tuples(st.sampled_from(("said", "corrected", "retracted")), st.integers(0, 9), st.integers(1, 28)),
    min_size=1,
    max_size=12,
)


@pytest.mark.usefixtures("database")
@FEWER
@given(STEPS, st.integers(1, 29))
def test_the_last_heartbeat_in_force_counts_whatever_was_corrected(
    steps: list[tuple[str, int, int]], known: int
) -> None:
    told: list[Json] = []
    for action, which, day in steps:
        when = make.at(f"03-{day:02}")
        if action == "said" or not told:
            told.append(make.heartbeat(when, when, source=("erp", "crm")[which % 2]))
        elif action == "corrected":
            told.append(make.corrected(told[which % len(told)], when))
        else:
            told.append(make.retracted(told[which % len(told)], when))
    as_of = make.instant("03-01") + timedelta(days=known)
    with closing(seen.recorded(told, make.LATER, DEFAULTS)) as store, store.reading() as connection:
        names = select(tables.journal.c.source, tables.journal.c.id)
        keys = [tuple(row) for row in connection.execute(names)]
        events = [each for each in journal.named(connection, keys).values() if each.known_at <= as_of]
        counting = [each for each in in_force(events) if isinstance(each.data, SourceHeartbeat)]
        last = {each.source: each for each in sorted(counting, key=lambda each: (each.time, each.id))}
        found = {each.source: each.heard_at for each in sources(connection, as_of) if each.by == "heartbeat"}
    assert found == {source: each.time for source, each in last.items()}
