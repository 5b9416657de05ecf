"""Which drafts somebody of the other side could confirm in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.asking.model import Wanted
from shared.events.drafts import DraftConfirmed
from shared.patterns.contributions import SIDES
from shared.patterns.team_told import WORKING_DAYS
from shared.store import stories
from shared.workdays import after_working_days

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from shared.events.envelope import Event
    from shared.patterns.model import Side
    from shared.projecting.reading import Reading
    from shared.rules import Rules
    from shared.stories.review import Story


def to_confirm(reading: Reading) -> Iterator[Wanted]:
    """Each draft that nobody of the other side confirmed yet, with those of it whom it mentions."""
    today = reading.as_of.astimezone(reading.rules.zone).date()
    told = [
        story for state in ("submitted", "approved") for story in stories.listed(reading.connection, state)
    ]
    waiting = {
        _draft(story): story for story in told if last_day(story, reading.rules) >= today and _side(story)
    }
    events = reading.in_force("draft", waiting)
    for name, story in waiting.items():
        people = _others(story)
        if people and not _confirmed(story, events.get(name, ())):
            other: Side = "operations" if _side(story) == "sales" else "sales"
            yield Wanted("confirm", story.story_id, people, last_day(story, reading.rules), other)


def _draft(story: Story) -> str:
    return story.subject.removeprefix(stories.DRAFTS)


def _side(story: Story) -> str | None:
    """The side that tells it; None of a story that Tandem tells."""
    return SIDES.get(story.submitted_by.department) if story.submitted_by else None


def last_day(story: Story, rules: Rules) -> date:
    """The last day on which its pattern takes a confirmation."""
    day = story.submitted_at.astimezone(rules.zone).date()
    return after_working_days(day, int(WORKING_DAYS.of(rules)), rules)


def _others(story: Story) -> tuple[str, ...]:
    """Whom it thanks and mentions of the other side, in the order of the draft."""
    mentioned = (*story.content.thanks, *story.content.named)
    other = (each for each in mentioned if SIDES.get(each.department) not in (None, _side(story)))
    return tuple(dict.fromkeys(each.person_id for each in other))


def _confirmed(story: Story, events: Sequence[Event[DraftConfirmed]]) -> bool:
    """Whether someone of the other side confirmed it since it was told last."""
    return any(
        isinstance(each.data, DraftConfirmed)
        and each.time >= story.submitted_at
        and each.data.actor is not None
        and SIDES.get(each.data.actor.department) not in (None, _side(story))
        for each in events
    )
