"""The ledger against a model: any order of steps, by any number of senders, sends no mail twice."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.mailing import deciding
from shared.mailing.post import MailError
from shared.store import ledger
from shared.store.ledger import Held, Result, Start
from tests import databases
from tests.mailing.world import EDITION, World

PEOPLE = 3
CLAIM, BEGUN = timedelta(minutes=2), timedelta(minutes=15)


class Sending(RuleBasedStateMachine):
    """Senders that may stand still at any step, and whose answers may come when nobody waits for them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(databases.opened())
        self.world.freeze(PEOPLE)
        self.claimed: list[Held] = []
        self.begun: list[Held] = []
        self.wire: Counter[str] = Counter()
        self.again: Counter[str] = Counter()
        """How often a person had a doubtful mail sent again."""
        self.left: set[str] = set()
        """Mails that nobody wants any more."""

    def teardown(self) -> None:
        self.world.store.close()

    def write(self) -> Any:
        return self.world.store.noting()

    @rule(most=st.integers(1, 3))
    def claim(self, most: int) -> None:
        with self.write() as connection:
            rows = ledger.claim(connection, EDITION, self.world.now, CLAIM, most)
        self.claimed += [Held(row.mail_id, row.attempt) for row in rows]

    @rule()
    def hand_over(self) -> None:
        """Claim and start at once, as most mails do."""
        self.claim(1)
        if self.claimed:
            self._start(self.claimed.pop())

    @precondition(lambda self: self.claimed)
    @rule(data=st.data())
    def start(self, data: st.DataObject) -> None:
        self._start(self.claimed.pop(data.draw(st.integers(0, len(self.claimed) - 1))))

    def _start(self, held: Held) -> None:
        with self.write() as connection:
            may = ledger.start(connection, [Start(held, b"bytes")], self.world.now, BEGUN)
        if may:
            self.wire[held.mail_id] += 1
            self.begun.append(held)

    @precondition(lambda self: self.begun)
    @rule(data=st.data(), state=st.sampled_from(["sent", "doubtful"]))
    def answer(self, data: st.DataObject, state: str) -> None:
        held = self.begun.pop(data.draw(st.integers(0, len(self.begun) - 1)))
        with self.write() as connection:
            ledger.finish(connection, [Result(held, state, "")], self.world.now)

    @precondition(lambda self: self.begun)
    @rule(data=st.data())
    def put_off(self, data: st.DataObject) -> None:
        """The relay certainly did not take it, and says so, perhaps too late."""
        held = self.begun.pop(data.draw(st.integers(0, len(self.begun) - 1)))
        due = self.world.now + timedelta(minutes=1)
        with self.write() as connection:
            ledger.finish(connection, [Result(held, "retry", "451", due)], self.world.now)
        self.wire[held.mail_id] -= 1

    @precondition(lambda self: self.begun)
    @rule(data=st.data())
    def come_back(self, data: st.DataObject) -> None:
        """It was begun ahead and never handed over, as its sender knows."""
        held = self.begun.pop(data.draw(st.integers(0, len(self.begun) - 1)))
        with self.write() as connection:
            ledger.finish(connection, [Result(held, "queued", "")], self.world.now)
        self.wire[held.mail_id] -= 1

    @precondition(lambda self: self.claimed)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        held = self.claimed.pop(data.draw(st.integers(0, len(self.claimed) - 1)))
        with self.write() as connection:
            ledger.put_back(connection, [Result(held, "queued", "")], self.world.now)

    @rule(minutes=st.sampled_from([16, 3, 1]))
    def time_passes(self, minutes: int) -> None:
        self.world.later(minutes=minutes)
        with self.write() as connection:
            ledger.expire(connection, self.world.now)

    @rule()
    def unsubscribe(self) -> None:
        """One of them alone: with nobody left there is nothing to find."""
        with self.write() as connection:
            ledger.exclude(connection, f"p-{PEOPLE}", "unsubscribed", self.world.now)
        self.left.add(f"m-{PEOPLE}")

    @rule(number=st.integers(0, PEOPLE - 1), delivered=st.booleans())
    def decide(self, number: int, delivered: bool) -> None:  # noqa: FBT001 - drawn
        mail = self.world.mails()[number]
        try:
            deciding.settle(self.world.store, mail.mail_id, self.world.now, who="test", delivered=delivered)
        except MailError:
            assert mail.state != "doubtful"
            return
        assert mail.state == "doubtful"
        self.again[mail.mail_id] += not delivered
        if not delivered:
            self.left.discard(mail.mail_id)

    @rule()
    def pause_and_resume(self) -> None:
        deciding.pause(self.world.store, None, self.world.now, who="test")
        with self.write() as connection:
            assert ledger.claim(connection, EDITION, self.world.now, CLAIM, 3) == []
        deciding.resume(self.world.store, None, self.world.now, CLAIM, who="test")

    @invariant()
    def nothing_is_sent_twice_by_itself(self) -> None:
        for mail_id, count in self.wire.items():
            assert count <= 1 + self.again[mail_id]

    @invariant()
    def nothing_waits_for_who_left(self) -> None:
        for mail in self.world.mails():
            assert mail.mail_id not in self.left or mail.state in ("started", "excluded", "doubtful", "sent")

    @invariant()
    def it_adds_up(self) -> None:
        assert self.world.adds_up()

    @invariant()
    def only_the_held_have_a_lease(self) -> None:
        for mail in self.world.mails():
            assert (mail.lease_until is not None) == (mail.state in ("claimed", "started"))


def test_any_order_of_steps_sends_nothing_twice(database: str) -> None:
    del database
    run_state_machine_as_test(Sending)
