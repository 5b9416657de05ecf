"""A desk with editors, and a story of an order that both sides may tell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.editing import Desk
from shared.recording import record
from shared.roles import Actor
from shared.rules import DEFAULTS
from shared.store import stories
from shared.stories.submission import of_form
from shared.submitting import submit
from tests import make
from tests.make import at, instant

if TYPE_CHECKING:
    from datetime import datetime

    from shared.store.engine import Store
    from shared.stories.review import Story

Json = dict[str, Any]
AUTHOR = {"person_id": "p-ops", "department": "warehouse", "name": "Jonas Weber"}
HELPER = {"person_id": "p-sales", "department": "sales", "name": "Ana Ruiz"}
FORM: Json = {
    "draft_id": "D-1",
    "title": "A crate too tall to fly",
    "body": "The forwarder called. **Ana Ruiz** asked the customer, and we repacked.",
    "by": AUTHOR,
    "order_ids": ["SO-1"],
    "thanks": [HELPER],
}
STORY = "story-team_told:D-1"
MONDAY = instant("03-16", "09:00")
EDITOR = Actor("p-editor", frozenset({"reporter", "editor"}))
SECOND = Actor("p-second", frozenset({"reporter", "editor"}))
REPORTER = Actor("p-ops")


def traded(store: Store, *more: Json) -> None:
    """SO-1, delivered as promised, and nothing else happened."""
    events = [make.placed(), make.confirmed(), make.delivered(100, at("03-11")), *more]
    record(store, make.raw(events), as_of=MONDAY, rules=DEFAULTS)


def hand_in(store: Store, now: datetime = MONDAY, **changes: Any) -> str:
    """Hand in the story; return its id."""
    return submit(
        store, of_form(FORM | changes), via="tandem/cli", key=None, now=now, rules=DEFAULTS
    ).story_id


def desk(store: Store, now: datetime = MONDAY, **more: Any) -> Desk:
    return Desk(store, now, DEFAULTS, **more)


def story(store: Store, story_id: str = STORY) -> Story:
    with store.reading() as connection:
        return stories.found(connection, [story_id])[story_id]


def trail(store: Store, story_id: str = STORY) -> list[tuple[str, str | None, str]]:
    """Action, who, and the state from then on."""
    with store.reading() as connection:
        return [(each.action, each.by, each.state) for each in stories.history(connection, story_id)]
