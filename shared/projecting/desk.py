"""From the drafts in the journal to the stories that wait for an editor: whatever way they came in."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from shared.events.drafts import DraftSubmitted
from shared.store import stories
from shared.store.names import event_texts
from shared.store.stories import Entry
from shared.stories.review import TRANSITIONS, Content, Mention, Story, story_id_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.events.payload import Person
    from shared.projecting.reading import Reading

_FOLLOWING = 0x54616E64656D04


def follow(reading: Reading, draft_ids: Iterable[str]) -> None:
    """Have stories read as they were submitted last; asking again changes nothing.

    What was submitted anew waits for an editor anew, whoever had approved it. What was loaded as history
    does not.
    """
    _take_turns(reading.connection)
    told = submissions(reading, draft_ids)
    for name in sorted(draft_ids):
        before = stories.locked(reading.connection, story_id_of(name))
        if (story := told.get(name)) is not None:
            _submit(reading, before, story)
        elif before is not None and before.state != "published":
            _take_back(reading, before)


def submissions(reading: Reading, draft_ids: Iterable[str]) -> dict[str, Story]:
    """By draft, what was submitted last, as the story that waits from then on."""
    told = {
        name: submitted
        for name, events in reading.in_force("draft", draft_ids).items()
        if (submitted := _last(events)) is not None
    }
    texts = event_texts(reading.connection, [event.key for event in told.values()])
    found: dict[str, Story] = {}
    for name, event in told.items():
        title, body = (texts.get((*event.key, path), "") for path in ("title", "body"))
        found[name] = _new(event, _content(event.data, title, body), reading.as_of)
    return found


def _take_turns(connection: Connection) -> None:
    """Let no two take up the same draft; on SQLite nobody else writes anyhow."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_FOLLOWING)))


def _last(events: Sequence[Event[Any]]) -> Event[DraftSubmitted] | None:
    """What was submitted last, by when that was."""
    told = [each for each in events if isinstance(each.data, DraftSubmitted) and not each.data.backfill]
    return max(told, key=lambda event: (event.time, *event.key), default=None)


def _content(data: DraftSubmitted, title: str, body: str) -> Content:
    return Content(
        title=unicodedata.normalize("NFC", title).strip(),
        body=unicodedata.normalize("NFC", body).strip(),
        order_ids=tuple(dict.fromkeys(data.order_ids)),
        customer_id=data.customer_id,
        thanks=_mentions(data.thanks),
        named=_mentions(data.named),
        photos=tuple(dict.fromkeys(data.photos)),
    )


def _mentions(people: Iterable[Person]) -> tuple[Mention, ...]:
    return tuple({each.person_id: Mention(each.person_id, each.department) for each in people}.values())


def _new(event: Event[DraftSubmitted], content: Content, now: datetime) -> Story:
    actor = event.data.actor
    return Story(
        story_id=story_id_of(event.data.draft_id),
        subject=event.data.subject,
        state="submitted",
        content=content,
        submitted_by=None if actor is None else Mention(actor.person_id, actor.department),
        via=event.source,
        submitted_at=event.time,
        changed_at=now,
        waits_since=now,
        sent_hash=content.hash + (actor.person_id if actor else ""),
    )


def _submit(reading: Reading, before: Story | None, story: Story) -> None:
    """A new story, or a known one with new content, as far as its state allows."""
    if before is not None:
        if before.sent_hash == story.sent_hash or before.state not in TRANSITIONS["submit"]:
            return
        story = replace(story, state=TRANSITIONS["submit"][before.state])
    stories.put(reading.connection, story, new=before is None)
    who = story.submitted_by.person_id if story.submitted_by else None
    note = f"told by {story.via}"
    stories.log(reading.connection, Entry.of(story, reading.as_of, "submit", who, note, reworded=True))


def _take_back(reading: Reading, story: Story) -> None:
    """The event that submitted it never happened."""
    if story.state not in TRANSITIONS["retract"]:
        return
    gone = replace(story, state="retracted", waits_since=reading.as_of)
    stories.put(reading.connection, gone, new=False)
    note = "its source took back what had submitted it"
    stories.log(reading.connection, Entry.of(gone, reading.as_of, "retract", None, note))
