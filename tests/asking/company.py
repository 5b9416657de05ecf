"""A company that may ask: people of both sides, a story one tells, an order on which one side acted alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.asking.answering import Opened, Reply, answer, opened
from shared.asking.asking import Asker, ask
from shared.asking.model import Asking
from shared.editions.brand import Brand
from shared.mailing.links import sign
from shared.mailing.post import Headers, Post
from shared.people.importing import import_people
from shared.recording import record
from shared.rules import DEFAULTS
from shared.store import ledger, questions, sendings
from tests import make
from tests.make import at, instant

if TYPE_CHECKING:
    from shared.store.engine import Store
    from shared.store.questions import Question

PEOPLE = """person_id,email,name,department,language,naming
p-sales,ana@example.com,Ana Ruiz,sales,en,{naming}
p-ops,jonas@example.com,Jonas Weber,logistics,de,team
p-more,mei@example.com,Mei Lin,sales,en,team
"""
CLOSED = instant("03-12", "09:00")
"""The morning after SO-1 was delivered."""


def company(store: Store, naming: str = "team") -> None:
    done = import_people(store, PEOPLE.format(naming=naming).encode(), instant("03-01"))
    assert not done.rejects


def asker(store: Store, **more: Any) -> Asker:
    headers = Headers(public_url="https://tandem.example.com")
    told = {"post": Post(headers), "asking": Asking(), **more}
    return Asker(store, DEFAULTS, brand=Brand(), **told)


def alone(store: Store, name: str = "SO-1", *more: Any) -> None:
    """An order that logistics saved, and of which nothing is known that Sales did but to take it."""
    events = make.win(name)
    events[3] = make.resolved(roadblock=f"R-{name}", order_id=name, participants=[make.OPERATIONS])
    record(store, make.raw([*events, *more]), as_of=CLOSED, rules=DEFAULTS)


def asked(store: Store, now: datetime, **more: Any) -> list[Question]:
    return ask(asker(store, **more), now).asked


def why_not(store: Store, now: datetime, **more: Any) -> list[tuple[str, str]]:
    return [(each.person_id, each.why) for each in ask(asker(store, **more), now).not_asked]


def open_(store: Store, question: Question, now: datetime) -> Opened:
    found = opened(asker(store), sign(store.secret, "question", question.question_id), now)
    assert found is not None
    return found


def say(store: Store, question: Question, now: datetime, word: str, **more: Any) -> Question:
    """Answer, and look at the question afterwards."""
    answer(asker(store), open_(store, question, now), Reply(word, **more), now)
    with store.reading() as connection:
        after = questions.one(connection, question.question_id)
    assert after is not None
    return after


def deliver(store: Store, now: datetime) -> None:
    """As if the relay took every mail that waits."""
    with store.noting() as connection:
        for sending in sendings.listed(connection, "sending"):
            rows = ledger.claim(connection, sending.edition_id, now, timedelta(minutes=2), 99)
            held = [ledger.Held(row.mail_id, row.attempt) for row in rows]
            ledger.start(connection, [ledger.Start(each, b"x") for each in held], now, timedelta(minutes=2))
            ledger.finish(connection, [ledger.Result(each, "sent", "") for each in held], now)
            sendings.complete(connection, now)


__all__ = ["CLOSED", "alone", "asked", "asker", "at", "company", "deliver", "open_", "say", "why_not"]
