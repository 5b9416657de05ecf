"""Use case: people say how they want to be named and what they want to read, and can be forgotten."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from shared import tables
from shared.editions.registry import EDITIONS
from shared.editions.withholding import Withheld
from shared.languages import languages
from shared.people.addresses import hashed
from shared.people.forgetting import forget
from shared.people.model import FREQUENCIES, NAMINGS, QUESTIONS, PeopleError, UnknownWordError
from shared.people.reading import one, row
from shared.store import choosing, journal, ledger, manuscripts, people, sign_ins, signs, stories, thanks
from shared.store.chunks import MOST
from shared.store.names import person_names
from shared.stories.names import clean
from shared.stories.redaction import Hidden

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.people.model import Person
    from shared.store.engine import Store
    from shared.store.journal import Key


def prefer(
    store: Store,
    person_id: str,
    now: datetime,
    *,
    who: str,
    language: str | None = None,
    naming: str | None = None,
    subscriptions: Mapping[str, str] | None = None,
) -> Person:
    """Keep what a person chose; no list of people changes it again. Raises PeopleError."""
    wanted = dict(subscriptions or {})
    _check(language, naming, wanted)
    with store.noting() as connection:
        people.take_turns(connection)
        person = _here(connection, person_id)
        chose = {"language": language, "naming": naming}
        chose = {name: value for name, value in chose.items() if value is not None}
        changed = replace(person, **chose, chosen=person.chosen | chose.keys())  # type: ignore[arg-type]
        if changed != person:
            people.put(connection, [row(changed)])
        for edition, frequency in sorted(wanted.items()):
            people.subscribe(connection, person_id, edition, frequency)
            if frequency == "never":
                ledger.exclude(connection, person_id, "unsubscribed", now, edition)
        said = " ".join(f"{name}={value}" for name, value in sorted({**chose, **wanted}.items()))
        people.decided(connection, now, who, "prefer", person_id, said)
        if who in (person_id, f"{person_id} by link"):  # they themselves, and nobody for them
            signs.note(connection, person_id, now)
        return one(connection, person_id)


def _check(language: str | None, naming: str | None, wanted: Mapping[str, str]) -> None:
    _known("language", language, languages())
    _known("way of naming", naming, NAMINGS)
    for edition, frequency in wanted.items():
        _known("edition", edition, (*sorted(EDITIONS), QUESTIONS))
        _known("frequency", frequency, FREQUENCIES)


def _known(what: str, word: str | None, words: tuple[str, ...]) -> None:
    if word is not None and word not in words:
        raise UnknownWordError(f"There is no {what} called {word!r}; write one of {', '.join(words)}")


def erase(store: Store, person_id: str, now: datetime, *, who: str) -> Person:
    """Forget a person's name, address, choices and what they wrote; figures and wins stay as they are.

    The row stays, so that no later list or event brings the name back. Raises PeopleError.
    """
    with store.writing(alone=True) as connection:
        people.take_turns(connection)
        person = one(connection, person_id)
        if person.erased_at is not None:
            return person
        if person.email:
            people.suppress(connection, hashed(store.secret, person.email), "erased", now)
        _forget(connection, person)
        gone = replace(
            person, email=None, name=None, naming="never", roles=frozenset(), customers=None,
            chosen=frozenset(), erased_at=now, subscriptions={},
        )  # fmt: skip
        people.put(connection, [row(gone)])
        ledger.exclude(connection, person_id, "erased", now)
        ledger.forget(connection, person_id)
        people.decided(connection, now, who, "erase", person_id)
        return gone


def _forget(connection: Connection, person: Person) -> None:
    person_id, name, text = person.person_id, tables.names.c, tables.texts.c
    names = sorted(person_names(connection, [person_id]) | ({person.name} if person.name else set()))
    for called in names:
        for kept in (stories, choosing, manuscripts, thanks):
            kept.erase(connection, Hidden(called, person.department))
    forget(connection, [Withheld(clean(called), person.department) for called in names])
    connection.execute(delete(tables.names).where(name.kind == "person", name.id == person_id))
    connection.execute(delete(tables.subscriptions).where(tables.subscriptions.c.person_id == person_id))
    sign_ins.forget(connection, person_id)
    signs.forget(connection, person_id)
    manuscripts.forget(connection, person_id)
    thanks.forget(connection, person_id)
    for source, id_ in list(_written(connection, person_id)):
        connection.execute(delete(tables.texts).where(text.source == source, text.id == id_))


def _written(connection: Connection, person_id: str) -> Iterator[Key]:
    """The events in which this person wrote something."""
    text = tables.texts.c
    keys = iter([(row[0], row[1]) for row in connection.execute(select(text.source, text.id).distinct())])
    while some := list(islice(keys, MOST)):
        for key, event in journal.named(connection, some).items():
            actor = getattr(event.data, "actor", None)
            if actor is not None and actor.person_id == person_id:
                yield key


def _here(connection: Connection, person_id: str) -> Person:
    person = one(connection, person_id)
    if person.erased_at is not None:
        raise PeopleError(f"{person_id} was erased; there is nothing left to choose")
    return person
