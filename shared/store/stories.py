"""The stories that people tell, and the log of who did what to them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from sqlalchemy import Connection, Row, and_, exists, func, insert, select, update

from shared import tables
from shared.languages import ENGLISH, languages
from shared.store.chunks import Among, run_among
from shared.store.people import spoken
from shared.stories.redaction import Hidden, redacted
from shared.stories.review import OBJECTIONS, Content, Mention, State, Story

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from shared.roles import Action

_S, _L, _J = tables.stories.c, tables.story_log.c, tables.journal.c
_STORIES = select(tables.stories).where(Among(_S.story_id))
_LOGGED = select(tables.story_log).where(Among(_L.story_id)).order_by(_L.number)
_T = tables.texts.c
_DRAFTED = (
    select(tables.texts)
    .join(tables.journal, and_(_J.source == _T.source, _J.id == _T.id))
    .where(_J.type.startswith("tandem.draft."))
)
DRAFTS, _AFTER = "draft/", "draft0"
"""What their subjects begin with, and the first text behind them: an index finds what lies between."""


class Entry(NamedTuple):
    """One line of the log: what was done to a story, by whom, and what it was from then on."""

    story_id: str
    at: datetime
    action: Action
    by: str | None
    state: State
    hash: str
    title: str | None = None
    body: str | None = None
    note: str | None = None

    @classmethod
    def of(
        cls,
        story: Story,
        at: datetime,
        action: Action,
        by: str | None,
        note: str | None = None,
        *,
        reworded: bool = False,
    ) -> Entry:
        """What was done, and the story as it is from then on; with its words, where they are other ones."""
        content = story.content
        words = (content.title, content.body) if reworded else (None, None)
        return cls(story.story_id, at, action, by, story.state, content.hash, words[0], words[1], note)


@dataclass(slots=True)
class Stood:
    """How a story stood at an instant, as its log tells it."""

    state: State
    hash: str
    title: str
    body: str
    changed_at: datetime
    objected: set[str] = field(default_factory=set)
    """Who objected to being named, whenever that was: an objection also holds for the past."""

    def words(self, content: Content) -> Content:
        """Content in the words of that instant."""
        return content.reworded(self.title, self.body)


def found(connection: Connection, story_ids: Iterable[str]) -> dict[str, Story]:
    """Stories by id."""
    return {row.story_id: _story(row) for row in run_among(connection, _STORIES, story_ids)}


def listed(connection: Connection, state: State | None = None) -> list[Story]:
    """All stories, or those in a state."""
    query = select(tables.stories).order_by(_S.waits_since, _S.story_id)
    if state is not None:
        query = query.where(_S.state == state)
    return [_story(row) for row in connection.execute(query)]


def of_author(connection: Connection, person_id: str) -> list[Story]:
    """The stories that a person submitted, by whatever way."""
    begins = orjson.dumps({"person_id": person_id}).decode().removesuffix("}") + ","
    query = select(tables.stories).where(_S.submitted_by.startswith(begins, autoescape=True))
    return [_story(row) for row in connection.execute(query.order_by(_S.story_id))]


def standing(connection: Connection) -> list[Story]:
    """Those that may still be told."""
    query = select(tables.stories).where(_S.state.in_(("submitted", "returned", "approved")))
    return [_story(row) for row in connection.execute(query.order_by(_S.story_id))]


def counts(connection: Connection) -> dict[State, int]:
    """How many stories are in each state."""
    query = select(_S.state, func.count()).group_by(_S.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def locked(connection: Connection, story_id: str) -> Story | None:
    """One story, which nobody else changes until this transaction ends."""
    query = select(tables.stories).where(_S.story_id == story_id).with_for_update()
    row = connection.execute(query).first()
    return None if row is None else _story(row)


def unknown(connection: Connection) -> list[str]:
    """The drafts in the journal of which there is no story yet."""
    known = exists().where(_S.subject == _J.subject)
    query = select(_J.subject).where(_J.subject > DRAFTS, _J.subject < _AFTER, ~known).distinct()
    return [subject.removeprefix(DRAFTS) for subject in connection.scalars(query)]


def disputes(connection: Connection) -> list[tuple[int, str, str]]:
    """Each time that a named person said it was someone else, and no editor did anything since.

    By its number in the log, with the story and what it is called.
    """
    since = tables.story_log.alias("since").c
    read = exists().where(
        since.story_id == _L.story_id, since.number > _L.number, since.action.not_in(sorted(OBJECTIONS))
    )
    query = (
        select(_L.number, _L.story_id, _S.title)
        .join(tables.stories, _S.story_id == _L.story_id)
        .where(_L.action == "dispute", ~read)
        .order_by(_L.number)
    )
    return [(number, story_id, title) for number, story_id, title in connection.execute(query)]


def put(connection: Connection, story: Story, *, new: bool) -> None:
    """Write a story as it stands."""
    row = _row(story)
    statement: Any = insert(tables.stories)
    if not new:
        statement = update(tables.stories).where(_S.story_id == story.story_id)
    connection.execute(statement.values(row))


def log(connection: Connection, entry: Entry) -> None:
    """Add a line to the log."""
    connection.execute(insert(tables.story_log).values(entry._asdict()))


def history(connection: Connection, story_id: str) -> list[Entry]:
    """All that was done to a story, in its order."""
    return histories(connection, [story_id])[story_id]


def histories(connection: Connection, story_ids: Iterable[str]) -> dict[str, list[Entry]]:
    """The same of several stories."""
    found: dict[str, list[Entry]] = {story_id: [] for story_id in story_ids}
    for row in run_among(connection, _LOGGED, found):
        found[row.story_id].append(_entry(row))
    return found


def changes(connection: Connection, story_ids: Iterable[str]) -> dict[str, Entry]:
    """What brought each story into the state it is in."""
    found: dict[str, Entry] = {}
    for row in run_among(connection, _LOGGED, story_ids):
        entry = _entry(row)
        if entry.story_id not in found or found[entry.story_id].state != entry.state:
            found[entry.story_id] = entry
    return found


def stood(connection: Connection, story_ids: Iterable[str], as_of: datetime) -> dict[str, Stood]:
    """How stories stood at an instant; one that was not there yet is missing."""
    told: dict[str, Stood] = {}
    objected: dict[str, set[str]] = {}
    for row in run_among(connection, _LOGGED, story_ids):
        entry = _entry(row)
        if entry.action in OBJECTIONS and entry.by is not None:
            objected.setdefault(entry.story_id, set()).add(entry.by)
        if entry.at <= as_of:
            told[entry.story_id] = _then(told.get(entry.story_id), entry)
    for story_id, people in objected.items():
        if story_id in told:
            told[story_id].objected = people
    return told


def objected_since(connection: Connection, story_ids: Iterable[str], since: datetime) -> set[str]:
    """The stories in which someone did not want to be named, and said so after an instant."""
    entries = (_entry(row) for row in run_among(connection, _LOGGED, story_ids))
    return {each.story_id for each in entries if each.action in OBJECTIONS and each.at > since}


def objections(connection: Connection) -> list[tuple[str, str]]:
    """Every story with who does not want to be named in it."""
    query = select(_L.story_id, _L.by).where(_L.action.in_(sorted(OBJECTIONS)), _L.by.is_not(None)).distinct()
    return [(row[0], row[1]) for row in connection.execute(query.order_by(_L.story_id, _L.by))]


def erase(connection: Connection, person: Hidden) -> None:
    """Take a person's name out of every story, its log and its draft, for good; decisions stand as they were.

    Whoever forgets a person calls it while the name is still known. Who did what stays, by id.
    """
    every = {story.story_id: story for story in listed(connection)}
    language = languages_of(connection, every.values())
    for story in every.values():
        content = story.content
        words = (redacted(text, [person], language[story.story_id]) for text in (content.title, content.body))
        clean = content.reworded(*words)
        if clean != content:
            put(connection, replace(story, content=clean), new=False)
            own = and_(_L.story_id == story.story_id, _L.hash == content.hash)
            connection.execute(update(tables.story_log).where(own).values(hash=clean.hash))
    for row in connection.execute(select(tables.story_log)).all():
        texts = {name: getattr(row, name) for name in ("title", "body", "note")}
        of = language.get(row.story_id, ENGLISH)
        cleaned = {name: text and redacted(text, [person], of) for name, text in texts.items()}
        if cleaned != texts:
            connection.execute(update(tables.story_log).where(_L.number == row.number).values(cleaned))
    for row in connection.execute(_DRAFTED).all():
        if (text := redacted(row.text, [person])) != row.text:
            own = and_(_T.source == row.source, _T.id == row.id, _T.path == row.path)
            connection.execute(update(tables.texts).where(own).values(text=text))


def languages_of(connection: Connection, told: Iterable[Story]) -> dict[str, str]:
    """The language in which each story is written: that of whoever submitted it."""
    by = {each.story_id: each.submitted_by.person_id for each in told if each.submitted_by}
    known = spoken(connection, set(by.values()))
    return defaultdict(
        lambda: ENGLISH, {id_: known[who] for id_, who in by.items() if known.get(who) in languages()}
    )


def newest(connection: Connection) -> int:
    """The number of the line that came last; 0 before the first."""
    return connection.scalar(select(func.max(_L.number))) or 0


def _then(before: Stood | None, entry: Entry) -> Stood:
    changed = before is None or entry.title is not None
    return Stood(
        state=entry.state,
        hash=entry.hash,
        title=(entry.title or "") if before is None or entry.title is not None else before.title,
        body=(entry.body or "") if before is None or entry.body is not None else before.body,
        changed_at=entry.at if before is None or changed else before.changed_at,
    )


def _entry(row: Row[Any]) -> Entry:
    return Entry(**{name: getattr(row, name) for name in Entry._fields})


def _story(row: Row[Any]) -> Story:
    about = orjson.loads(row.about)
    content = Content(
        title=row.title,
        body=row.body,
        order_ids=tuple(about["order_ids"]),
        customer_id=about["customer_id"],
        thanks=_mentions(about["thanks"]),
        named=_mentions(about["named"]),
        photos=tuple(about.get("photos", ())),
    )
    by = None if row.submitted_by is None else Mention(**orjson.loads(row.submitted_by))
    names = ("story_id", "subject", "state", "via", "submitted_at", "changed_at", "waits_since")
    more = ("edited_by", "merged_into", "sent_hash")
    return Story(content=content, submitted_by=by, **{name: getattr(row, name) for name in (*names, *more)})


def _mentions(told: Iterable[dict[str, str]]) -> tuple[Mention, ...]:
    return tuple(Mention(**each) for each in told)


def _row(story: Story) -> dict[str, Any]:
    content = asdict(story.content)
    by = story.submitted_by
    return {
        "story_id": story.story_id,
        "subject": story.subject,
        "state": story.state,
        "title": content.pop("title"),
        "body": content.pop("body"),
        "about": orjson.dumps(content).decode(),
        "submitted_by": None if by is None else orjson.dumps(by).decode(),
        "via": story.via,
        "submitted_at": story.submitted_at,
        "changed_at": story.changed_at,
        "waits_since": story.waits_since,
        "edited_by": story.edited_by,
        "merged_into": story.merged_into,
        "sent_hash": story.sent_hash,
    }
