"""Use case: an edition is frozen together with who gets it and what exactly each gets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from shared.gathering.for_you import FRESH, Letters
from shared.mailing.accounts import accounts_of, owned
from shared.mailing.audiences import AUDIENCES, declined, reader
from shared.mailing.enclosing import PACK, enclosures
from shared.mailing.freezing import MINE, THANKS, freeze
from shared.mailing.links import mail_id
from shared.mailing.post import MailError
from shared.mailing.slowing import quiet
from shared.people.addresses import hashed
from shared.people.reading import everyone
from shared.publishing import get_in, release_in
from shared.rendering.writing import render_email
from shared.sending import address
from shared.store import contents, ledger, sendings, thanks
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


PROOF: Final = ".proof"
"""Ends the id of a sending that goes to editors alone."""
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
    sending_id: str
    letters: Letters
    is_proof: bool = False

    def add(self, people: Iterable[Person]) -> None:
        """Freeze those of these people who are of the audience."""
        audience = AUDIENCES[self.edition.name]
        takes = _edits if self.is_proof else audience.takes
        candidates = [person for person in people if takes(person)]
        accounts = accounts_of(self.connection, candidates, self.owners) if audience.personal else {}
        hashes = {each.person_id: hashed(self.secret, each.email) for each in candidates if each.email}
        suppressed = stored.suppressed(self.connection, hashes.values())
        silent = quiet(self.connection, self.edition, candidates, self.post.slow_down_after)
        rows, told = [], []
        for each in candidates:
            why = self._why_not(each, suppressed.get(hashes[each.person_id])) or silent.why_not(
                each, self.edition
            )
            digest = None
            if why is None:
                own = accounts.get(each.person_id, frozenset())
                who = reader(each, self.edition.name, own)
                own_thanks = self.letters.to(each.person_id, each.language)
                is_quiet = each.person_id in silent.told
                digest = self._content(replace(who, thanked=own_thanks, is_quiet=is_quiet))
                told += [(name, each.person_id) for name in self.letters.names(each.person_id)]
            rows.append(self._row(each, digest, why))
        ledger.add_mails(self.connection, rows)
        thanks.tell(self.connection, told, self.edition.edition_id)

    def _why_not(self, person: Person, suppressed: str | None) -> str | None:
        if suppressed is not None:
            return suppressed
        if person.email and not self.post.allows(person.email):
            return "not on the list of allowed addresses"
        return None if self.is_proof else declined(person, self.edition)

    def _content(self, who: Reader) -> bytes:
        """The content for a kind of reader, made once."""
        if who not in self.frozen:
            here = self.post.headers.public_url is not None
            linked = replace(who, preferences_url=MINE, thanks_url=THANKS) if here else who
            mail = render_email(self.edition, self.brand, linked)
            shown = replace(mail, subject=f"Proof: {mail.subject}") if self.is_proof else mail
            made = freeze(shown, enclosures(self.edition, self.brand, who, self.post, self._invited()))
            contents.add(self.connection, made.digest, made.subject, made.body)
            self.frozen[who] = made.digest
        return self.frozen[who]

    def _invited(self) -> list[str]:
        """Whom a meeting is for, where the edition is its pack."""
        if self.edition.name != PACK:
            return []
        takes = AUDIENCES[PACK].takes
        people = (each for some in everyone(self.connection) for each in some if each.email and takes(each))
        return [recipient(each) for each in people if declined(each, self.edition) is None]

    def _row(self, person: Person, content: bytes | None, why: str | None) -> dict[str, Any]:
        return {
            "mail_id": mail_id(self.secret, self.sending_id, person.person_id),
            "edition_id": self.sending_id,
            "person_id": person.person_id,
            "recipient": None if why else recipient(person),
            "content": content,
            "state": "excluded" if why else "queued",
            "reason": why or "",
            "attempt": 0,
            "due_at": self.at,
            "changed_at": self.at,
        }


def recipient(person: Person) -> str:
    """The name and address of a header; of a name that no header may hold, the address alone."""
    name = "".join(c for c in person.name or "" if c not in _NOT_IN_HEADERS)
    whole = f"{name} <{person.email}>"
    try:
        address(whole)
    except ValueError:
        return str(person.email)
    return whole


def release(
    store: Store, edition_id: str, brand: Brand, post: Post, now: datetime, *, who: str | None = None
) -> Edition:
    """Freeze an edition with its recipients, all or nothing; what was released stays as it was.

    `who` decided it, if anybody. Raises EditionError, RenderError, MailError.
    """
    with store.writing(alone=True) as connection:
        edition, fresh = release_in(connection, edition_id)
        if fresh and edition.name in AUDIENCES:
            _freeze(connection, store.secret, edition, brand, post, now)
        if fresh and who is not None:
            stored.decided(connection, now, who, "release", edition_id)
        return edition


def proof(store: Store, edition_id: str, brand: Brand, post: Post, now: datetime) -> None:
    """Send an edition, as it is composed, to the editors alone; a second time changes nothing.

    Raises EditionError, RenderError, MailError.
    """
    with store.noting() as connection:
        if sendings.find(connection, f"{edition_id}{PROOF}") is None:
            edition = get_in(connection, edition_id)
            if not _freeze(connection, store.secret, edition, brand, post, now, is_proof=True):
                raise MailError("Nobody has the role editor; tandem people import gives it to someone")


def _edits(person: Person) -> bool:
    return "editor" in person.roles


def _freeze(
    connection: Connection,
    secret: bytes,
    edition: Edition,
    brand: Brand,
    post: Post,
    now: datetime,
    *,
    is_proof: bool = False,
) -> int:
    """Write the sending and its mails; how many candidates it has."""
    takes = _edits if is_proof else AUDIENCES[edition.name].takes
    candidates = sum(takes(each) for some in everyone(connection) for each in some)
    if candidates > post.most_recipients:
        raise MailError(
            f"{edition.edition_id} would go to {candidates:,} people, of at most {post.most_recipients:,}; "
            "look at tandem people list, or raise TANDEM_MAIL_MOST_RECIPIENTS"
        )
    owners = owned(connection) if AUDIENCES[edition.name].personal else {}
    sending_id = f"{edition.edition_id}{PROOF}" if is_proof else edition.edition_id
    untold = [] if is_proof else thanks.untold(connection, now - FRESH)
    letters = Letters(connection, untold)
    freezing = _Freezing(
        connection, secret, edition, brand, post, now, owners, {}, sending_id, letters, is_proof=is_proof
    )
    for some in everyone(connection):
        freezing.add(some)
    queued = ledger.counts(connection, sending_id)["queued"]
    state, reason = ("sending", "") if queued else ("completed", "nobody is to get it")
    row = {
        "edition_id": sending_id,
        "state": state,
        "reason": reason,
        "candidates": candidates,
        "post": post.headers.to_json(),
        "released_at": now,
        "good_until": now + post.most_late,
        "finished_at": None if queued else now,
    }
    sendings.add(connection, row)
    return candidates
