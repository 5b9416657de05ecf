"""Over one connection mails are begun ahead: whatever comes between, those that did not go are given back."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING

import pytest

from services.publisher import line
from shared.mailing import deciding
from shared.people.choosing import erase, prefer
from tests.databases import url_of
from tests.mailing import sending
from tests.mailing.relay import DROP, YES
from tests.mailing.world import EDITION, listed

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.mailing.relay import Relay
    from tests.mailing.world import World

PEOPLE, TURN, BEGUN, KILLED = 30, 8, 5, 137
ALL = {f"p{n}@example.com": 1 for n in range(1, PEOPLE + 1)}


@pytest.fixture
def many(world: World, relay: Relay, monkeypatch: pytest.MonkeyPatch) -> World:
    """An edition to be sent over one connection; however busy this machine is, the relay is quick."""
    monkeypatch.setattr(line, "_QUICK", 60.0)
    world.people(listed(PEOPLE))
    world.to(relay, smtp_connections=1)
    world.release()
    return world


def at_turn(relay: Relay, happens: Callable[[], object], said: str = YES, turn: int = TURN) -> None:
    """Have something happen when a mail in the middle is handed over, and the relay say this of it."""

    turns = count(1)

    def say(_: str) -> str:
        if next(turns) == turn:
            happens()
            return said
        return YES

    relay.at_data = say


def send_the_rest(world: World, relay: Relay) -> None:
    relay.at_data = lambda _: YES
    world.later(minutes=1)
    world.send()


def test_everyone_gets_it_once_and_mails_are_begun_ahead(many: World, relay: Relay) -> None:
    most = []
    relay.at_data = lambda _: most.append(many.states().get("started", 0)) or YES
    many.send()
    assert relay.recipients == ALL
    assert many.states() == {"sent": PEOPLE}
    assert {mail.attempt for mail in many.mails()} == {1}
    assert 1 < max(most) <= BEGUN


def test_told_to_stop_it_gives_back_what_was_begun_ahead(many: World, relay: Relay) -> None:
    run = many.sender()
    at_turn(relay, run.stop)
    many.run(run)
    assert len(relay.taken) == TURN
    assert many.states() == {"sent": TURN, "queued": PEOPLE - TURN}
    send_the_rest(many, relay)
    assert relay.recipients == ALL


@pytest.mark.parametrize("edition_id", [None, EDITION])
def test_a_pause_holds_what_has_not_begun_and_gives_back_the_rest(
    many: World, relay: Relay, edition_id: str | None
) -> None:
    at_turn(relay, lambda: deciding.pause(many.store, edition_id, many.now, who="test"))
    many.send()
    assert TURN <= len(relay.taken) < TURN + BEGUN
    assert many.states() == {"sent": len(relay.taken), "queued": PEOPLE - len(relay.taken)}
    deciding.resume(many.store, edition_id, many.now, timedelta(days=1), who="test")
    send_the_rest(many, relay)
    assert relay.recipients == ALL


def test_a_fault_that_stops_the_edition_lets_none_of_them_go(many: World, relay: Relay) -> None:
    at_turn(relay, lambda: None, "554 we do not like you")
    many.send()
    assert (len(relay.taken), many.sending().state) == (TURN - 1, "stopped")
    assert many.states() == {"sent": TURN - 1, "retry": 1, "queued": PEOPLE - TURN}
    deciding.resume(many.store, EDITION, many.now, timedelta(days=1), who="test")
    send_the_rest(many, relay)
    assert relay.recipients == ALL


@pytest.mark.parametrize("turn", [TURN, PEOPLE - 3])
def test_what_was_begun_too_long_ago_is_begun_anew(many: World, relay: Relay, turn: int) -> None:
    """Also where nothing else is due any more."""
    at_turn(relay, lambda: many.later(seconds=2), turn=turn)
    many.send()
    assert relay.recipients == ALL
    assert many.states() == {"sent": PEOPLE}
    assert {mail.attempt for mail in many.mails()} == {1, 2}


def test_a_lost_connection_leaves_one_doubtful_and_the_others_go(many: World, relay: Relay) -> None:
    at_turn(relay, lambda: None, DROP)
    many.send()
    assert many.states() == {"sent": PEOPLE - 1, "doubtful": 1}


def test_a_refused_recipient_among_them_fails_alone_and_one_put_off_is_tried_again(
    many: World, relay: Relay
) -> None:
    said = {"p10@example.com": "550 no such user", "p20@example.com": "450 later"}
    relay.at_rcpt = lambda to: said.get(to, YES)
    many.send()
    assert many.states() == {"sent": PEOPLE - 2, "failed": 1, "retry": 1}
    relay.at_rcpt = lambda _: YES
    send_the_rest(many, relay)
    assert relay.recipients == {to: 1 for to in ALL if to != "p10@example.com"}


@pytest.mark.parametrize("reason", ["unsubscribed", "erased", "given up by test"])
def test_who_wants_it_no_more_while_it_was_begun_does_not_get_it_later(
    many: World, relay: Relay, reason: str
) -> None:
    """What comes back, since a stop came between or the relay put it off, is not queued again."""
    run = many.sender()

    def leave() -> None:
        if reason == "given up by test":
            deciding.stop(many.store, EDITION, many.now, who="test")
        for mail in many.mails():
            if reason == "unsubscribed":
                never = {"newsletter": "never"}
                prefer(many.store, mail.person_id, many.now, who=mail.person_id, subscriptions=never)
            elif reason == "erased":
                erase(many.store, mail.person_id, many.now, who="test")
        run.stop()

    at_turn(relay, leave, "451 later")
    many.run(run)
    assert many.states() == {"sent": TURN - 1, "excluded": PEOPLE - TURN + 1}
    assert {mail.reason for mail in many.mails("excluded")} == {reason}
    assert many.adds_up()


@pytest.mark.parametrize("point", ["after_started", "after_accepted", "after_settled"])
def test_a_kill_leaves_no_more_doubtful_than_over_five_connections(
    many: World, relay: Relay, point: str
) -> None:
    process = sending.started(url_of(many.store), relay.port, f"{point}:{TURN}", many.now, connections=1)
    process.join(60)
    assert process.exitcode == KILLED
    many.later(minutes=16)
    send_the_rest(many, relay)
    assert many.states()["sent"] + (doubtful := many.states().get("doubtful", 0)) == PEOPLE
    assert 1 <= doubtful <= BEGUN
    sent = {mail.person_id for mail in many.mails("sent")}
    assert all(times == 1 for times in relay.recipients.values())
    assert {f"{person.replace('-', '')}@example.com" for person in sent} <= relay.recipients.keys()
