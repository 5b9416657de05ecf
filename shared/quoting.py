"""What people wrote in thanks, as others may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import true

from shared.languages import ENGLISH
from shared.store.names import confidential, everybody
from shared.store.people import named
from shared.stories.languages import phrases
from shared.stories.names import clean, shortened
from shared.stories.redaction import Hidden, redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy import Connection, Row


def quotable(connection: Connection, thanks: Iterable[Row[Any]]) -> dict[str, str]:
    """The notes that everyone may read, without names of people who do not wish to be named."""
    shown = [each for each in thanks if each.shown and each.note]
    if not shown:
        return {}
    hidden = secret(connection)
    everyone = everybody(connection)
    agreed = named(connection, everyone)
    hidden += [
        Hidden(name)
        for person_id, called in sorted(everyone.items())
        if person_id not in agreed
        for name in sorted(called)
    ]
    return {each.thanks_id: redacted(each.note, hidden) for each in shown}


def personal(connection: Connection, thanks: Iterable[Row[Any]]) -> dict[str, str]:
    """The notes as those may read them whom they are for: only customers that are confidential go."""
    written = [each for each in thanks if each.note]
    hidden = secret(connection) if written else []
    return {each.thanks_id: redacted(each.note, hidden) for each in written}


def secret(
    connection: Connection, about: Collection[str | None] = (), language: str = ENGLISH
) -> list[Hidden]:
    """The customers whose names not everyone may see; whom a text is `about` it may call by a short name."""
    return [
        Hidden(
            name,
            instead=phrases(language).undisclosed(clean(segment or "") or None),
            short=shortened(name) if customer_id in about else (),
        )
        for customer_id, segment, called in confidential(connection, true())
        for name in called
    ]
