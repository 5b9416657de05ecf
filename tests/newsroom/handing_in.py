"""Stories that wait at the desk of a newsroom, and the people whom the pages of the desk know besides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from shared.people.importing import import_people
from shared.store import stories
from tests.desk import STORY, hand_in

if TYPE_CHECKING:
    from typing import Any

    from shared.stories.review import State, Story
    from tests.http.newsroom import Newsroom

PEOPLE = """person_id,email,name,department,roles,naming
second,second@example.com,The second,quality,editor,team
deputy,deputy@example.com,The deputy,quality,,team
p-ops,ops@example.com,Jonas Weber,warehouse,,never
p-sales,sales@example.com,Ana Ruiz,sales,,named
"""


def people(newsroom: Newsroom) -> None:
    """Another editor, a deputy, who told the story and whom it thanks."""
    assert not import_people(newsroom.store, PEOPLE.encode(), datetime.now(UTC)).rejects


def told(newsroom: Newsroom, **changes: Any) -> str:
    """A story handed in just now."""
    return hand_in(newsroom.store, datetime.now(UTC), **changes)


def read(newsroom: Newsroom, story_id: str = STORY) -> Story:
    with newsroom.store.reading() as connection:
        return stories.found(connection, [story_id])[story_id]


def put(newsroom: Newsroom, story: Story, state: State, **changes: Any) -> None:
    """Write a story as if it had come into this state."""
    with newsroom.store.noting() as connection:
        stories.put(connection, replace(story, state=state, **changes), new=False)


def trail(newsroom: Newsroom, story_id: str = STORY) -> list[tuple[str, str | None, str | None]]:
    """What was done, by whom, and what they said."""
    with newsroom.store.reading() as connection:
        return [(each.action, each.by, each.note) for each in stories.history(connection, story_id)]
