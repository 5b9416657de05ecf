"""Use case: people write stories, editors review them, and nobody approves their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from shared.dossier import Dossier, by_rule, check, dossier, parties
from shared.events.catalogue import Rejected
from shared.projecting.built import latest
from shared.projecting.desk import follow
from shared.projecting.reading import Reading
from shared.store import stories
from shared.store.stories import Entry
from shared.stories.likeness import alike
from shared.stories.review import OBJECTIONS, PATIENCE, TRANSITIONS, due_on, is_overdue, refusal
from shared.stories.submission import words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy import Connection

    from shared.roles import Action, Actor
    from shared.rules import Rules
    from shared.store.engine import Store
    from shared.stories.concerns import Concern
    from shared.stories.likeness import Likeness
    from shared.stories.review import Patience, State, Story

_FEWEST = 8
"""Letters of a hash that name a content."""
_SHOWN = 5


class EditingError(Exception):
    """A story cannot be changed so; the message says why and what to do."""


class OtherwiseError(EditingError):
    """A story reads otherwise than what was seen of it."""


class ReasonNeededError(EditingError):
    """What no fact backs stands only for a reason."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story as the queue lists it."""

    story: Story
    age_days: int
    """Days in its state."""
    due: date | None
    overdue: bool


@dataclass(frozen=True)
class Desk:
    """The editors' desk at an instant; each action is one transaction and a line in the story's log."""

    store: Store
    as_of: datetime
    rules: Rules
    patience: Patience = PATIENCE
    hosts: Collection[str] = ()
    """Where links may lead without a reason."""

    def queue(self, state: State | None = None) -> list[Waiting]:
        """What waits too long first, then what else waits for an editor, oldest first; then all others."""
        self._catch_up()
        with self.store.reading() as connection:
            return in_turn(self.waiting(story) for story in stories.listed(connection, state))

    def show(self, story_id: str) -> tuple[Waiting, Dossier]:
        """A story with its evidence, its fact check and its history; raises EditingError."""
        self._catch_up()
        with self.store.reading() as connection:
            story = stories.found(connection, [story_id]).get(story_id) or self._by_rule(connection, story_id)
            return self.waiting(story), dossier(connection, story, self.as_of, self.rules, self.hosts)

    def counts(self) -> dict[State, int]:
        """How many stories are in each state."""
        with self.store.reading() as connection:
            return stories.counts(connection)

    def alike(self, story: Story) -> list[Likeness]:
        """Other stories that may tell the same, and may still be told."""
        with self.store.reading() as connection:
            return alike(story, stories.standing(connection))

    def check(self, story: Story) -> list[Concern]:
        """The fact check of a story in any words, such as those that someone is about to write."""
        with self.store.reading() as connection:
            return check(connection, story, self.as_of, self.rules, self.hosts)

    def find(self, story_id: str) -> Story:
        """A story as it stands, without all that speaks for it; raises EditingError."""
        with self.store.reading() as connection:
            return stories.found(connection, [story_id]).get(story_id) or self._by_rule(connection, story_id)

    def waiting(self, story: Story) -> Waiting:
        """A story with how long it waits."""
        return Waiting(
            story=story,
            age_days=max(0, (self.as_of - story.waits_since).days),
            due=due_on(story, self.patience, self.rules),
            overdue=is_overdue(story, self.patience, self.rules, self.as_of),
        )

    def approve(
        self, story_id: str, by: Actor, *, seen: str | None = None, reason: str | None = None
    ) -> Story:
        """Let a story be told as it reads now; `seen` is the hash of what the editor read.

        What no fact backs needs a `reason`, which is kept. Raises EditingError.
        """

        def decide(connection: Connection, story: Story) -> str | None:
            _read(story, seen)
            return _excused(story, check(connection, story, self.as_of, self.rules, self.hosts), reason)

        return self._act("approve", story_id, by, decide)

    def give_back(self, story_id: str, by: Actor, comment: str) -> Story:
        """Return a story to whoever submitted it, with what to change; raises EditingError."""
        return self._act("return", story_id, by, lambda *_: _said(comment, "comment", "what to change"))

    def retract(self, story_id: str, by: Actor, reason: str) -> Story:
        """Take a story out for good; if it was told, the next edition says so. Raises EditingError."""
        return self._act("retract", story_id, by, lambda *_: _said(reason, "reason", "why"))

    def object(self, story_id: str, by: Actor, comment: str = "") -> Story:
        """Do not name this person in a story; raises EditingError."""
        return self._act("object", story_id, by, lambda *_: comment.strip() or None)

    def comment(self, story_id: str, by: Actor, text: str) -> Story:
        """Say something about a story for whoever works on it; saying it twice in a row is once.

        Raises EditingError.
        """
        with self.store.noting() as connection:
            story = self._permitted(connection, "comment", story_id, by)
            said = _said(text, "comment", "what there is to say")
            last = stories.history(connection, story_id)[-1]
            if (last.action, last.by, last.note) != ("comment", by.person_id, said):
                self._write(connection, story, "comment", by, said)
            return story

    def dispute(self, story_id: str, by: Actor, reason: str) -> Story:
        """Say that it was not oneself: one is not named, and an editor reads the story anew. EditingError."""
        return self._act("dispute", story_id, by, lambda *_: reason.strip() or "It was not me")

    def edit(
        self,
        story_id: str,
        by: Actor,
        *,
        title: str | None = None,
        body: str | None = None,
        seen: str | None = None,
    ) -> Story:
        """Change the words; an approval does not hold for other words. Raises EditingError.

        `seen` is the hash of what they were changed from.
        """
        with self.store.noting() as connection:
            story = self._permitted(connection, "edit", story_id, by)
            content = story.content.reworded(**_words(title, body))
            if content == story.content:
                return story
            _read(story, seen)
            after = replace(
                story,
                state=TRANSITIONS["edit"][story.state],
                content=content,
                edited_by=by.person_id,
                changed_at=self.as_of,
                waits_since=self.as_of if story.state == "approved" else story.waits_since,
            )
            self._write(connection, after, "edit", by, None, reworded=True)
            return after

    def merge(self, story_id: str, by: Actor, into: str) -> Story:
        """Take out a story that another one tells, too; raises EditingError."""
        with self.store.noting() as connection:
            story = self._permitted(connection, "merge", story_id, by)
            other = stories.found(connection, [into]).get(into)
            if other is None or other.story_id == story_id or other.state == "retracted":
                raise EditingError(f"{into} is no other story that stands; tandem stories lists them")
            state = TRANSITIONS["merge"][story.state]
            after = replace(story, state=state, merged_into=into, waits_since=self.as_of)
            self._write(connection, after, "merge", by, f"told by {into}")
            self._write(connection, other, "merge", by, f"{story_id} is merged into it")
            return after

    def _act(
        self, action: Action, story_id: str, by: Actor, note: Callable[[Connection, Story], str | None]
    ) -> Story:
        """Do what leaves the words as they are."""
        with self.store.noting() as connection:
            story = self._permitted(connection, action, story_id, by)
            said = note(connection, story)
            state = TRANSITIONS[action][story.state]
            since = story.waits_since if state == story.state else self.as_of
            after = replace(story, state=state, waits_since=since)
            self._write(connection, after, action, by, said)
            return after

    def _permitted(self, connection: Connection, action: Action, story_id: str, by: Actor) -> Story:
        """The story, if this may be done to it; one that Tandem tells is written down from here on."""
        story = stories.locked(connection, story_id)
        if story is None:
            story = self._by_rule(connection, story_id)
            stories.put(connection, story, new=True)
            stories.log(connection, Entry.of(story, story.submitted_at, "approve", None, reworded=True))
        overdue = is_overdue(story, self.patience, self.rules, self.as_of)
        part = parties(connection, story_id) if action in OBJECTIONS else ()
        if (why := refusal(story, action, by, overdue=overdue, parties=part)) is not None:
            raise EditingError(why)
        return story

    def _by_rule(self, connection: Connection, story_id: str) -> Story:
        story = by_rule(connection, story_id, self.as_of, self.rules)
        if story is None:
            raise EditingError(f"There is no story {story_id}; tandem stories lists them")
        return story

    def _write(
        self,
        connection: Connection,
        after: Story,
        action: Action,
        by: Actor,
        note: str | None,
        *,
        reworded: bool = False,
    ) -> None:
        stories.put(connection, after, new=False)
        entry = Entry.of(after, self.as_of, action, by.person_id, note, reworded=reworded)
        stories.log(connection, entry)

    def _catch_up(self) -> None:
        """Take up drafts that came before there was a desk."""
        with self.store.reading() as connection:
            missing = stories.unknown(connection)
        if missing:
            with self.store.noting() as connection:
                follow(Reading(connection, latest(connection, self.as_of), self.rules), missing)


def in_turn(found: Iterable[Waiting]) -> list[Waiting]:
    """What waits too long first, then what else waits for an editor, oldest first; then all others."""
    return sorted(found, key=lambda each: (not each.overdue, each.due is None, each.story.waits_since))


def _read(story: Story, seen: str | None) -> None:
    """Refuse what was decided about other words."""
    if seen is not None and (len(seen) < _FEWEST or not story.content.hash.startswith(seen)):
        again = f"look at it again: tandem stories show {story.story_id}"
        raise OtherwiseError(f"{story.story_id} reads otherwise than {seen}; {again}")


def _excused(story: Story, found: list[Concern], reason: str | None) -> str | None:
    """The reason for which concerns were let stand, with what they are; raises EditingError."""
    if wrong := next((each for each in found if each.needs_change), None):
        raise EditingError(f"{story.story_id} cannot be told so: {wrong.text}. Return or edit it")
    doubts = [f"{each.kind} {each.text}" for each in found if each.needs_reason]
    if not doubts:
        return None
    if not (reason or "").strip():
        first = ", ".join(doubts[:_SHOWN]) + (" …" if len(doubts) > _SHOWN else "")
        raise ReasonNeededError(
            f"Nothing backs this in {story.story_id}: {first}. Edit or return it, or write --override with "
            "the reason why it may stand"
        )
    return f"{(reason or '').strip()} (let stand: {'; '.join(doubts)})"


def _said(text: str, name: str, what: str) -> str:
    if not text.strip():
        raise EditingError(f"The {name} is empty; say {what}")
    return text.strip()


def _words(title: str | None, body: str | None) -> dict[str, str]:
    try:
        return words(title, body)
    except Rejected as rejected:
        raise EditingError(f"{rejected.field.removeprefix('data.')}: {rejected.reason}") from None
