"""Use case: who can answer something is asked it once, by a mail of the same ledger as all mail."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import IntegrityError

from shared.asking.completing import to_complete
from shared.asking.confirming import to_confirm
from shared.asking.letters import letter, link
from shared.asking.model import ASKING, MONTH, Asking, Wanted
from shared.asking.previewing import to_preview
from shared.asking.telling import about
from shared.editions.choice import CHOICE, Choice
from shared.failpoints import reach
from shared.mailing.freezing import freeze
from shared.mailing.releasing import recipient
from shared.patterns.contributions import SIDES
from shared.people.addresses import hashed
from shared.people.model import QUESTIONS
from shared.people.reading import those
from shared.projecting.reading import Reading
from shared.store import contents, ledger, people, questions, sendings
from shared.store.questions import Question

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection

    from shared.editions.brand import Brand
    from shared.mailing.freezing import Content
    from shared.mailing.post import Post
    from shared.people.model import Person
    from shared.rules import Rules
    from shared.store.engine import Store


@dataclass(frozen=True, slots=True)
class Asker:
    """What a company decided about asking; the settings fill it."""

    store: Store
    rules: Rules
    post: Post
    brand: Brand
    asking: Asking = ASKING
    choice: Choice = CHOICE


class NotAsked(NamedTuple):
    """A person who could have been asked something, and why not."""

    wanted: Wanted
    person_id: str
    why: str


@dataclass(slots=True)
class Round:
    """Whom this round asks, and whom not."""

    asked: list[Question] = field(default_factory=list)
    not_asked: list[NotAsked] = field(default_factory=list)
    contents: dict[str, tuple[Content, Person]] = field(default_factory=dict)
    """By id of the question."""


def ask(asker: Asker, now: datetime) -> Round:
    """Put a mail for each new question into the ledger, where the sender finds it; again asks nobody anew.

    All of it is one transaction: whoever dies before it asked nobody, and whoever comes after finds it done.
    """
    found = plan(asker, now)
    with asker.store.noting() as connection:
        questions.expire(connection, now.astimezone(asker.rules.zone).date())
    if not found.asked:
        return found
    try:
        with asker.store.noting() as connection:
            _write(connection, asker, found, now)
            reach("before_asked")
    except IntegrityError:  # another publisher asked the same at the same time
        return Round(not_asked=found.not_asked)
    reach("after_asked")
    return found


def plan(asker: Asker, now: datetime) -> Round:
    """Whom a round would ask now; nothing is written."""
    found = Round()
    if asker.post.headers.public_url is None:
        return found
    with asker.store.reading() as connection:
        if ledger.paused(connection):
            return found
        reading = Reading(connection, now, asker.rules)
        wanted = _wanted(reading, asker)
        choosing = _Choosing(connection, asker, now, wanted)
        for each in wanted:
            if (person := choosing.person_for(each, found)) is not None:
                _plan(reading, asker, each, person, found)
    return found


def _wanted(reading: Reading, asker: Asker) -> list[Wanted]:
    """First what people told, then whom stories name, then what nobody saw; the strongest first."""
    kinds = ("confirm", "naming", "silent")
    found = [
        *to_confirm(reading),
        *to_preview(reading, asker.choice, asker.asking.within_days),
        *to_complete(reading, asker.asking),
    ]
    return sorted(found, key=lambda each: (kinds.index(each.kind), -each.weight, each.subject, each.people))


def _plan(reading: Reading, asker: Asker, each: Wanted, person: Person, found: Round) -> None:
    told = about(reading, each.kind, each.subject, person, asker.brand.hosts)
    if told is None:
        return
    name = question_id(asker.store.secret, each, person.person_id)
    url = link(asker.store.secret, asker.post.headers.public_url or "", name)
    mail = letter(asker.brand, person, each.kind, told, each.due_on, url)
    found.contents[name] = (freeze(mail), person)
    found.asked.append(
        Question(name, each.kind, each.subject, person.person_id, "asked", reading.as_of, each.due_on)
    )


def question_id(secret: bytes, wanted: Wanted, person_id: str) -> str:
    """The name of a question, and of the mail that asks it: whatever is the same has the same."""
    told = f"{wanted.kind}\n{wanted.subject}\n{person_id}"
    return hmac.digest(secret, f"question|{told}".encode(), sha256).hex()[:20]


class _Choosing:
    """Who may be asked: known, on our list of addresses, willing, and not asked too much already."""

    def __init__(self, connection: Connection, asker: Asker, now: datetime, wanted: Sequence[Wanted]) -> None:
        everybody = {person_id for each in wanted for person_id in each.people}
        self._asker = asker
        self._people = those(connection, everybody)
        self._known = questions.about(connection, {each.subject for each in wanted})
        self._count = questions.asked_since(connection, now - MONTH)
        self._hashes = {
            name: hashed(asker.store.secret, each.email) for name, each in self._people.items() if each.email
        }
        self._suppressed = people.suppressed(connection, self._hashes.values())
        self._busy: set[str] = set()

    def person_for(self, wanted: Wanted, found: Round) -> Person | None:
        """The first who may be asked, if nobody is asked or has answered already."""
        before = {
            each.person_id: each for each in self._known.get(wanted.subject, ()) if each.kind == wanted.kind
        }
        if any(before[name].state in ("asked", "answered") for name in wanted.people if name in before):
            return None
        for name in (each for each in wanted.people if each not in before):
            if (why := self._why_not(name, wanted)) is None:
                self._busy.add(name)
                return self._people[name]
            found.not_asked.append(NotAsked(wanted, name, why))
        return None

    def _why_not(self, name: str, wanted: Wanted) -> str | None:
        person = self._people.get(name)
        if person is None or person.email is None:
            return "is not on the list of people, or has no address"
        return self._unwilling(person) or self._too_much(name) or _of_another_side(person, wanted)

    def _unwilling(self, person: Person) -> str | None:
        address = self._hashes[person.person_id]
        if address in self._suppressed:
            return f"gets no mail: {self._suppressed[address]}"
        if not self._asker.post.allows(person.email or ""):
            return "is not on the list of allowed addresses"
        return "wants no questions" if person.wants(QUESTIONS) == "never" else None

    def _too_much(self, name: str) -> str | None:
        if (count := self._count.get(name, 0)) >= self._asker.asking.most_a_month:
            return f"was asked {count} times in 30 days"
        return "is asked something else in this round" if name in self._busy else None


def _of_another_side(person: Person, wanted: Wanted) -> str | None:
    if wanted.side is None or SIDES.get(person.department) == wanted.side:
        return None
    return f"is not of the side that is asked, which is {wanted.side}"


def _write(connection: Connection, asker: Asker, found: Round, now: datetime) -> None:
    """One sending for the round, with one mail for each question."""
    sending_id = f"{QUESTIONS}-{now:%Y%m%dT%H%M%S}-{found.asked[0].question_id[:6]}"
    rows = []
    for each in found.asked:
        content, person = found.contents[each.question_id]
        questions.add(connection, each)
        contents.add(connection, content.digest, content.subject, content.body)
        rows.append(_row(each, sending_id, recipient(person), content, now))
    ledger.add_mails(connection, rows)
    sendings.add(
        connection,
        {
            "edition_id": sending_id,
            "state": "sending",
            "reason": "",
            "candidates": len(rows),
            "post": asker.post.headers.to_json(),
            "released_at": now,
            "good_until": now + asker.post.most_late,
            "finished_at": None,
        },
    )


def _row(each: Question, sending_id: str, to: str, content: Content, now: datetime) -> dict[str, Any]:
    return {
        "mail_id": each.question_id,
        "edition_id": sending_id,
        "person_id": each.person_id,
        "recipient": to,
        "content": content.digest,
        "state": "queued",
        "reason": "",
        "attempt": 0,
        "due_at": now,
        "changed_at": now,
    }
