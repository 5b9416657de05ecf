"""Sending to a real SMTP server: each mail once, whatever the relay says or does not say."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from services.publisher.opening import marks
from shared.mailing import deciding
from shared.mailing.post import MailError
from shared.people.choosing import erase, prefer
from shared.store import ledger
from shared.store.engine import put_fact
from shared.store.ledger import Held, Start
from tests.mailing import relay as relays
from tests.mailing.relay import ACCEPT_AND_DROP, DROP, HANG, YES
from tests.mailing.world import EDITION, listed

if TYPE_CHECKING:
    from tests.mailing.relay import Relay
    from tests.mailing.world import World

ALL = {f"p{n}@example.com": 1 for n in range(1, 6)}


@pytest.fixture
def five(world: World, relay: Relay) -> World:
    """Five people, an edition released to them, and a relay."""
    world.people(listed(5))
    world.to(relay)
    world.release()
    return world


def only(address: str, said: str, other: str = YES):  # noqa: ANN201 - what the relay asks
    return lambda to: said if to == address else other


def test_everyone_gets_it_once_and_the_sending_is_complete(five: World, relay: Relay) -> None:
    five.send()
    assert relay.recipients == ALL
    assert (five.states(), five.sending().state) == ({"sent": 5}, "completed")
    five.send()
    assert relay.recipients == ALL


def test_a_second_run_at_the_same_time_sends_nothing_twice(five: World, relay: Relay) -> None:
    async def both() -> None:
        await asyncio.gather(five.sender().run(), five.sender().run(), five.sender().run())

    asyncio.run(both())
    assert relay.recipients == ALL
    assert five.states() == {"sent": 5}


@pytest.mark.parametrize("said", ["450 greylisted", "451 later", "452 full", "421 closing"])
@pytest.mark.parametrize("at", ["at_mail", "at_rcpt", "at_data"])
def test_what_is_put_off_is_tried_again_and_sent_once(five: World, relay: Relay, at: str, said: str) -> None:
    setattr(relay, at, lambda _: said)
    five.settings["smtp_connections"] = 1
    five.send()
    assert relay.taken == []
    assert set(five.states()) <= {"retry", "queued"}
    setattr(relay, at, lambda _: YES)
    five.later(seconds=61)
    five.send()
    assert relay.recipients == ALL
    assert five.states() == {"sent": 5}


def test_the_steps_of_trying_again_grow_and_end(five: World, relay: Relay) -> None:
    relay.at_rcpt = only("p1@example.com", "451 later")
    gaps = []
    for _ in range(60):
        five.send()
        [mail] = five.mails("retry") or [None]
        if mail is None:
            break
        gaps.append(round((mail.due_at - five.now).total_seconds() / 60))
        five.now = mail.due_at
    assert gaps[:5] == [1, 5, 15, 60, 60]
    assert five.states() == {"sent": 4, "failed": 1}
    [failed] = five.mails("failed")
    assert "given up: 451" in failed.reason
    assert five.sending().state == "completed"


def test_a_refused_recipient_fails_alone(five: World, relay: Relay) -> None:
    relay.at_rcpt = only("p2@example.com", "550 no such user")
    five.send()
    assert five.states() == {"sent": 4, "failed": 1}
    assert five.mails("failed")[0].reason == "550 no such user"
    assert (five.sending().state, five.adds_up()) == ("completed", True)


@pytest.mark.parametrize("at", ["at_mail", "at_data"])
def test_what_is_no_recipients_fault_stops_the_run_and_loses_nothing(
    five: World, relay: Relay, at: str
) -> None:
    setattr(relay, at, lambda _: "554 we do not like you")
    five.settings["smtp_connections"] = 1
    five.send()
    assert (relay.taken, five.sending().state) == ([], "stopped")
    assert "554" in five.sending().reason
    five.send()
    assert relay.taken == []
    setattr(relay, at, lambda _: YES)
    deciding.resume(five.store, EDITION, five.now, five.chosen.post.most_late, who="test")
    five.later(minutes=3)
    five.send()
    assert (relay.recipients, five.states()) == (ALL, {"sent": 5})


@pytest.mark.parametrize("said", [DROP, ACCEPT_AND_DROP, HANG])
def test_a_mail_without_an_answer_is_doubtful_and_never_sent_again_by_itself(
    five: World, relay: Relay, said: str
) -> None:
    relay.at_data = only("p3@example.com", said)
    five.send(data_seconds=1.0)
    assert five.states() == {"sent": 4, "doubtful": 1}
    relay.at_data = lambda _: YES
    five.later(days=1)
    five.send()
    assert five.states() == {"sent": 4, "doubtful": 1}
    assert relay.recipients.get("p3@example.com", 0) == (said != DROP)


def test_a_person_decides_what_is_doubtful(five: World, relay: Relay) -> None:
    lost = {"p2@example.com", "p3@example.com"}
    relay.at_data = lambda to: DROP if to in lost else YES
    five.send()
    one, other = five.mails("doubtful")
    assert deciding.settle(five.store, one.mail_id, five.now, who="test", delivered=True) == "sent"
    relay.at_data = lambda _: YES
    assert deciding.settle(five.store, other.mail_id, five.now, who="test", delivered=False) == "queued"
    five.send()
    assert five.states() == {"sent": 5}
    assert sum(relay.recipients[address] for address in lost) == 1
    for mail_id in (one.mail_id, "nothing"):
        with pytest.raises(MailError, match=mail_id):
            deciding.settle(five.store, mail_id, five.now, who="test", delivered=True)


def test_who_left_meanwhile_gets_no_doubtful_mail_again(five: World, relay: Relay) -> None:
    relay.at_data = lambda _: DROP
    five.send()
    five.later(minutes=1)
    five.send()
    prefer(five.store, "p-1", five.now, who="p-1", subscriptions={"newsletter": "never"})
    erase(five.store, "p-2", five.now, who="test")
    relay.at_data = lambda _: YES
    for mail in five.mails("doubtful"):
        deciding.settle(five.store, mail.mail_id, five.now, who="test", delivered=False)
    five.send()
    assert set(relay.recipients) == {"p3@example.com", "p4@example.com", "p5@example.com"}
    assert {mail.person_id: mail.reason for mail in five.mails("excluded")} == {
        "p-1": "unsubscribed",
        "p-2": "erased",
    }


@pytest.mark.parametrize("at", ["at_mail", "at_rcpt"])
def test_a_connection_lost_before_the_mail_was_handed_over_loses_nothing(
    five: World, relay: Relay, at: str
) -> None:
    setattr(relay, at, lambda _: DROP)
    run = five.send()
    assert "lost" in str(run.ended)
    assert "doubtful" not in five.states()
    setattr(relay, at, lambda _: YES)
    five.later(minutes=1)
    five.send()
    assert (relay.recipients, five.states()) == (ALL, {"sent": 5})


def test_a_relay_that_is_away_ends_the_run_and_loses_nothing(five: World) -> None:
    five.settings["smtp_port"] = 1
    run = five.send()
    assert "cannot be reached" in str(run.ended)
    assert five.sending().state == "sending"
    with relays.running() as again:
        five.to(again)
        five.later(minutes=1)
        five.send()
        assert again.recipients == ALL


def test_too_many_refusals_stop_the_run(world: World, relay: Relay) -> None:
    world.people(listed(60))
    world.to(relay, smtp_connections=1)
    world.release()
    relay.at_rcpt = lambda _: "550 no"
    world.send()
    states = world.states()
    assert (states["failed"], world.sending().state) == (20, "stopped")
    assert "20 of 20" in world.sending().reason
    assert world.adds_up()


def test_a_pause_holds_at_once_and_a_resume_goes_on(five: World, relay: Relay) -> None:
    deciding.pause(five.store, None, five.now, who="test")
    five.send()
    assert relay.taken == []
    deciding.resume(five.store, None, five.now, five.chosen.post.most_late, who="test")
    deciding.pause(five.store, EDITION, five.now, who="test")
    five.send()
    assert relay.taken == []
    deciding.resume(five.store, EDITION, five.now, five.chosen.post.most_late, who="test")
    five.send()
    assert relay.recipients == ALL


def test_a_stop_gives_up_what_was_not_sent(five: World, relay: Relay) -> None:
    relay.at_rcpt = only("p1@example.com", "451 later")
    five.send()
    assert deciding.stop(five.store, EDITION, five.now, who="test") == 1
    assert five.states() == {"sent": 4, "excluded": 1}
    assert (five.sending().state, five.adds_up()) == ("completed", True)
    with pytest.raises(MailError, match="completed"):
        deciding.pause(five.store, EDITION, five.now, who="test")


def test_what_is_late_waits_for_a_decision(five: World, relay: Relay) -> None:
    five.later(hours=49)
    five.send()
    assert (relay.taken, five.sending().state) == ([], "paused")
    deciding.resume(five.store, EDITION, five.now, five.chosen.post.most_late, who="test")
    five.send()
    assert relay.recipients == ALL


def test_who_unsubscribes_while_it_is_queued_does_not_get_it(five: World, relay: Relay) -> None:
    prefer(five.store, "p-1", five.now, who="p-1", subscriptions={"newsletter": "never"})
    prefer(five.store, "p-2", five.now, who="p-2", subscriptions={"leadership": "never"})
    erase(five.store, "p-3", five.now, who="test")
    five.send()
    assert set(relay.recipients) == {"p2@example.com", "p4@example.com", "p5@example.com"}
    assert five.states() == {"sent": 3, "excluded": 2}
    assert five.adds_up()


def test_only_allowed_addresses_are_written_to(five: World, relay: Relay) -> None:
    five.settings["mail_allowed"] = ("p4@example.com", "example.org")
    five.send()
    assert relay.recipients == {"p4@example.com": 1}
    assert five.states() == {"sent": 1, "excluded": 4}


def test_a_rate_goes_with_the_mails(five: World, relay: Relay) -> None:
    five.settings |= {"mail_per_minute": 60_000}
    five.send()
    assert relay.recipients == ALL


def test_mails_are_the_same_bytes_at_every_attempt_whatever_is_set_meanwhile(
    five: World, relay: Relay
) -> None:
    relay.at_data = lambda _: "451 later"
    seen = [mail.digest for mail in five.mails()]
    five.send()
    first = {mail.mail_id: mail.digest for mail in five.mails()}
    five.settings |= {"sender": "Other <other@example.net>", "reply_to": "x@example.net", "public_url": None}
    relay.at_data = lambda _: YES
    five.later(minutes=2)
    five.send()
    assert five.states() == {"sent": 5}
    assert {mail.mail_id: mail.digest for mail in five.mails()} == first
    assert seen == [None] * 5
    assert {mail["From"] for mail in relay.mails} == {"Tandem <tandem@localhost>"}


def test_bytes_that_changed_are_not_sent(five: World, relay: Relay) -> None:
    relay.at_data = lambda _: "451 later"
    five.send()
    with five.store.writing() as connection:
        put_fact(connection, "secret", "00" * 32)
    five.store.secret = bytes(32)
    marks(five.chosen, five.store, lambda: five.now).accept()
    relay.at_data = lambda _: YES
    five.later(minutes=2)
    five.send()
    assert relay.taken == []
    assert "not those of its last attempt" in five.sending().reason


def test_a_simulation_is_never_mailed(five: World, relay: Relay) -> None:
    with five.store.noting() as connection:
        put_fact(connection, "simulated", "2025")
    with pytest.raises(MailError, match="simulation"):
        five.send()
    assert relay.taken == []


def test_without_a_person_who_answers_nothing_is_sent(five: World) -> None:
    five.settings["reply_to"] = None
    with pytest.raises(MailError, match="TANDEM_REPLY_TO"):
        five.send()


def test_the_newest_edition_goes_first(five: World, relay: Relay) -> None:
    five.people(b"person_id,email,name,department,roles\np-9,boss@example.com,Boss,management,leader\n")
    five.later(minutes=1)
    five.release("leadership")
    five.settings["smtp_connections"] = 1
    five.send()
    assert relay.taken[0][1] == "boss@example.com"
    assert len(relay.taken) == 6


def test_a_lease_that_ended_is_doubtful_only_where_it_had_started(five: World) -> None:
    with five.store.noting() as connection:
        rows = ledger.claim(connection, EDITION, five.now, timedelta(minutes=2), 2)
        held = Held(rows[0].mail_id, rows[0].attempt)
        assert ledger.start(connection, [Start(held, b"x")], five.now, timedelta(minutes=15)) == {held}
    five.send()
    assert five.states() == {"sent": 3, "claimed": 1, "started": 1}
    five.later(minutes=16)
    five.send()
    assert five.states() == {"sent": 4, "doubtful": 1}
    with five.store.noting() as connection:
        assert ledger.start(connection, [Start(held, b"x")], five.now, timedelta(minutes=15)) == set()
        ledger.finish(connection, [ledger.Result(held, "sent", "")], five.now)
    assert five.states() == {"sent": 4, "doubtful": 1}
