"""What an edition is made from, and the edition itself, which can be frozen as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal  # noqa: TC003
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from shared.editions.audiences import AUDIENCES, Audience, Sight
from shared.editions.choice import CHOICE, Choice, Told
from shared.editions.sections import (
    NOBODY,
    Account,
    Ask,
    ByHand,
    Chosen,
    Decision,
    Missed,
    OpenItem,
    Plan,
    Reach,
    Restated,
    RiskLine,
    Thanked,
)
from shared.editions.trading import NOTHING, Trading
from shared.kpis.model import Better, KpiStatus, Standing, Unit  # noqa: TC001
from shared.stories.languages import phrases
from shared.stories.marks import Paragraph, paragraphs
from shared.stories.model import EvidenceRef, Facts, Frozen, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.kpis.model import Kpi
    from shared.patterns.model import Win
    from shared.periods import Period
    from shared.stories.names import Names

SeriesKey = tuple[str, str | None]
"""KPI key and basis."""
Form = Literal["lead", "short", "listed"]
Direction = Literal["better", "worse", "same", "unknown"]


@dataclass(frozen=True, slots=True)
class Risk:
    """Roadblocks of one category in the period: how many were raised, saved, ended late, and stand."""

    category: str
    raised: int
    saved: int
    late: int
    open: int = 0
    before: int = 0
    """Raised in the period before."""


@dataclass(frozen=True, slots=True)
class Written:
    """A story in a person's own words, without the names of those who are not to be named."""

    title: str
    body: str
    hash: str
    """Of the content that was approved."""


@dataclass(frozen=True, slots=True)
class Material:
    """All that an edition is composed from; composing asks for nothing else and changes nothing.

    `series` holds up to twelve periods, the current one last. `wins` are final, eligible and not told before.
    """

    period: Period
    as_of: datetime
    arrived: bool
    kpis: tuple[Kpi, ...]
    series: Mapping[SeriesKey, tuple[tuple[str, Decimal | None], ...]]
    wins: tuple[Win, ...]
    highlights: tuple[Win, ...]
    names: Names
    choice: Choice = CHOICE
    rarity: Mapping[str, Decimal] = field(default_factory=dict)
    """How rare wins of a pattern were in the twelve calendar months before, 0 to 1; none where none were."""
    before: tuple[Told, ...] = ()
    """What editions of this kind told before."""
    open_risks: tuple[Risk, ...] = ()
    corrections: tuple[str, ...] = ()
    """Notes on what earlier editions told and later events contradicted, one sentence each."""
    written: Mapping[str, Written] = field(default_factory=dict)
    """What people wrote themselves and an editor approved, by the id of its win."""
    restated: tuple[Restated, ...] = ()
    notes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The same by language."""
    mature: Mapping[str, str] = field(default_factory=dict)
    """The newest final period of each KPI, by key, where the edition's own is not final."""
    trading: Trading = NOTHING
    by_hand: ByHand = NOBODY
    """What editors chose themselves for this edition."""
    thanked: Thanked | None = None
    sight: Sight = AUDIENCES["everyone"]
    """What the edition's audience may see; nothing else gets into the edition."""

    def with_choice(self, **numbers: Any) -> Material:
        """The same with other numbers of the choice."""
        return replace(self, choice=replace(self.choice, **numbers))


class Bounds(Frozen):
    """The days an edition covers: `start` up to, not including, `end`."""

    name: str
    unit: Literal["month", "week", "quarter"]
    start: date
    end: date

    @property
    def title(self) -> str:
        """`December 2025`, `Week 50, 2025`."""
        return phrases().title(self.name)

    @property
    def last_day(self) -> date:
        """The last day inside the period."""
        return self.end - timedelta(days=1)


class Point(Frozen):
    """One period of a trend."""

    period: str
    value: Decimal | None


class Figure(Frozen):
    """One KPI as an edition shows it."""

    key: str
    basis: str | None
    value: Decimal | None
    unit: Unit
    better: Better
    n: int
    target: Decimal | None
    previous: Decimal | None
    change: Decimal | None
    status: KpiStatus
    direction: Direction
    trend: tuple[Point, ...]
    few: bool = False
    low: Decimal | None = None
    """With `high`, the bounds of the 95 % confidence interval."""
    high: Decimal | None = None
    standing: Standing | None = None
    mature: Point | None = None
    """The newest period that is final, where this one is not."""


class StoryText(Frozen):
    """A story in the words of one language: Markdown paragraphs in full, a few sentences in short."""

    kicker: str
    headline: str
    short: str
    full: str
    subject: str = ""
    """What a mail that leads with it is called, in a few words; empty in editions of before."""

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the full form."""
        return paragraphs(self.full)


class Story(Frozen):
    """A win told: its facts, the voice that tells it, and, where a person wrote or edited it, their text."""

    story_id: str
    win_id: str
    pattern: str
    customer_id: str | None
    headline: str
    form: Form
    voice: int
    lead: Side
    """Which side is named first."""
    facts: Facts
    evidence: tuple[EvidenceRef, ...]
    also: tuple[str, ...] = ()
    """Wins that other patterns found in the same events, by id: one story tells them."""
    text: str | None = None
    """What a person wrote, in the language it was written in."""
    written: str | None = None
    """The hash of the content that was approved, where the text is a person's own, in Markdown."""
    texts: dict[str, StoryText] = Field(default_factory=dict)
    """By language, as fixed when it was composed; empty in editions from before there were several."""
    account_id: str | None = None
    confidential: bool = False
    """Whether it names a customer whose name not everyone may see."""
    discreet: Story | None = None
    """The same without names, money and margins that not everyone may see; None where it has none."""


class Highlight(Frozen):
    """What one side did alone: one line, told to the other."""

    win_id: str
    side: Side
    line: str
    lines: dict[str, str] = Field(default_factory=dict)
    """By language."""
    account_id: str | None = None
    discreet: dict[str, str] | None = None
    """The line by language, without a name that not everyone may see; None where it has none."""


class Balance(Frozen):
    """How often each side is credited in the stories told, and by which teams."""

    sales: int
    operations: int
    sales_teams: tuple[str, ...]
    operations_teams: tuple[str, ...]


class Edition(Frozen):
    """One issue for one audience and period; the same material always makes the same edition."""

    edition_id: str
    name: str
    audience: Audience
    period: Bounds
    as_of: datetime
    state: Literal["composed", "released"] = "composed"
    arrived: bool
    headline: str
    figures: tuple[Figure, ...]
    """The chosen few, in the order shown."""
    board: tuple[Figure, ...]
    """Every KPI of the period."""
    worse: tuple[Figure, ...]
    """What moved the wrong way, the weightiest first; never left out."""
    named: tuple[SeriesKey, ...] | None = None
    """Which of these a mail names below its figures; None, in editions of before: all."""
    stories: tuple[Story, ...]
    highlights: tuple[Highlight, ...]
    risks: tuple[RiskLine, ...]
    balance: Balance
    corrections: tuple[str, ...]
    restated: tuple[Restated, ...] = ()
    """Figures of earlier editions of this kind that read otherwise now."""
    headlines: dict[str, str] = Field(default_factory=dict)
    """The headline by language."""
    notes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """The corrections by language."""
    counts: dict[str, int]
    accounts: tuple[Account, ...] = ()
    open_items: tuple[OpenItem, ...] = ()
    pareto: tuple[RiskLine, ...] = ()
    """Every roadblock category, for the meeting."""
    missed: Missed | None = None
    decisions: tuple[Decision, ...] = ()
    plan: Plan | None = None
    ask: Ask | None = None
    reach: Reach | None = None
    by_hand: ByHand = NOBODY
    """What editors had chosen themselves when it was composed."""
    thanked: Thanked | None = None
    explanation: tuple[Chosen, ...] = ()
    """For the editor: every win that could be told, and why it is or is not."""

    @property
    def worse_named(self) -> tuple[Figure, ...]:
        """What got worse and a mail names below its figures."""
        named = self.named
        return tuple(f for f in self.worse if named is None or (f.key, f.basis) in named)

    @property
    def worse_counted(self) -> int:
        """How many more got worse, which a mail neither names nor shows, but counts; the page names them."""
        said = (*self.worse_named, *self.figures)
        return sum(figure not in said for figure in self.worse)

    @property
    def mailed(self) -> frozenset[SeriesKey]:
        """The figures whose values a mail gave."""
        return frozenset((figure.key, figure.basis) for figure in (*self.figures, *self.worse_named))

    def to_json(self) -> str:
        """The edition as one JSON document."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Edition:
        """The edition that `to_json` wrote; pydantic's ValidationError if it is no such document."""
        return cls.model_validate_json(text)
