"""Use case: a person signs in by a link, sent to their mail address or made on the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from secrets import token_hex
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from shared.people.addresses import key
from shared.people.model import PeopleError, Person
from shared.people.reading import one, row, those
from shared.rendering.environment import template
from shared.rendering.writing import Rendered
from shared.sending import eml, save
from shared.store import people, sign_ins

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from shared.settings import Settings
    from shared.store.engine import Store


Deliver = Callable[[str, str, bytes], object]
"""Takes the recipient, a name for the mail, and its bytes."""


def link_by_mail(
    store: Store, settings: Settings, email: str, then: str, now: datetime, deliver: Deliver
) -> None:
    """Send a link, which goes on to a path of ours, to whoever has this address, if anybody has."""
    person = _holder(store, email)
    if person is None or person.email is None:
        return
    link = _link(settings, sign_ins.link(store, person.person_id, now), then)
    name = f"sign-in-{now:%Y%m%dT%H%M%S}-{token_hex(4)}"
    message_id = f"<{name}@{settings.brand.list_id}>"
    mail = eml(_letter(settings, person, link), settings.sender, person.email, message_id, now)
    deliver(person.email, name, mail)


def into_folder(folder: Path, _recipient: str, name: str, message: bytes) -> None:
    """Deliver to a folder of .eml files."""
    save(folder, name, message)


def link_on_console(
    store: Store, settings: Settings, person_id: str, now: datetime, *, administrator: bool, who: str
) -> str:
    """A link for a person, whom it may make an administrator: the first has nobody to ask. PeopleError."""
    with store.noting() as connection:
        people.take_turns(connection)
        person = one(connection, person_id)
        if person.erased_at is not None:
            raise PeopleError(f"{person_id} was erased; name somebody else")
        if administrator and "administrator" not in person.roles:
            raised = person.roles | {"administrator"}
            people.put(connection, [row(replace(person, roles=raised))])
            people.decided(connection, now, who, "roles", person_id, " ".join(sorted(raised)))
        people.decided(connection, now, who, "sign-in link", person_id)
    return _link(settings, sign_ins.link(store, person_id, now), "/")


def _link(settings: Settings, secret: str, then: str) -> str:
    """The secret is in the part of an address that is written to no log."""
    return f"{settings.newsroom_url}/sign-in/link?{urlencode({'secret': secret, 'next': then})}"


def _holder(store: Store, email: str) -> Person | None:
    try:
        wanted = key(email)
    except ValueError:
        return None
    with store.reading() as connection:
        found = people.holders(connection, [wanted]).get(wanted)
        person = those(connection, [found]).get(found) if found else None
    return None if person is None or person.erased_at is not None else person


def _letter(settings: Settings, person: Person, link: str) -> Rendered:
    shown = {"brand": settings.brand, "name": person.name, "link": link, "minutes": 15}
    told = {
        part: template(f"web/mails/sign_in.{part}.j2", person.language).render(shown)
        for part in ("subject.txt", "txt", "html")
    }
    return Rendered(told["subject.txt"].strip(), told["txt"], told["html"])
