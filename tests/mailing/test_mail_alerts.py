"""Alerts: whoever looks after Tandem is told once of each fact, with what to do, and never by the hour."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, get_args

import pytest

from services.publisher.clock import tick
from services.publisher.single import hand_over
from shared.alerting import Alert, Kind, letter, tell, watch
from shared.editing import Desk
from shared.languages import languages
from shared.mailing.deciding import pause, settle
from shared.people.model import Person
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.schedules import Schedule
from shared.store import alerts, bounces, ledger, sendings
from tests.desk import EDITOR, hand_in
from tests.mailing.world import EDITION, listed

if TYPE_CHECKING:
    from tests.mailing.relay import Relay
    from tests.mailing.world import World

STAFF = (
    b"person_id,email,name,department,roles\n"
    b"e-1,editor@example.com,Ed,management,editor\na-1,admin@example.com,Ada,management,administrator\n"
)
STORM = 3


@pytest.fixture
def watched(world: World, relay: Relay) -> World:
    world.people(listed(1))
    world.people(STAFF)
    world.to(relay)
    return world


def told(world: World) -> bool:
    """Watch and tell, as a publisher does."""
    watch(world.store, world.now, STORM)
    return tell(world.store, world.chosen, world.now, partial(hand_over, world.chosen, world.store))


def subjects(relay: Relay) -> list[tuple[str, str]]:
    return sorted(
        (to, str(mail["Subject"])) for (_, to, _), mail in zip(relay.taken, relay.mails, strict=True)
    )


def standing(world: World) -> list[tuple[str, str]]:
    with world.store.reading() as connection:
        return [(row.kind, row.about) for row in alerts.listed(connection)]


def doubtful(world: World) -> str:
    world.freeze(1)
    with world.store.noting() as connection:
        [row] = ledger.claim(connection, EDITION, world.now, timedelta(minutes=1), 1)
        start = ledger.Start(ledger.Held(row.mail_id, row.attempt), b"")
        ledger.start(connection, [start], world.now, timedelta(minutes=1))
        ledger.expire(connection, world.now + timedelta(hours=1))
    return str(row.mail_id)


def test_each_who_looks_after_it_is_told_once_until_it_is_over(watched: World, relay: Relay) -> None:
    mail_id = doubtful(watched)
    for _ in range(3):
        assert told(watched)
        watched.later(hours=1)
    both = ["admin@example.com", "editor@example.com"]
    assert subjects(relay) == [(to, f"Tandem: Doubtful mails: {EDITION}") for to in both]
    assert f"tandem mail list {EDITION} --state doubtful" in str(relay.mails[0].get_body(("plain",)))
    settle(watched.store, mail_id, watched.now, who="editor", delivered=True)
    told(watched)
    assert standing(watched) == []
    assert len(relay.taken) == 2


def test_what_comes_again_is_told_again(watched: World, relay: Relay) -> None:
    watched.freeze(1)
    for _ in range(2):
        with watched.store.noting() as connection:
            sendings.move(connection, EDITION, "stopped", "554 no", "sending")
        told(watched)
        with watched.store.noting() as connection:
            sendings.move(connection, EDITION, "sending", "", "stopped")
        told(watched)
    assert len(relay.taken) == 4


def test_a_pause_that_a_person_wanted_is_no_alert(watched: World) -> None:
    watched.freeze(1)
    pause(watched.store, EDITION, watched.now, who="editor")
    told(watched)
    assert standing(watched) == []
    with watched.store.noting() as connection:
        sendings.move(connection, EDITION, "paused", "it is late: decide", "paused")
    told(watched)
    assert standing(watched) == [("held", EDITION)]


def test_mails_that_are_lost_are_told(watched: World) -> None:
    watched.freeze(2)
    with watched.store.noting() as connection:
        connection.exec_driver_sql("DELETE FROM mails WHERE mail_id = 'm-1'")
    told(watched)
    assert standing(watched) == [("short", EDITION)]


def test_a_relay_that_is_away_is_asked_again_and_nobody_is_told_twice(watched: World, relay: Relay) -> None:
    doubtful(watched)
    relay.at_rcpt = lambda to: "250 OK" if to.startswith("admin") else "451 later"
    assert not told(watched)
    relay.at_rcpt = lambda _: "250 OK"
    assert told(watched)
    assert relay.recipients == {"admin@example.com": 1, "editor@example.com": 1}


def test_a_storm_of_bounces_is_told_once_a_day(watched: World, relay: Relay) -> None:
    for number in range(STORM):
        row = {"mail_id": f"m-{number}", "kind": "soft", "at": watched.now, "person_id": "p-1"}
        with watched.store.noting() as connection:
            bounces.add(connection, row | {"address": b"a", "status": "4.2.2", "said": ""})
            bounces.refuse(connection, watched.now.date())
    day = watched.now.date().isoformat()
    for _ in range(3):
        told(watched)
        watched.later(hours=2)
    assert standing(watched) == [("forged", day)]
    assert len(relay.taken) == 4


def runs_of(world: World, **more: object) -> None:
    world.settings["schedules"] = {"monthly": Schedule(edition="newsletter", workday=5, **more)}  # type: ignore[arg-type]
    world.now = world.now.replace(day=1)
    tick(world.store, world.chosen, world.now)
    world.now = world.now.replace(day=7)
    tick(world.store, world.chosen, world.now)
    told(world)


def test_late_data_is_told_while_it_is_waited_for(watched: World) -> None:
    runs_of(watched)
    assert standing(watched) == [("data_late", "monthly 2026-05-07")]


def test_what_cannot_be_composed_is_told_with_the_reason(watched: World, relay: Relay) -> None:
    watched.people(STAFF.replace(b",editor\n", b",auditor\n"))
    watched.settings["schedule_patience_hours"] = 0
    runs_of(watched)
    assert standing(watched) == [("not_composed", "monthly 2026-05-07")]
    assert "Nobody has the role editor" in str(relay.mails[0].get_body(("plain",)))


def test_an_edition_that_waits_for_its_release_is_told(watched: World, relay: Relay) -> None:
    watched.settings["schedule_patience_hours"] = 0
    runs_of(watched, review=True)
    assert subjects(relay)[0] == ("admin@example.com", f"Tandem: Waits for your release: {EDITION}")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", get_args(Kind))
def test_every_alert_says_what_to_do_and_shows_what_came_in_as_text(
    world: World, kind: Kind, language: str
) -> None:
    reader = Person("e-1", "e@example.com", "Ed", "management", language)
    alert = Alert(kind, "<b>monthly</b> 2026-05-07", "<script>1</script>")
    made = letter(world.chosen, alert, reader)
    assert "tandem " in made.text
    assert "<script>" not in made.html
    assert "<b>" not in made.html
    assert "\n" not in made.subject


def test_who_says_that_it_was_not_them_is_told_to_editors_once_each_time(
    watched: World, relay: Relay
) -> None:
    about = hand_in(watched.store, watched.now)
    at_the_desk = Desk(watched.store, watched.now, DEFAULTS)
    for _ in range(2):
        at_the_desk.dispute(about, Actor("p-sales"), "It was Jonas")
        assert told(watched)
        assert told(watched)
    assert subjects(relay) == [("editor@example.com", "Tandem: “It was not me”: A crate too tall to fly")] * 2
    assert about in relay.mails[0].get_body(("plain",)).get_content()
    at_the_desk.comment(about, EDITOR, "I ask Jonas")
    told(watched)
    assert standing(watched) == []
