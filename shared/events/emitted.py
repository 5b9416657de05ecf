"""What Tandem tells others, one class per type: no names, nothing that people wrote."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import ConfigDict, Field

from shared.events.envelope import Envelope
from shared.events.payload import EventName, OperationsSide, Part, SalesSide
from shared.events.scalars import Id

SOURCE = "tandem"
Role = Literal[
    "account_owner",
    "order_taker",
    "communicator",
    "resolver",
    "performer",
    "planner",
    "forecaster",
    "approver",
    "picker",
    "shipper",
]
"""The roles that have a meaning; any other is a person's own words and stays inside."""


class News(Part):
    """The data of an event that Tandem emits; subclasses name their type and topic."""

    TYPE: ClassVar[str]
    TOPIC: ClassVar[str]

    @property
    def about(self) -> str:
        """The subject, such as `order/SO-1`; its id is the key in Kafka."""
        raise NotImplementedError


N_co = TypeVar("N_co", bound=News, covariant=True)


class Emitted(Envelope, Generic[N_co]):
    """One event as it leaves; the same `id` always says the same."""

    data: N_co


class ContributionTold(Part):
    """One person's part in one event; `person_id` only of people who prefer to be named."""

    person_id: Id | None = None
    department: SalesSide | OperationsSide
    role: Role | None = None
    action: str
    weight: float
    event: EventName


class _Win(News):
    TOPIC: ClassVar[str] = "wins"

    win_id: str
    pattern: str
    kind: Literal["joint", "highlight"]
    status: Literal["provisional", "final", "revoked"]
    headline: str
    customer_id: str | None = None
    subject: str
    month: str
    score: float
    jointness: float
    sales: tuple[ContributionTold, ...]
    operations: tuple[ContributionTold, ...]
    facts: dict[str, Any]
    evidence: tuple[EventName, ...]
    final_at: datetime

    @property
    def about(self) -> str:
        """What the win is about."""
        return self.subject


class WinDetected(_Win):
    """A win was found, or told anew because its facts changed; it may still be contradicted."""

    TYPE: ClassVar[str] = "tandem.win.detected.v1"


class WinConfirmed(_Win):
    """A win is final: its last window passed without a contradiction."""

    TYPE: ClassVar[str] = "tandem.win.confirmed.v1"


class WinRevoked(_Win):
    """A win that was told does not hold any more."""

    TYPE: ClassVar[str] = "tandem.win.revoked.v1"


class Counts(Part):
    """How many recipients an edition had, and what became of its mails."""

    candidates: int = 0
    sent: int = 0
    excluded: int = 0
    failed: int = 0


class _Edition(News):
    TOPIC: ClassVar[str] = "editions"

    edition_id: str
    kind: Literal["newsletter", "digest"]
    audience: str
    period: str
    counts: Counts

    @property
    def about(self) -> str:
        """The edition."""
        return f"edition/{self.edition_id}"


class EditionComposed(_Edition):
    """An edition was composed and may be looked at."""

    TYPE: ClassVar[str] = "tandem.edition.composed.v1"


class EditionReleased(_Edition):
    """An edition was released and does not change any more."""

    TYPE: ClassVar[str] = "tandem.edition.released.v1"


class _Story(News):
    TOPIC: ClassVar[str] = "stories"

    story_id: Id
    win_id: Id
    edition: Id | None = None
    state: Literal["submitted", "approved", "returned", "published", "retracted"]
    by: Literal["reporter", "editor", "rule"]
    """Never who it was: a topic cannot forget."""

    @property
    def about(self) -> str:
        """The story."""
        return f"story/{self.story_id}"


class StorySubmitted(_Story):
    """A person's own story waits for an editor, for the first time or anew."""

    TYPE: ClassVar[str] = "tandem.story.submitted.v1"


class StoryApproved(_Story):
    """A story may be told."""

    TYPE: ClassVar[str] = "tandem.story.approved.v1"


class StoryReturned(_Story):
    """A story went back to whoever submitted it."""

    TYPE: ClassVar[str] = "tandem.story.returned.v1"


class StoryPublished(_Story):
    """A released edition told a story."""

    TYPE: ClassVar[str] = "tandem.story.published.v1"


class StoryRetracted(_Story):
    """A story is not told, or not any more."""

    TYPE: ClassVar[str] = "tandem.story.retracted.v1"


class Giver(Part):
    """Who thanked: the department, and `person_id` only of people who prefer to be named."""

    person_id: Id | None = None
    department: str


class _Thanks(News):
    TOPIC: ClassVar[str] = "thanks"

    model_config = ConfigDict(serialize_by_alias=True)

    thanks_id: Id
    story_id: Id
    giver: Giver = Field(alias="from")
    to_department: str
    note: str | None = None
    """Only what its writer lets everyone read, without the names of people who do not wish to be named."""

    @property
    def about(self) -> str:
        """These thanks."""
        return f"thanks/{self.thanks_id}"


class ThanksGiven(_Thanks):
    """Someone thanked a department for its part in a story."""

    TYPE: ClassVar[str] = "tandem.thanks.given.v1"


class ThanksTakenBack(_Thanks):
    """Someone took thanks back."""

    TYPE: ClassVar[str] = "tandem.thanks.taken_back.v1"


EMITTED: dict[str, type[News]] = {
    news.TYPE: news
    for news in (
        WinDetected,
        WinConfirmed,
        WinRevoked,
        EditionComposed,
        EditionReleased,
        StorySubmitted,
        StoryApproved,
        StoryReturned,
        StoryPublished,
        StoryRetracted,
        ThanksGiven,
        ThanksTakenBack,
    )
}
MODELS: dict[str, type[Emitted[Any]]] = {name: Emitted[news] for name, news in EMITTED.items()}  # type: ignore[valid-type] # a class per type, made here once
TOPICS = sorted({news.TOPIC for news in EMITTED.values()})


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each emitted type's envelope and data."""
    return {name: model.model_json_schema() for name, model in sorted(MODELS.items())}
