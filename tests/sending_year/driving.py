"""Lets time pass: what comes due is sent by itself, while publishers are killed and people change."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from services.publisher.clock import tick
from shared import tables
from shared.mailing.scheduling import confirm
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settings import Settings
from shared.store import ledger
from shared.store.engine import Store
from tests import make
from tests.sending_year.company import Company
from tests.sending_year.judging import Witness, counts, judge
from tests.sending_year.publishers import Publishers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.sending_year.server import Server

MONTHLY = {"newsletter": 5, "meeting_pack": 3}
WEEKLY = ("sales", "operations")
_LONGEST = 1800.0
"""Seconds after which a day that does not end is a fault."""
_QUIET = 1.0
"""Seconds without any news after which only time can help: what a dead publisher holds must run out."""
_LEASE = timedelta(minutes=16)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of a year, for how many people, and how hard it is made."""

    people: int
    first: date
    last: date
    publishers: int = 1
    kills: int = 0
    mails_per_kill: int = 500
    opt_outs: int = 3
    """A day, at most."""
    seed: int = 1
    only: tuple[str, ...] = (*MONTHLY, *WEEKLY)
    connections: int = 5


def settings(port: int, only: tuple[str, ...], connections: int) -> dict[str, Any]:
    """What a company of that kind would set."""
    monthly = {name: {"edition": name, "workday": day} for name, day in MONTHLY.items()}
    weekly = {name: {"edition": name, "weekday": "monday"} for name in WEEKLY}
    schedules = {name: each for name, each in (monthly | weekly).items() if name in only}
    told = {"smtp_host": "127.0.0.1", "smtp_port": port, "smtp_security": "none", "schedules": schedules}
    told |= {"mail_most_recipients": 1_000_000, "smtp_connections": connections}
    return {**told, "reply_to": "editor@example.com", "public_url": "https://tandem.example.com"}


class Year:
    """One run of it, at one database and one server."""

    def __init__(self, plan: Plan, url: str, server: Server, say: Callable[[str], None]) -> None:
        self.plan, self._url, self._server, self._say = plan, url, server, say
        self._dice = random.Random(plan.seed)
        self._told = settings(server.port, plan.only, plan.connections)
        self._company = Company(plan.people, self._dice)
        self._seen = Witness()
        self._wanted: Counter[str] = Counter()
        self.kills = 0
        self._next_kill = self._dice.randint(1, 2 * plan.mails_per_kill)
        self._publishers = Publishers(url, self._told, _at(plan.first), plan.publishers)

    def run(self) -> tuple[list[str], dict[str, int]]:
        """Let it pass; what went wrong, and what there was."""
        self._found()
        try:
            for day, due in _days(self.plan):
                self._prepare(day, due)
                self._pass(day, due)
                self._say(f"{day}: {', '.join(due)}; {len(self._server.look()):,} mails, {self.kills} kills")
        finally:
            self._publishers.kill_all()
        store = Store.open(self._url)
        faults = judge(store, self._server.look(), self._seen, self._wanted)
        told = {"kills": self.kills, **counts(store, self._server.look(), self._seen)}
        store.close()
        return faults, told

    def _found(self) -> None:
        store, now = Store.open(self._url), _at(self.plan.first - timedelta(days=1))
        self._company.found(store, now)
        record(store, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)
        chosen = Settings(_env_file=None, **self._told)  # type: ignore[call-arg]
        tick(store, chosen, now)
        for name in self.plan.only:
            confirm(store, name, now, who="test")
        store.close()

    def _prepare(self, day: date, due: list[str]) -> None:
        """What happens at the company while nothing is sent, by whoever may record meanwhile."""
        store, now = Store.open(self._url), _at(day) - timedelta(hours=2)
        self._company.change(store, now)
        told = make.event("source.heartbeat", now.isoformat(), {"complete_until": now.isoformat()})
        record(store, make.raw([told]), as_of=now + timedelta(days=400), rules=DEFAULTS)
        store.close()
        for name in due:
            period = Period.of(day, "month" if name in MONTHLY else "week").previous
            self._seen.release(f"{name}-{period.name}", self._company.members)
        self._wanted += Counter(due)

    def _pass(self, day: date, due: list[str]) -> None:
        """Wait until all that is due is sent, and make it hard meanwhile."""
        self._publishers.now = _at(day)
        self._publishers.start()
        store, opt_outs = Store.open(self._url), self._dice.randint(0, self.plan.opt_outs)
        began = changed = time.monotonic()
        last: object = None
        while (state := _state(store)) and state[0] < self._wanted.total():
            if state != last:
                last, changed = state, time.monotonic()
            if time.monotonic() - changed > _QUIET and state[1].keys() & {"claimed", "started", "retry"}:
                self._seen.cut_off |= _started(store)  # also of one that lives, and is only slow
                self._publishers.now += _LEASE
                self._seen.cut_off |= _started(store)
                changed = time.monotonic()
            assert time.monotonic() - began < _LONGEST, f"{day}: {due} do not end: {state}"
            if opt_outs and state[1].get("sent", 0) and self._dice.random() < 0.2:
                opt_outs -= 1
                self._opt_out(store)
            self._disturb(store)
            time.sleep(0.02)
        self._publishers.kill_all()
        store.close()

    def _disturb(self, store: Store) -> None:
        if self.kills < self.plan.kills and len(self._server.look()) >= self._next_kill:
            self._publishers.kill(self._dice.randrange(self.plan.publishers))
            self.kills += 1
            self._next_kill = len(self._server.look()) + self._dice.randint(1, 2 * self.plan.mails_per_kill)
            self._seen.cut_off |= _started(store)
            self._publishers.start()

    def _opt_out(self, store: Store) -> None:
        member, kind = self._company.opt_out(store, self._publishers.now)
        self._seen.on_the_way |= _started(store)
        self._seen.refused.append((len(self._server.look()), member.person_id, kind))


def _days(plan: Plan) -> Iterator[tuple[date, list[str]]]:
    """The days on which something is due, and what; reckoned here anew."""
    day, worked = plan.first, Counter[tuple[int, int]]()
    day = day.replace(day=1)
    while day <= plan.last:
        works = day.weekday() < 5
        worked[day.year, day.month] += works
        due = [name for name, nth in MONTHLY.items() if works and worked[day.year, day.month] == nth]
        due += WEEKLY if day.weekday() == 0 else ()
        due = [name for name in due if name in plan.only]
        if due and day >= plan.first:
            yield day, due
        day += timedelta(days=1)


def _state(store: Store) -> tuple[int, dict[str, int]]:
    """How many runs are completed, and how many mails are in each state."""
    with store.reading() as connection:
        done = select(func.count()).where(tables.runs.c.state == "completed")
        states = select(tables.mails.c.state, func.count()).group_by(tables.mails.c.state)
        return connection.scalar(done) or 0, {row[0]: row[1] for row in connection.execute(states)}


def _started(store: Store) -> set[str]:
    with store.reading() as connection:
        return {mail.mail_id for mail in ledger.listed(connection, state="started", most=10**6)}


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
