"""Killed at any moment: counted at the relay, no mail comes twice, and none is lost in silence."""

from __future__ import annotations

import time
from random import Random
from typing import TYPE_CHECKING

import pytest

from shared import failpoints
from tests.databases import url_of
from tests.mailing import sending
from tests.mailing.relay import ACCEPT_AND_DROP, DROP, YES
from tests.mailing.world import listed

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from tests.mailing.relay import Relay
    from tests.mailing.world import World

KILLED = 137


def started(world: World, relay: Relay, point: str = "-") -> BaseProcess:
    return sending.started(url_of(world.store), relay.port, point, world.now)


def end_of(process: BaseProcess) -> int | None:
    process.join(60)
    return process.exitcode


def judge(world: World, relay: Relay) -> None:
    """What the relay has against what the ledger says."""
    assert all(count == 1 for count in relay.recipients.values()), "a mail came twice"
    for mail in world.mails():
        address = mail.recipient.partition("<")[2].rstrip(">")
        assert mail.state in ("sent", "doubtful")
        assert mail.state == "doubtful" or relay.recipients[address] == 1
    assert world.adds_up()


@pytest.mark.parametrize("point", failpoints.MAILING)
def test_killed_at_any_point_nothing_comes_twice(world: World, relay: Relay, point: str) -> None:
    world.people(listed(8))
    world.to(relay)
    world.release()
    assert end_of(started(world, relay, f"{point}:3")) == KILLED
    world.later(minutes=16)
    world.send()
    judge(world, relay)
    doubtful = world.states().get("doubtful", 0)
    assert doubtful <= world.chosen.smtp_connections
    assert doubtful or point in ("after_claim", "before_started", "after_settled")


def test_killed_at_random_with_a_relay_that_drops_nothing_comes_twice(world: World, relay: Relay) -> None:
    """The seed decides what the relay does; when a kill falls does the machine."""
    dice = Random(7)
    world.people(listed(60))
    world.to(relay)
    world.release()

    def said(_: str) -> str:
        time.sleep(0.005)
        return dice.choices([YES, "451 later", DROP, ACCEPT_AND_DROP], [90, 4, 3, 3])[0]

    relay.at_data = said
    for _ in range(3):
        process = started(world, relay)
        before, deadline = len(relay.taken), time.monotonic() + 30
        wanted = before + dice.randint(5, 15)
        while len(relay.taken) < wanted and process.is_alive() and time.monotonic() < deadline:
            time.sleep(0.001)
        process.kill()
        process.join()
        world.later(minutes=16)
    for _ in range(40):
        world.send()
        if world.sending().state == "completed":
            break
        world.later(minutes=16)
    judge(world, relay)


@pytest.mark.parametrize("signals", [1, 2])
def test_told_to_stop_it_finishes_what_is_at_hand(world: World, relay: Relay, signals: int) -> None:
    world.people(listed(50))
    world.to(relay)
    world.release()
    run = world.sender()

    def said(_: str) -> str:
        for _ in range(signals):
            run.stop()
        return YES

    relay.at_data = said
    world.run(run)
    states = world.states()
    assert set(states) == {"queued", "sent"}
    assert states["sent"] == len(relay.taken) <= world.chosen.smtp_connections
    world.send()
    judge(world, relay)
