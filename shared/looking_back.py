"""The desk as it stood at an instant, by the log of what was done and the journal; nothing is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from shared.dossier import by_rule, dossier
from shared.editing import EditingError, in_turn
from shared.projecting.desk import submissions
from shared.projecting.reading import Reading
from shared.store import stories
from shared.viewing import view

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.dossier import Dossier
    from shared.editing import Desk, Waiting
    from shared.store.stories import Entry
    from shared.stories.review import State, Story


def queue_then(desk: Desk, state: State | None = None) -> list[Waiting]:
    """The queue as it stood at the desk's instant."""
    with desk.store.reading() as connection:
        found = _standing(connection, desk, stories.listed(connection))
    return in_turn(desk.waiting(story) for story in found if state in {None, story.state})


def show_then(desk: Desk, story_id: str) -> tuple[Waiting, Dossier]:
    """A story as it stood at the desk's instant, with what spoke for it then; raises EditingError.

    Who objected to being named, whenever that was, is not named.
    """
    with view(desk.store, desk.as_of, desk.rules) as connection:
        known = _standing(connection, desk, stories.found(connection, [story_id]).values())
        story = known[0] if known else by_rule(connection, story_id, desk.as_of, desk.rules)
        if story is None:
            raise EditingError(f"There was no story {story_id} then; tandem stories --as-of lists what was")
        found = dossier(connection, story, desk.as_of, desk.rules, desk.hosts)
        history = tuple(entry for entry in found.history if entry.at <= desk.as_of)
        return desk.waiting(story), replace(found, history=history)


def _standing(connection: Connection, desk: Desk, known: Iterable[Story]) -> list[Story]:
    """Stories as they stood; those that nobody had told or touched are left out."""
    now = {story.story_id: story for story in known}
    found = []
    for name, log in stories.histories(connection, now).items():
        then = [entry for entry in log if entry.at <= desk.as_of]
        if any(entry.by is not None or entry.action != "approve" for entry in then):
            later = [entry for entry in log if entry.at > desk.as_of]
            again = any(entry.action == "submit" for entry in later)
            story = _as_submitted(connection, desk, now[name], then) if again else now[name]
            found.append(_as_logged(story, then) if later else story)
    return found


def _as_submitted(connection: Connection, desk: Desk, story: Story, log: Sequence[Entry]) -> Story:
    """What had been submitted by then of a story that was submitted again later."""
    at = next(entry.at for entry in reversed(log) if entry.action == "submit")
    draft_id = story.subject.removeprefix(stories.DRAFTS)
    return submissions(Reading(connection, at, desk.rules), [draft_id]).get(draft_id, story)


def _as_logged(story: Story, log: Sequence[Entry]) -> Story:
    """What was submitted, in the words and the state that the log had come to."""
    worded = next(entry for entry in reversed(log) if entry.title is not None)
    state = log[-1].state
    return replace(
        story,
        state=state,
        content=story.content.reworded(worded.title, worded.body),
        changed_at=worded.at,
        waits_since=_since(log),
        edited_by=worded.by if worded.action == "edit" else None,
        merged_into=story.merged_into if state == "retracted" else None,
    )


def _since(log: Sequence[Entry]) -> datetime:
    """Since when it was in its state; what is submitted again waits anew."""
    since, state = log[0].at, log[0].state
    for entry in log:
        if entry.state != state or entry.action == "submit":
            since, state = entry.at, entry.state
    return since
