"""Use case: what comes back of a mail decides whether its address is written to again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from sqlalchemy.exc import IntegrityError

from shared.mailing.audiences import AUDIENCES
from shared.mailing.links import bounced_mail
from shared.mailing.returned import Returned, plain, status_in, weigh
from shared.people.addresses import hashed
from shared.people.model import PeopleError
from shared.people.reading import one, those
from shared.sending import address
from shared.store import bounces, ledger, people

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from shared.store.engine import Store

Outcome = Literal["hard", "soft", "other", "complaint", "known", "refused", "ignored"]
BOUNCED: Final = "bounced"
COMPLAINED: Final = "complained"
_ITSELF: Final = "Tandem"


@dataclass(frozen=True, slots=True)
class Bearing:
    """How often an address may be away for a time before it is written to no more."""

    soft_most: int = 5
    """A mailbox that is full for one edition is no reason to give somebody up; one that always is, is one."""
    soft_days: int = 14


BOUNCES: Final = Bearing()


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a report, and why."""

    outcome: Outcome
    reason: str


def take_in(store: Store, report: Returned, now: datetime, bearing: Bearing) -> Taken:
    """Act on a report about one of our mails; the same again changes nothing.

    One without a token that we signed is refused and counted.
    """
    if report.kind == "none":
        return Taken("ignored", report.said)
    mail_id = next(filter(None, (bounced_mail(store.secret, token) for token in report.tokens)), None)
    try:
        with store.noting() as connection:
            mail = ledger.mail(connection, mail_id) if mail_id else None
            if mail is None:
                bounces.refuse(connection, now.date())
                return Taken("refused", "it names no mail that Tandem sent")
            return _judge(connection, store.secret, mail, report, now, bearing)
    except IntegrityError:  # somebody else took in the same at this very moment
        return take_in(store, report, now, bearing)


def take_refused(store: Store, now: datetime, bearing: Bearing) -> Counter[str]:
    """The same of what a relay refused at once, while it was sent."""
    found: Counter[str] = Counter()
    with store.noting() as connection:
        for mail in bounces.refused_at_once(connection):
            status = status_in(mail.reason)
            report = Returned(weigh(status), status=status, said=plain(mail.reason))
            found[_judge(connection, store.secret, mail, report, now, bearing).outcome] += 1
    return found


def lift(store: Store, person_id: str, now: datetime, *, who: str) -> str:
    """Write to someone again whose address bounced or who complained; why it was not. Raises PeopleError."""
    with store.noting() as connection:
        person = one(connection, person_id)
        key = hashed(store.secret, person.email) if person.email else b""
        why = people.suppressed(connection, [key]).get(key)
        if why not in (BOUNCED, COMPLAINED):
            raise PeopleError(f"{person_id} is not held back by a bounce or a complaint; nothing is to undo")
        people.release(connection, key)
        bounces.undo(connection, key, now)
        people.decided(connection, now, who, "write again", person_id, why)
        return why


def _judge(
    connection: Connection, secret: bytes, mail: Row[Any], report: Returned, now: datetime, bearing: Bearing
) -> Taken:
    if bounces.known(connection, mail.mail_id, report.kind):
        return Taken("known", "it was taken in before")
    key = hashed(secret, address(mail.recipient).addr_spec) if mail.recipient else None
    row = {
        "mail_id": mail.mail_id,
        "kind": report.kind,
        "at": now,
        "person_id": mail.person_id,
        "address": key,
        "status": report.status,
        "said": report.said,
    }
    bounces.add(connection, row)
    why = None if key is None else _why_no_more(connection, key, report, now, bearing)
    if key is not None and why is not None:
        _hold_back(connection, secret, mail.person_id, key, why, now)
    return Taken(_outcome(report), why or report.said)


def _outcome(report: Returned) -> Outcome:
    return "ignored" if report.kind == "none" else report.kind


def _why_no_more(
    connection: Connection, key: bytes, report: Returned, now: datetime, bearing: Bearing
) -> str | None:
    """Why an address is written to no more from now on."""
    if report.kind == "complaint":
        return COMPLAINED
    since = now - timedelta(days=bearing.soft_days)
    often = report.kind == "soft" and bounces.count(connection, key, "soft", since) >= bearing.soft_most
    return BOUNCED if report.kind == "hard" or often else None


def _hold_back(
    connection: Connection, secret: bytes, person_id: str, key: bytes, why: str, now: datetime
) -> None:
    """Write to an address no more, also what is queued; who complained gets nothing until they ask for it."""
    people.suppress(connection, key, why, now)
    person = those(connection, [person_id]).get(person_id)
    if person is None or person.erased_at is not None:
        return
    if person.email and hashed(secret, person.email) == key:
        ledger.exclude(connection, person_id, why, now)
    if why == COMPLAINED:
        for edition in AUDIENCES:
            people.subscribe(connection, person_id, edition, "never")
    people.decided(connection, now, _ITSELF, "hold back", person_id, why)
