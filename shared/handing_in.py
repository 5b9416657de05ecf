"""Use case: a story that is ready is handed in, once; what keeps it from that is said field by field."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from shared import seeking
from shared.events.decoding import Rejected
from shared.manuscripts import tidy
from shared.people.choosing import prefer
from shared.rendering.markdown import MarkdownError, to_text
from shared.store import manuscripts, stories
from shared.stories.checks import word_count
from shared.stories.concerns import MOST_WORDS
from shared.stories.manuscript import DEED, Manuscript, Words
from shared.stories.review import story_id_of
from shared.stories.submission import of_form
from shared.submitting import OtherContentError, Submitted, submit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.people.model import Person
    from shared.rules import Rules
    from shared.store.engine import Store

People: TypeAlias = dict[str, seeking.FoundPerson]
VIA: Final = "tandem/newsroom"
_TRIES: Final = 5
ANSWER: Final = f"answer-{DEED}"
"""The field beside which stands what is wrong with the text as a whole."""


class Wrong(NamedTuple):
    """What is wrong with a field: `what` is known to the page, `why` says more in English."""

    what: str
    why: str = ""


class NotReadyError(Exception):
    """What has to change before a story can be handed in, by field."""

    def __init__(self, wrong: dict[str, Wrong]) -> None:
        super().__init__(", ".join(wrong))
        self.wrong = wrong


def hand_in(store: Store, me: Person, manuscript: Manuscript, now: datetime, rules: Rules) -> Submitted:
    """Hand a story in; the same again changes nothing, however often it comes. Raises NotReadyError."""
    story_id, words = story_id_of(manuscript.draft_id), manuscript.words
    with store.reading() as connection:
        people = seeking.people_by_id(connection, {words.witness, *words.thanks})
        wrong = dict(_wrong(connection, me, words, people))
        about = seeking.orders_by_id(connection, [words.order_id])
        story = stories.found(connection, [story_id]).get(story_id)
    if manuscript.is_sent and story is not None and not wrong:
        if story.state == "returned":
            raise NotReadyError({"unchanged": Wrong("unchanged")})
        return Submitted(manuscript.draft_id, story_id, "known")
    if wrong:
        raise NotReadyError(wrong)
    words = _described(store, words)
    told = replace(manuscript, words=words)
    made, number = _submitted(store, me, told, people, about[0].customer_id, now=now, rules=rules)
    _note(store, manuscript, words, number)
    if words.naming and words.naming != me.naming:
        prefer(store, me.person_id, now, who=me.person_id, naming=words.naming)
    return made


def _wrong(connection: Connection, me: Person, words: Words, people: People) -> Iterator[tuple[str, Wrong]]:
    """What keeps a story from being handed in, field by field."""
    if seeking.side_of(me.department) is None:
        yield "by", Wrong("no side")
    if not words.order_id:
        yield "order", Wrong("missing")
    elif not seeking.orders_by_id(connection, [words.order_id]):
        yield "order", Wrong("unknown")
    yield from _wrong_text(words)
    yield from _wrong_people(me, words, people)
    yield from ((f"alt-{each.photo_id}", Wrong("missing")) for each in words.photos if not each.alt.strip())


def _wrong_text(words: Words) -> Iterator[tuple[str, Wrong]]:
    if not words.title.strip():
        yield "title", Wrong("missing")
    if not words.answers[DEED].strip():
        yield ANSWER, Wrong("missing")
        return
    try:
        if (count := word_count(to_text(words.body))) > MOST_WORDS:
            yield ANSWER, Wrong("too long", str(count))
    except MarkdownError as error:
        yield ANSWER, Wrong("refused", str(error))


def _wrong_people(me: Person, words: Words, people: People) -> Iterator[tuple[str, Wrong]]:
    if words.witness and words.witness not in people:
        yield "witness", Wrong("unknown")
    elif words.witness and people[words.witness].department not in seeking.other_side(me.department):
        yield "witness", Wrong("same side")
    if set(words.thanks) - set(people):
        yield "thanks", Wrong("unknown")


def _submitted(
    store: Store,
    me: Person,
    manuscript: Manuscript,
    people: People,
    customer_id: str,
    *,
    now: datetime,
    rules: Rules,
) -> tuple[Submitted, int]:
    """Hand in the next version; where another one came under its number meanwhile, this one comes after."""
    words = manuscript.words
    form = {
        "draft_id": manuscript.draft_id,
        "title": words.title,
        "body": words.body,
        "by": {"person_id": me.person_id, "department": me.department, "name": me.name},
        "order_ids": [words.order_id],
        "customer_id": customer_id,
        "thanks": [_person(people[each]) for each in words.thanks],
        "named": [_person(people[words.witness])] if words.witness else [],
        "photos": [each.photo_id for each in words.photos],
    }
    submission = of_form({name: value for name, value in form.items() if value != []})
    for number in range(manuscript.sent, manuscript.sent + _TRIES):
        key = f"{manuscript.manuscript_id}.{number}"
        try:
            return submit(store, submission, via=VIA, key=key, now=now, rules=rules), number
        except OtherContentError:
            continue
        except Rejected as rejected:
            field = {"body": ANSWER, "order_ids": "order"}.get(rejected.field, rejected.field)
            raise NotReadyError({field: Wrong("refused", rejected.reason)}) from None
    raise NotReadyError({"by": Wrong("meanwhile")})


def _described(store: Store, words: Words) -> Words:
    """The words with the photos that are said to show just this."""
    if not words.photos:
        return words
    with store.noting() as connection:
        told = [
            (manuscripts.describe(connection, each.photo_id, each.alt.strip(), secrets.token_hex(16)), each)
            for each in words.photos
        ]
        return replace(words, photos=tuple(replace(each, photo_id=id_) for id_, each in told))


def _note(store: Store, manuscript: Manuscript, words: Words, number: int) -> None:
    """Keep that it was handed in; what was written meanwhile stays."""
    with store.noting() as connection:
        found = manuscripts.of_person(connection, manuscript.person_id, manuscript.manuscript_id)
        if found is None:
            return
        now_reads = words if found.words == manuscript.words else found.words
        sent = max(found.sent, number + 1)
        noted = replace(found, words=now_reads, sent=sent, sent_words=words, aside=None)
        manuscripts.put(connection, noted)
        tidy(connection, noted)


def _person(found: seeking.FoundPerson) -> dict[str, str]:
    return {"person_id": found.person_id, "department": found.department, "name": found.name}
