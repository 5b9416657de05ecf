"""An edition from waiting to archived: each step seen, held and gone on with, and the counts add up."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from services.publisher.clock import tick
from shared.mailing.deciding import pause, resume, settle, stop
from shared.mailing.post import MailError
from shared.mailing.scheduling import confirm
from shared.mailing.steps import Progress, progress
from shared.recording import record
from shared.rules import DEFAULTS
from shared.schedules import Schedule
from shared.store import ledger, sendings
from tests import make
from tests.mailing.world import EDITION, listed

if TYPE_CHECKING:
    from tests.mailing.relay import Relay
    from tests.mailing.world import World

EDITOR = b"person_id,email,name,department,roles\ne-1,editor@example.com,Ed,management,editor\n"
LATE = timedelta(hours=48)


@pytest.fixture
def scheduled(world: World, relay: Relay) -> World:
    """On the morning on which the newsletter is due, before its data is there."""
    world.people(listed(2))
    world.people(EDITOR)
    world.to(relay, schedules={"monthly": Schedule(edition="newsletter", workday=5)})
    world.now = world.now.replace(day=1)
    tick(world.store, world.chosen, world.now)
    world.now = world.now.replace(day=7)
    tick(world.store, world.chosen, world.now)
    return world


def now(world: World) -> Progress:
    with world.store.reading() as connection:
        return next(each for each in progress(connection) if each.edition_id == EDITION)


def go(world: World) -> str:
    tick(world.store, world.chosen, world.now)
    found = now(world)
    assert found.adds_up
    return found.step


def held_and_gone_on(world: World) -> None:
    """Whatever step it is at, a pause holds it there, and nothing leaves until it is resumed."""
    before = [row.state for row in world.mails()]
    pause(world.store, EDITION, world.now, who="ed")
    go(world)
    world.send(EDITION)
    assert "by ed" in now(world).held
    assert [row.state for row in world.mails()] == before
    resume(world.store, EDITION, world.now, LATE, who="ed")


def data_comes(world: World) -> None:
    beat = make.event("source.heartbeat", make.at("05-02"), {"complete_until": make.at("05-02")})
    record(world.store, make.raw([beat]), as_of=make.LATER, rules=DEFAULTS)


def test_every_step_is_seen_and_can_be_held(scheduled: World, relay: Relay) -> None:
    assert go(scheduled) == "waiting"
    held_and_gone_on(scheduled)
    data_comes(scheduled)
    assert go(scheduled) == "in_review"
    held_and_gone_on(scheduled)
    assert go(scheduled) == "in_review"
    confirm(scheduled.store, "monthly", scheduled.now, who="ed")
    assert now(scheduled).step == "approved"
    assert go(scheduled) == "released"
    held_and_gone_on(scheduled)
    relay.at_rcpt = lambda to: "451 later" if to.startswith("p2") else "250 OK"
    scheduled.send()
    assert go(scheduled) == "sending"
    held_and_gone_on(scheduled)
    relay.at_rcpt = lambda _: "250 OK"
    scheduled.later(minutes=2)
    scheduled.send()
    assert go(scheduled) == "completed"
    assert relay.recipients["p1@example.com"] == 1
    scheduled.later(days=30)
    assert go(scheduled) == "completed"
    scheduled.later(days=1)
    assert go(scheduled) == "archived"
    assert {row.recipient for row in scheduled.mails("sent")} == {None}
    assert dict(now(scheduled).counts)["sent"] == 3


def test_what_is_stopped_before_its_release_never_comes(scheduled: World, relay: Relay) -> None:
    assert stop(scheduled.store, EDITION, scheduled.now, who="ed") == 0
    data_comes(scheduled)
    for _ in range(2):
        assert go(scheduled) == "skipped"
    scheduled.send()
    assert relay.taken == []
    with pytest.raises(MailError):
        resume(scheduled.store, EDITION, scheduled.now, LATE, who="ed")


def test_a_doubtful_mail_keeps_its_edition_out_of_the_archive(world: World) -> None:
    world.freeze(1)
    with world.store.noting() as connection:
        [row] = ledger.claim(connection, EDITION, world.now, timedelta(minutes=1), 1)
        ledger.start(
            connection, [ledger.Start(ledger.Held(row.mail_id, 1), b"")], world.now, timedelta(minutes=1)
        )
        ledger.expire(connection, world.now + timedelta(hours=1))
        sendings.complete(connection, world.now)
    world.later(days=100)
    tick(world.store, world.chosen, world.now)
    assert world.sending().state == "completed"
    settle(world.store, row.mail_id, world.now, who="ed", delivered=True)
    tick(world.store, world.chosen, world.now)
    assert world.sending().state == "archived"
