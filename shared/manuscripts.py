"""Use case: people write a story, and go on with it whenever they like."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from shared import seeking
from shared.events.drafts import MOST_PHOTOS
from shared.photos import picture
from shared.prefilling import known
from shared.projecting.built import latest
from shared.projecting.reading import Reading
from shared.store import manuscripts, stories
from shared.stories.manuscript import ASKED, Attached, Manuscript, Words
from shared.stories.review import story_id_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.people.model import Person
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.stories.review import Story

MOST: Final = 50
"""Stories that one person may have begun and not handed in."""
_KEPT_PHOTOS: Final = 5 * MOST_PHOTOS


class FullError(Exception):
    """There is no room for one more; the message says for what."""


def begin(store: Store, me: Person, order_id: str, now: datetime, rules: Rules, language: str) -> Manuscript:
    """Begin a story about an order, with what is known; one that was begun about it is gone on with."""
    with store.reading() as connection:
        mine = manuscripts.all_of(connection, me.person_id)
        words = filled(connection, me, order_id, now, rules, language)
    unsent = [each for each in mine if not each.sent]
    if same := next((each for each in unsent if each.words.order_id == order_id), None):
        return same
    if len(unsent) >= MOST:
        raise FullError("stories")
    return _new(store, me, f"D-{secrets.token_hex(6)}", words, now)


def filled(
    connection: Connection, me: Person, order_id: str, now: datetime, rules: Rules, language: str
) -> Words:
    """The words that a story about an order begins with; none where nobody knows the order."""
    reading = Reading(connection, latest(connection, now), rules)
    begun = known(reading, order_id, language, seeking.helping(me.department))
    if begun is None:
        return Words()
    return Words(answers=begun.answers[:ASKED], order_id=order_id)


def resume(store: Store, me: Person, story_id: str, now: datetime) -> Manuscript | None:
    """Go on with a story that this person handed in, by whatever way; None where there is none."""
    with store.reading() as connection:
        story = stories.found(connection, [story_id]).get(story_id)
        if story is None or story.submitted_by is None or story.submitted_by.person_id != me.person_id:
            return None
        draft_id = story.subject.removeprefix(stories.DRAFTS)
        mine = manuscripts.all_of(connection, me.person_id)
    if same := next((each for each in mine if each.draft_id == draft_id), None):
        return same
    words = _words_of(story)
    return _new(store, me, draft_id, words, now, sent=1, sent_words=words)


def opened(store: Store, me: Person, manuscript_id: str) -> tuple[Manuscript, Story | None] | None:
    """A manuscript as its author finds it, and its story once there is one; None where it is not theirs.

    What was sent while nobody was signed in is the newest version; what an editor changed since it was
    handed in stands where the author changed nothing.
    """
    with store.noting() as connection:
        found = manuscripts.of_person(connection, me.person_id, manuscript_id)
        if found is None:
            return None
        if found.returns and found.aside is not None:
            words = replace(found.aside, photos=_own(found, found.aside))
            found = replace(found, words=words, aside=found.words)
        story_id = story_id_of(found.draft_id)
        story = stories.found(connection, [story_id]).get(story_id)
        if story is not None and story.edited_by is not None and found.is_sent:
            words = found.words.reworded(story.content.title, story.content.body)
            if words.body != found.words.body or words.title != found.words.title:
                found = replace(found, words=words, sent_words=words, aside=found.words)
        if found.returns:
            manuscripts.put(connection, replace(found, returns=False))
        return found, story


def save(store: Store, me: Person, manuscript_id: str, words: Words, now: datetime) -> Manuscript | None:
    """Keep what someone wrote; None where the manuscript is not theirs."""
    with store.noting() as connection:
        found = manuscripts.of_person(connection, me.person_id, manuscript_id)
        if found is None:
            return None
        words = replace(words, photos=_own(found, words))
        if words != found.words:
            found = replace(found, words=words, changed_at=now)
            manuscripts.put(connection, found)
        return found


def swap(store: Store, me: Person, manuscript_id: str, now: datetime) -> None:
    """Go on with the version that was put aside, and put aside the one that stands."""
    with store.noting() as connection:
        found = manuscripts.of_person(connection, me.person_id, manuscript_id)
        if found is not None and found.aside is not None:
            swapped = replace(found, words=found.aside, aside=found.words, changed_at=now)
            manuscripts.put(connection, swapped)


def add_photo(store: Store, me: Person, manuscript_id: str, raw: bytes, now: datetime) -> Manuscript | None:
    """Add a photo to what was saved; None where that is gone by now. Raises PhotoError and FullError."""
    made = picture(raw)
    with store.noting() as connection:
        found = manuscripts.of_person(connection, me.person_id, manuscript_id)
        if found is None:
            return None
        tidy(connection, found)
        full = manuscripts.count_photos(connection, found.draft_id) >= _KEPT_PHOTOS
        if full or len(found.words.photos) >= MOST_PHOTOS:
            raise FullError("photos")
        photo = manuscripts.Photo(
            secrets.token_hex(16), found.draft_id, me.person_id, "", made.width, made.height
        )
        photo_id = manuscripts.add_photo(connection, photo, made.content, made.digest, now)
        found = replace(found, words=found.words.with_photo(photo_id), changed_at=now)
        manuscripts.put(connection, found)
        return found


def drop_photo(store: Store, me: Person, manuscript_id: str, photo_id: str, now: datetime) -> None:
    """Take a photo out of what was saved."""
    with store.noting() as connection:
        found = manuscripts.of_person(connection, me.person_id, manuscript_id)
        if found is not None:
            left = replace(found, words=found.words.without_photo(photo_id), changed_at=now)
            manuscripts.put(connection, left)


def discard(store: Store, me: Person, manuscript_id: str) -> bool:
    """Throw away what was never handed in; whether it was there."""
    with store.noting() as connection:
        found = manuscripts.of_person(connection, me.person_id, manuscript_id)
        if found is None or found.sent:
            return False
        manuscripts.remove(connection, found)
        return True


def tidy(connection: Connection, manuscript: Manuscript) -> None:
    """Throw away the photos that neither a version nor the story shows."""
    versions = (manuscript.words, manuscript.aside, manuscript.sent_words)
    needed = {photo.photo_id for words in versions if words for photo in words.photos}
    for story in stories.found(connection, [story_id_of(manuscript.draft_id)]).values():
        needed |= set(story.content.photos)
    manuscripts.drop_photos(connection, manuscript.draft_id, needed)


def _own(manuscript: Manuscript, words: Words) -> tuple[Attached, ...]:
    """The photos that the manuscript has, described as these words do.

    A version that was sent before one was added does not take it out: only its button does.
    """
    told = {each.photo_id: each.alt for each in words.photos}
    return tuple(replace(each, alt=told.get(each.photo_id, each.alt)) for each in manuscript.words.photos)


def _new(store: Store, me: Person, draft_id: str, words: Words, now: datetime, **more: Any) -> Manuscript:
    made = Manuscript(secrets.token_hex(16), me.person_id, draft_id, words, now, now, **more)
    with store.noting() as connection:
        manuscripts.begin(connection, made)
    return made


def _words_of(story: Story) -> Words:
    content = story.content
    words = Words(
        order_id=next(iter(content.order_ids), ""),
        witness=next((each.person_id for each in content.named), ""),
        thanks=tuple(each.person_id for each in content.thanks),
    )
    return words.reworded(content.title, content.body)
