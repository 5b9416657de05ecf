"""The clock, driven: each run once, however often it ticks, waits, is late, or meets another publisher."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from services.publisher.clock import tick
from shared.editions.brand import Brand
from shared.mailing import scheduling
from shared.mailing.post import MailError
from shared.mailing.releasing import release
from shared.mailing.scheduling import confirm, decide
from shared.projecting.built import mark
from shared.recording import record
from shared.replaying import judge_anew
from shared.rules import DEFAULTS
from shared.schedules import Schedule
from shared.store import runs
from tests import make
from tests.mailing.world import listed

if TYPE_CHECKING:
    from tests.mailing.relay import Relay
    from tests.mailing.world import World

MONTHLY = Schedule(edition="newsletter", workday=5)
EDITOR = b"person_id,email,name,department,roles\ne-1,editor@example.com,Ed,management,editor\n"
APRIL_DAY = date(2026, 5, 7)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


@pytest.fixture
def scheduled(world: World, relay: Relay) -> World:
    world.people(listed(2))
    world.people(EDITOR)
    world.to(relay, schedules={"monthly": MONTHLY})
    world.now = at("2026-04-20T12:00")
    tick(world.store, world.chosen, world.now)
    return world


def told_all(world: World, until: str) -> None:
    beat = make.event("source.heartbeat", until, {"complete_until": until})
    record(world.store, make.raw([beat]), as_of=make.LATER, rules=DEFAULTS)


def go(world: World, now: str) -> None:
    """Tick and send as a publisher does."""
    world.now = at(now)
    tick(world.store, world.chosen, world.now)
    world.send()
    tick(world.store, world.chosen, world.now)


def states(world: World) -> dict[str, str]:
    with world.store.reading() as connection:
        return {run.period: run.state for run in runs.listed(connection)}


def note(world: World) -> str:
    with world.store.reading() as connection:
        return str(runs.listed(connection)[-1].note)


def test_nothing_runs_before_it_is_due_or_from_before_it_was_set(scheduled: World) -> None:
    go(scheduled, "2026-05-07T07:59")
    assert states(scheduled) == {}


def test_it_waits_for_data_and_then_goes_as_provisional(scheduled: World, relay: Relay) -> None:
    go(scheduled, "2026-05-07T08:00")
    assert (states(scheduled), relay.taken) == ({"2026-04": "waiting"}, [])
    assert "first source" in note(scheduled)
    told_all(scheduled, make.at("04-20"))
    go(scheduled, "2026-05-07T09:00")
    assert "waits for erp" in note(scheduled)
    go(scheduled, "2026-05-08T08:00")
    assert states(scheduled) == {"2026-04": "proof"}
    assert "provisional" in note(scheduled)


def test_it_waits_until_all_is_judged_by_the_rules_of_now(scheduled: World) -> None:
    """However long: an edition of wins by other rules would be wrong, a late one is late."""
    told_all(scheduled, make.at("05-02"))
    rules = scheduled.chosen.rules
    with scheduled.store.writing() as connection:
        mark(connection, make.LATER, replace(rules, late_tolerance_days=2))
    for now in ("2026-05-07T08:00", "2026-05-09T08:00"):
        go(scheduled, now)
        assert states(scheduled) == {"2026-04": "waiting"}
        assert "judged by the rules of now" in note(scheduled)
    judge_anew(scheduled.store, clock=lambda: make.LATER, rules=rules)
    go(scheduled, "2026-05-09T08:01")
    assert states(scheduled) == {"2026-04": "proof"}


def test_the_first_run_goes_to_editors_alone_until_someone_confirms(scheduled: World, relay: Relay) -> None:
    told_all(scheduled, make.at("05-02"))
    go(scheduled, "2026-05-07T08:00")
    go(scheduled, "2026-05-07T08:01")
    assert relay.recipients == {"editor@example.com": 1}
    assert relay.mails[0]["Subject"].startswith("Proof: ")
    confirm(scheduled.store, "monthly", scheduled.now, who="test")
    go(scheduled, "2026-05-07T08:02")
    assert states(scheduled) == {"2026-04": "completed"}
    assert relay.recipients == {"editor@example.com": 2, "p1@example.com": 1, "p2@example.com": 1}
    with pytest.raises(MailError, match="already"):
        confirm(scheduled.store, "monthly", scheduled.now, who="test")


def test_without_an_editor_the_first_run_waits_and_says_so(world: World, relay: Relay) -> None:
    world.people(listed(2))
    world.to(relay, schedules={"monthly": MONTHLY})
    world.now = at("2026-04-20T12:00")
    tick(world.store, world.chosen, world.now)
    told_all(world, make.at("05-02"))
    go(world, "2026-05-07T08:00")
    assert (states(world), relay.taken) == ({"2026-04": "waiting"}, [])
    assert "role editor" in note(world)


def test_with_review_an_editor_releases_it(scheduled: World, relay: Relay) -> None:
    scheduled.settings["schedules"] = {"monthly": MONTHLY.model_copy(update={"review": True})}
    told_all(scheduled, make.at("05-02"))
    go(scheduled, "2026-05-07T08:00")
    go(scheduled, "2026-05-07T12:00")
    assert (states(scheduled), relay.taken) == ({"2026-04": "review"}, [])
    release(scheduled.store, "newsletter-2026-04", Brand(), scheduled.chosen.post, scheduled.now)
    go(scheduled, "2026-05-07T12:01")
    assert states(scheduled) == {"2026-04": "completed"}
    assert sum(relay.recipients.values()) == 3


def test_what_is_too_late_waits_for_a_decision(scheduled: World, relay: Relay) -> None:
    told_all(scheduled, make.at("05-02"))
    go(scheduled, "2026-05-10T08:00")
    go(scheduled, "2026-05-10T08:01")
    assert (states(scheduled), relay.taken) == ({"2026-04": "late"}, [])
    decide(scheduled.store, "monthly", APRIL_DAY, scheduled.now, who="test", go=True)
    go(scheduled, "2026-05-10T08:02")
    assert states(scheduled) == {"2026-04": "proof"}
    decide(scheduled.store, "monthly", APRIL_DAY, scheduled.now, who="test", go=False)
    go(scheduled, "2026-05-10T08:03")
    assert states(scheduled) == {"2026-04": "skipped"}
    for day in (APRIL_DAY, date(2026, 5, 6)):
        with pytest.raises(MailError, match="schedule list"):
            decide(scheduled.store, "monthly", day, scheduled.now, who="test", go=True)


def test_after_a_short_time_away_it_makes_up_for_it(scheduled: World, relay: Relay) -> None:
    told_all(scheduled, make.at("05-02"))
    confirm(scheduled.store, "monthly", scheduled.now, who="test")
    go(scheduled, "2026-05-08T20:00")
    assert states(scheduled) == {"2026-04": "completed"}
    assert sum(relay.recipients.values()) == 3


def test_a_stopped_sending_is_told_with_its_run(scheduled: World, relay: Relay) -> None:
    told_all(scheduled, make.at("05-02"))
    confirm(scheduled.store, "monthly", scheduled.now, who="test")
    relay.at_mail = lambda _: "554 no"
    go(scheduled, "2026-05-07T08:00")
    assert states(scheduled) == {"2026-04": "released"}
    assert "554" in note(scheduled)


def test_a_clock_that_jumps_back_runs_nothing_again(scheduled: World, relay: Relay) -> None:
    told_all(scheduled, make.at("05-02"))
    confirm(scheduled.store, "monthly", scheduled.now, who="test")
    for now in ("2026-05-07T08:00", "2026-05-07T07:00", "2026-05-01T00:00", "2026-05-07T08:30"):
        go(scheduled, now)
    assert states(scheduled) == {"2026-04": "completed"}
    assert set(relay.recipients.values()) == {1}


def test_two_publishers_at_once_run_and_send_everything_once(scheduled: World, relay: Relay) -> None:
    told_all(scheduled, make.at("05-02"))
    confirm(scheduled.store, "monthly", scheduled.now, who="test")
    scheduled.now = at("2026-05-07T08:00")

    async def one() -> None:
        for _ in range(3):
            await asyncio.to_thread(tick, scheduled.store, scheduled.chosen, scheduled.now)
            await scheduled.sender().run()

    async def both() -> None:
        await asyncio.gather(one(), one())

    asyncio.run(both())
    assert states(scheduled) == {"2026-04": "completed"}
    assert set(relay.recipients.values()) == {1}


def put(world: World, schedule: Schedule, name: str = "own") -> None:
    scheduling.put(world.store, world.chosen.schedules, name, schedule, world.now, who="e-1")


def seen(world: World) -> dict[str, str]:
    with world.store.reading() as connection:
        return {f"{run.schedule} {run.edition}-{run.period}": run.state for run in runs.listed(connection)}


def test_a_schedule_that_people_set_runs_beside_those_of_the_settings(scheduled: World) -> None:
    told_all(scheduled, make.at("05-02"))
    put(scheduled, Schedule(edition="leadership", workday=5, review=True))
    go(scheduled, "2026-05-07T08:00")
    assert seen(scheduled) == {"monthly newsletter-2026-04": "proof", "own leadership-2026-04": "review"}
    with pytest.raises(MailError, match="TANDEM_SCHEDULES"):
        put(scheduled, MONTHLY, "monthly")
    with pytest.raises(MailError, match="such as month"):
        put(scheduled, MONTHLY, "Ours!")
    with pytest.raises(MailError, match='not made of a week; write "workday"'):
        put(scheduled, Schedule(edition="newsletter", weekday="monday"))
    with pytest.raises(MailError, match="no edition 'gossip'"):
        put(scheduled, Schedule(edition="gossip", workday=5))


def test_another_day_is_no_new_schedule_but_another_edition_is(world: World, relay: Relay) -> None:
    world.people(listed(2))
    world.people(EDITOR)
    world.to(relay)
    told_all(world, make.at("05-02"))
    world.now = at("2026-04-20T12:00")
    put(world, MONTHLY)
    go(world, "2026-05-07T08:00")
    confirm(world.store, "own", world.now, who="e-1")
    put(world, MONTHLY.model_copy(update={"workday": 6}))
    go(world, "2026-05-08T08:00")
    assert seen(world) == {"own newsletter-2026-04": "completed"}
    assert relay.recipients == {"editor@example.com": 2, "p1@example.com": 1, "p2@example.com": 1}
    put(world, Schedule(edition="leadership", workday=7))
    go(world, "2026-05-11T08:00")
    assert seen(world)["own leadership-2026-04"] == "proof"


def test_what_was_due_before_a_schedule_was_set_is_not_made_up_for(world: World, relay: Relay) -> None:
    world.people(EDITOR)
    world.to(relay)
    told_all(world, make.at("05-02"))
    world.now = at("2026-05-07T08:01")
    put(world, MONTHLY)
    go(world, "2026-05-07T08:02")
    assert seen(world) == {}


def test_a_removed_schedule_leaves_out_what_waits_and_is_new_when_it_comes_back(
    world: World, relay: Relay
) -> None:
    world.people(listed(1))
    world.people(EDITOR)
    world.to(relay)
    told_all(world, make.at("05-02"))
    world.now = at("2026-04-20T12:00")
    put(world, MONTHLY)
    go(world, "2026-05-07T08:00")
    scheduling.remove(world.store, {}, "own", world.now, who="e-1")
    go(world, "2026-05-07T09:00")
    assert seen(world) == {"own newsletter-2026-04": "skipped"}
    assert relay.recipients == {"editor@example.com": 1}
    for name, fixed, said in (("own", {}, "no schedule own"), ("own", {"own": MONTHLY}, "TANDEM_SCHEDULES")):
        with pytest.raises(MailError, match=said):
            scheduling.remove(world.store, fixed, name, world.now, who="e-1")
    put(world, MONTHLY)
    told_all(world, make.at("06-02"))
    go(world, "2026-06-05T08:00")
    assert seen(world)["own newsletter-2026-05"] == "proof"


def test_mails_on_their_way_go_on_without_their_schedule(world: World, relay: Relay) -> None:
    world.people(listed(1))
    world.to(relay)
    told_all(world, make.at("05-02"))
    world.now = at("2026-04-20T12:00")
    put(world, MONTHLY)
    with world.store.noting() as connection:
        runs.confirm(connection, "own", world.now)
    world.now = at("2026-05-07T08:00")
    tick(world.store, world.chosen, world.now)
    assert seen(world) == {"own newsletter-2026-04": "released"}
    scheduling.remove(world.store, {}, "own", world.now, who="e-1")
    go(world, "2026-05-07T08:01")
    assert seen(world) == {"own newsletter-2026-04": "completed"}
    assert relay.recipients == {"p1@example.com": 1}
