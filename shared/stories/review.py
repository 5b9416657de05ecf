"""The review of a story that a person tells: its states, and what leads from one to the next."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Literal, get_args

import orjson

from shared.roles import MAY, may, who_may
from shared.workdays import after_working_days

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from shared.roles import Action, Actor, Standing
    from shared.rules import Rules

State = Literal["draft", "submitted", "returned", "approved", "published", "retracted"]
STATES: Final[tuple[State, ...]] = get_args(State)
TRANSITIONS: Final[Mapping[Action, Mapping[State, State]]] = {
    "submit": {
        "draft": "submitted",
        "submitted": "submitted",
        "returned": "submitted",
        "approved": "submitted",
    },
    "edit": {"draft": "draft", "submitted": "submitted", "returned": "returned", "approved": "submitted"},
    "return": {"submitted": "returned", "approved": "returned"},
    "approve": {"submitted": "approved"},
    "publish": {"approved": "published"},
    "retract": {
        "draft": "retracted",
        "submitted": "retracted",
        "returned": "retracted",
        "approved": "retracted",
        "published": "retracted",
    },
    "object": {
        "submitted": "submitted",
        "returned": "returned",
        "approved": "approved",
        "published": "published",
    },
    "dispute": {
        "submitted": "submitted",
        "returned": "returned",
        "approved": "submitted",
        "published": "published",
    },
    "merge": {"submitted": "retracted", "returned": "retracted"},
    "comment": {
        "draft": "draft",
        "submitted": "submitted",
        "returned": "returned",
        "approved": "approved",
        "published": "published",
    },
}
"""From the state before to the state after; what is missing cannot be done. `shared/roles.py`: by whom."""
OBJECTIONS: Final[frozenset[Action]] = frozenset({"object", "dispute"})
"""Who does one of these is not named in the story."""
TELLABLE: Final[frozenset[State]] = frozenset({"approved", "published"})
"""What an edition may tell: another kind of edition may tell a published story, too."""
PAST: Final[Mapping[Action, str]] = {
    "submit": "submitted",
    "edit": "edited",
    "return": "returned",
    "approve": "approved",
    "publish": "published",
    "retract": "retracted",
    "object": "objected to",
    "dispute": "disputed",
    "merge": "merged",
    "comment": "commented on",
}


@dataclass(frozen=True, slots=True)
class Mention:
    """A person in a story, with the department at that time."""

    person_id: str
    department: str


@dataclass(frozen=True, slots=True)
class Content:
    """All of a story that readers may see: what an approval is bound to."""

    title: str
    body: str
    order_ids: tuple[str, ...] = ()
    customer_id: str | None = None
    thanks: tuple[Mention, ...] = ()
    named: tuple[Mention, ...] = ()
    photos: tuple[str, ...] = ()
    """By id; a photo never changes, nor does what it is said to show."""

    @property
    def hash(self) -> str:
        """The same for the same content alone; where there is no photo, as before there were any."""
        told = {each.name: getattr(self, each.name) for each in fields(self)}
        if not self.photos:
            del told["photos"]
        return blake2b(orjson.dumps(told), digest_size=16).hexdigest()

    def reworded(self, title: str | None = None, body: str | None = None) -> Content:
        """The same in other words."""
        return replace(
            self, title=self.title if title is None else title, body=self.body if body is None else body
        )


@dataclass(frozen=True, slots=True)
class Story:
    """A story that a person tells, as it stands."""

    story_id: str
    subject: str
    """The draft, such as `draft/D-1`."""
    state: State
    content: Content
    submitted_by: Mention | None
    """None where the event that submitted it names nobody."""
    via: str
    """The source of that event: who vouches for the submitter."""
    submitted_at: datetime
    changed_at: datetime
    """Since when its content reads so."""
    waits_since: datetime
    """Since when it is in its state."""
    edited_by: str | None = None
    """Who wrote the text as it stands, where that is not the submitter."""
    merged_into: str | None = None
    sent_hash: str = field(default="", repr=False)
    """Of the content that was submitted last, before anyone edited it."""

    @property
    def is_own(self) -> bool:
        """Whether the words are a person's; all others Tandem tells anew in each edition."""
        return (
            self.edited_by is not None or self.submitted_by is not None or self.subject.startswith("draft/")
        )

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """Everybody it mentions, each once."""
        own = (self.submitted_by,) if self.submitted_by else ()
        return tuple(
            {each.person_id: each for each in (*self.content.thanks, *self.content.named, *own)}.values()
        )


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a story may wait; the settings fill it."""

    wait_days: int = 5
    """Working days after which a story that nobody has read comes first, and deputies may decide."""


PATIENCE: Final = Patience()


def story_id_of(draft_id: str) -> str:
    """A draft's story is that of the win that its pattern makes of it."""
    return f"story-team_told:{draft_id}"


def standings(
    story: Story, actor: Actor, *, overdue: bool, parties: Collection[str] = ()
) -> frozenset[Standing]:
    """What someone is to a story; `parties` are those who have a part in its win."""
    found: set[Standing] = set()
    if story.submitted_by and actor.person_id == story.submitted_by.person_id:
        found.add("author")
    if actor.person_id in {each.person_id for each in story.mentions}.union(parties):
        found.add("named")
    if actor.deputy and overdue:
        found.add("deputy")
    return frozenset(found)


def refusal(
    story: Story, action: Action, actor: Actor, *, overdue: bool = False, parties: Collection[str] = ()
) -> str | None:
    """Why someone may not do this to the story now, and what to do instead; None where it may be done."""
    if not may(action, actor.roles, standings(story, actor, overdue=overdue, parties=parties)):
        more = _only_overdue(action, actor, overdue=overdue)
        return f"{actor.person_id} may not {action} {story.story_id}: only {who_may(action)} may{more}"
    if story.state not in TRANSITIONS[action]:
        befores = " or ".join(sorted(TRANSITIONS[action]))
        return f"{story.story_id} is {story.state}; only what is {befores} can be {PAST[action]}"
    if action == "approve" and actor.person_id in {
        story.edited_by,
        getattr(story.submitted_by, "person_id", None),
    }:
        did = "edited" if actor.person_id == story.edited_by else "submitted"
        return f"{actor.person_id} {did} {story.story_id}, so that another editor must approve it"
    return None


def _only_overdue(action: Action, actor: Actor, *, overdue: bool) -> str:
    if actor.deputy and not overdue and "deputy" in MAY[action]:
        return ", and a deputy only once it is overdue; tandem stories shows until when it may wait"
    return "; the list of people and TANDEM_ROLES say who has which role"


def due_on(story: Story, patience: Patience, rules: Rules) -> date | None:
    """The last day on which a submitted story waits no longer than it may; None where it waits for nobody."""
    if story.state != "submitted":
        return None
    return after_working_days(story.waits_since.astimezone(rules.zone).date(), patience.wait_days, rules)


def is_overdue(story: Story, patience: Patience, rules: Rules, as_of: datetime) -> bool:
    """Whether it waits longer than it may."""
    due = due_on(story, patience, rules)
    return due is not None and as_of.astimezone(rules.zone).date() > due
