"""A company with people and a released edition, and a clock that stands until it is moved."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from services.publisher import smtp
from services.publisher.opening import sender
from shared import publishing, tables
from shared.editions.brand import Brand
from shared.mailing.releasing import release
from shared.people.importing import import_people
from shared.periods import Period
from shared.recording import record
from shared.rules import DEFAULTS
from shared.settings import Settings
from shared.store import ledger, sendings
from tests import make

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.publisher.sender import Sender
    from shared.store.engine import Store
    from tests.mailing.relay import Relay

APRIL = Period.month(2026, 4)
EDITION = "newsletter-2026-04"
START = datetime.fromisoformat("2026-05-05T08:00:00+00:00")
_COMPOSED: dict[tuple[str, str, datetime], dict[str, Any]] = {}
"""Rows of editions, by name, period and time."""
PUBLIC = "https://tandem.example.com"


def listed(count: int, department: str = "sales") -> bytes:
    rows = [f"p-{n},p{n}@example.com,Person {n},{department}" for n in range(1, count + 1)]
    return "\n".join(["person_id,email,name,department", *rows]).encode()


@dataclass
class World:
    """What is done to the store of a test, at the time of its clock."""

    store: Store
    now: datetime = START
    settings: dict[str, Any] = field(default_factory=dict)
    _told: dict[str, Any] = field(default_factory=dict)
    _chosen: Settings = field(init=False)

    @property
    def chosen(self) -> Settings:
        told = {"reply_to": "editor@example.com", "public_url": PUBLIC, **self.settings}
        if told != self._told:
            self._told, self._chosen = told, Settings(_env_file=None, **told)  # type: ignore[call-arg]
        return self._chosen

    def people(self, raw: bytes) -> None:
        assert import_people(self.store, raw, self.now).rejects == ()

    def compose(self, name: str = "newsletter", period: Period = APRIL) -> str:
        """Compose an edition; one of no trade at all is the same for every test, and composed once."""
        with self.store.noting() as connection:
            traded = connection.scalar(select(tables.journal.c.seq).limit(1))
            key = (name, period.name, self.now)
            if traded is None and key in _COMPOSED:
                connection.execute(insert(tables.editions), _COMPOSED[key])
                return str(_COMPOSED[key]["edition_id"])
        edition_id = publishing.compose(self.store, name, period, self.now, DEFAULTS, {}).edition_id
        if traded is None:
            _COMPOSED[key] = self._edition(edition_id)
        return edition_id

    def _edition(self, edition_id: str) -> dict[str, Any]:
        own = select(tables.editions).where(tables.editions.c.edition_id == edition_id)
        with self.store.reading() as connection:
            return dict(connection.execute(own).mappings().one())

    def release(self, name: str = "newsletter", period: Period = APRIL) -> str:
        edition_id = self.compose(name, period)
        release(self.store, edition_id, Brand(), self.chosen.post, self.now)
        return edition_id

    def freeze(self, count: int) -> None:
        """Put so many mails into the ledger, whatever they say."""
        row = {"edition_id": EDITION, "state": "sending", "reason": "", "candidates": count, "post": "{}"}
        times = {"released_at": self.now, "good_until": self.now + timedelta(days=2), "finished_at": None}
        mail = {"edition_id": EDITION, "content": b"", "state": "queued", "reason": "", "attempt": 0}
        mail |= {"due_at": self.now, "changed_at": self.now}
        mails = [
            {"mail_id": f"m-{n}", "person_id": f"p-{n}", "recipient": f"p{n}@example.com", **mail}
            for n in range(1, count + 1)
        ]
        with self.store.noting() as connection:
            sendings.add(connection, row | times)
            ledger.add_mails(connection, mails)

    def trade(self) -> None:
        record(self.store, make.raw(make.win()), as_of=make.LATER, rules=DEFAULTS)

    def to(self, relay: Relay, **more: Any) -> None:
        self.settings |= {"smtp_host": "127.0.0.1", "smtp_port": relay.port, "smtp_security": "none", **more}

    def sender(self) -> Sender:
        return sender(self.chosen, self.store, lambda: self.now)

    def send(self, edition_id: str | None = None, data_seconds: float | None = None) -> Sender:
        run = self.sender()
        if data_seconds is not None:
            run._open = lambda: smtp.Relay(self.chosen, data_seconds)  # noqa: SLF001 - no test waits ten minutes
        self.run(run, edition_id)
        return run

    @staticmethod
    def run(run: Sender, edition_id: str | None = None) -> None:
        asyncio.run(run.run(edition_id))

    def later(self, **more: float) -> None:
        self.now += timedelta(**more)

    def states(self, edition_id: str = EDITION) -> dict[str, int]:
        with self.store.reading() as connection:
            return {name: number for name, number in ledger.counts(connection, edition_id).items() if number}

    def sending(self, edition_id: str = EDITION) -> Any:
        with self.store.reading() as connection:
            return sendings.find(connection, edition_id)

    def mails(self, state: str | None = None) -> list[Any]:
        with self.store.reading() as connection:
            return ledger.listed(connection, state=state)

    def adds_up(self, editions: Iterable[str] = (EDITION,)) -> bool:
        return all(sum(self.states(each).values()) == self.sending(each).candidates for each in editions)
