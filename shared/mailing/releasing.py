"""Use case: an edition is frozen together with who gets it and what exactly each gets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from shared.mailing.accounts import accounts_of, owned
from shared.mailing.audiences import AUDIENCES, declined, reader
from shared.mailing.freezing import MINE, freeze
from shared.mailing.links import mail_id
from shared.mailing.post import MailError
from shared.people.addresses import hashed
from shared.people.reading import everyone
from shared.publishing import release_in
from shared.rendering import render_email
from shared.sending import address
from shared.store import ledger
from shared.store import people as stored

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection

    from shared.editions.brand import Brand
    from shared.editions.model import Edition
    from shared.editions.reader import Reader
    from shared.mailing.post import Post
    from shared.people.model import Person
    from shared.store.engine import Store


_NOT_IN_HEADERS: Final = frozenset('"<>\\\u2068\u2069')


@dataclass(slots=True)
class _Freezing:
    """What one release needs to know, and the contents that it has frozen already."""

    connection: Connection
    secret: bytes
    edition: Edition
    brand: Brand
    post: Post
    at: datetime
    owners: dict[str, frozenset[str]]
    frozen: dict[Reader, bytes]

    def add(self, people: Iterable[Person]) -> int:
        """Freeze those of these people who are of the audience; how many they are."""
        audience = AUDIENCES[self.edition.name]
        candidates = [person for person in people if audience.takes(person)]
        accounts = accounts_of(self.connection, candidates, self.owners) if audience.personal else {}
        hashes = {each.person_id: hashed(self.secret, each.email) for each in candidates if each.email}
        suppressed = stored.suppressed(self.connection, hashes.values())
        rows = []
        for each in candidates:
            why = self._why_not(each, suppressed.get(hashes[each.person_id]))
            digest = None
            if why is None:
                own = accounts.get(each.person_id, frozenset())
                digest = self._content(reader(each, self.edition.name, own))
            rows.append(self._row(each, digest, why))
        ledger.add_mails(self.connection, rows)
        return len(rows)

    def _why_not(self, person: Person, suppressed: str | None) -> str | None:
        if suppressed is not None:
            return suppressed
        if person.email and not self.post.allows(person.email):
            return "not on the list of allowed addresses"
        return declined(person, self.edition)

    def _content(self, who: Reader) -> bytes:
        """The content for a kind of reader, made once."""
        if who not in self.frozen:
            link = MINE if self.post.headers.public_url else None
            made = freeze(render_email(self.edition, self.brand, replace(who, preferences_url=link)))
            ledger.add_content(self.connection, made.digest, made.subject, made.body)
            self.frozen[who] = made.digest
        return self.frozen[who]

    def _row(self, person: Person, content: bytes | None, why: str | None) -> dict[str, Any]:
        return {
            "mail_id": mail_id(self.secret, self.edition.edition_id, person.person_id),
            "edition_id": self.edition.edition_id,
            "person_id": person.person_id,
            "recipient": None if why else _recipient(person),
            "content": content,
            "state": "excluded" if why else "queued",
            "reason": why or "",
            "attempt": 0,
            "due_at": self.at,
            "changed_at": self.at,
        }


def _recipient(person: Person) -> str:
    """The name and address of a header; of a name that no header may hold, the address alone."""
    name = "".join(c for c in person.name or "" if c not in _NOT_IN_HEADERS)
    whole = f"{name} <{person.email}>"
    try:
        address(whole)
    except ValueError:
        return str(person.email)
    return whole


def release(store: Store, edition_id: str, brand: Brand, post: Post, now: datetime) -> Edition:
    """Freeze an edition with its recipients, all or nothing; what was released stays as it was.

    Raises EditionError, RenderError, MailError.
    """
    with store.writing(alone=True) as connection:
        edition, fresh = release_in(connection, edition_id)
        if fresh and edition.name in AUDIENCES:
            _freeze(connection, store.secret, edition, brand, post, now)
        return edition


def _freeze(
    connection: Connection, secret: bytes, edition: Edition, brand: Brand, post: Post, now: datetime
) -> None:
    owners = owned(connection) if AUDIENCES[edition.name].personal else {}
    freezing = _Freezing(connection, secret, edition, brand, post, now, owners, {})
    candidates = sum(freezing.add(some) for some in everyone(connection))
    if candidates > post.most_recipients:
        raise MailError(
            f"{edition.edition_id} would go to {candidates:,} people, of at most {post.most_recipients:,}; "
            "look at tandem people list, or raise TANDEM_MAIL_MOST_RECIPIENTS"
        )
    queued = ledger.counts(connection, edition.edition_id)["queued"]
    state, reason = ("sending", "") if queued else ("completed", "nobody is to get it")
    row = {
        "edition_id": edition.edition_id,
        "state": state,
        "reason": reason,
        "candidates": candidates,
        "post": post.headers.to_json(),
        "released_at": now,
        "good_until": now + post.most_late,
        "finished_at": None if queued else now,
    }
    ledger.add_sending(connection, row)
