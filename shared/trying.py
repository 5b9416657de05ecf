"""Use case: someone who works on an edition gets it by mail, to see it where mails are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from shared.mailing.audiences import reader
from shared.mailing.post import MailError
from shared.publishing import get
from shared.rendering.writing import render_email
from shared.sending import eml
from shared.store import people

if TYPE_CHECKING:
    from datetime import datetime

    from shared.people.model import Person
    from shared.settings import Settings
    from shared.signing_in import Deliver
    from shared.store.engine import Store

_WHAT: Final = "test mail"
_PAUSE: Final = timedelta(minutes=1)
"""What is asked for again so soon was asked for once."""


def try_mail(
    store: Store, settings: Settings, edition_id: str, person: Person, now: datetime, deliver: Deliver
) -> bool:
    """Send an edition as it stands to one person; False where that was just done.

    Raises EditionError, RenderError, MailError.
    """
    if person.email is None or not settings.post.allows(person.email):
        raise MailError("No mail may go to your address; TANDEM_MAIL_ALLOWED says to which it may")
    edition = get(store, edition_id)
    reads = reader(person, edition.name, person.customers or frozenset())
    mail = render_email(edition, settings.brand, reads)
    with store.noting() as connection:
        mine = (person.person_id, _WHAT)
        before = [
            each.at for each in people.decisions(connection, edition_id) if (each.who, each.what) == mine
        ]
        if before and now - before[-1] < _PAUSE:
            return False
        people.decided(connection, now, person.person_id, _WHAT, edition_id)
    mail = replace(mail, subject=f"Test: {mail.subject}")
    name = f"test-{edition_id}-{now:%Y%m%dT%H%M%S}-{token_hex(4)}"
    message_id = f"<{name}@{settings.brand.list_id}>"
    deliver(person.email, name, eml(mail, settings.sender, person.email, message_id, now))
    return True
