"""What tellings in every language share: who did what and when, in order, and the facts by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, Final, Generic, NamedTuple, TypeVar

from shared.languages import ENGLISH, day, full_day
from shared.stories.languages import grammar, phrases
from shared.stories.model import OrderFacts, StoryFacts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from typing import Any

    from shared.stories.model import Deed, Facts, Measure, Side

OTHER: Final[dict[Side, Side]] = {"sales": "operations", "operations": "sales"}
MAX_NAMED: Final = 3
"""Of more people than these, the rest are colleagues."""


class Actor(NamedTuple):
    """Who did something, as a subject, and whether its verb is in the plural."""

    words: str
    plural: bool = False


class Act(NamedTuple):
    """Who did what, and on which days."""

    actor: Actor
    deed: Deed
    """One that stands for all of the act; where there is one of many, that."""
    when: tuple[date, date]
    """The first and the last day."""


@dataclass(frozen=True)
class Part(ABC):
    """What one side did, in the telling's order of strength, at most `room` deeds."""

    side: Side
    deeds: tuple[Deed, ...]
    room: int

    @abstractmethod
    def _actor(self, deeds: list[Deed]) -> Actor:
        """One team, the people of it who wish to be named, or several teams that did the same."""

    @property
    @abstractmethod
    def label(self) -> str:
        """What the side is called."""

    @property
    @abstractmethod
    def dated(self) -> str:
        """`The logistics team booked another carrier on 9 March.`; as many sentences as teams."""

    @property
    @abstractmethod
    def date_first(self) -> str:
        """`On 9 March, the logistics team booked another carrier.`."""

    @property
    @abstractmethod
    def plain(self) -> str:
        """`the logistics team booked another carrier`, without dates, to go inside a sentence."""

    @property
    @abstractmethod
    def strongest(self) -> str:
        """The strongest deed in the past: `booked another carrier`."""

    @property
    @abstractmethod
    def thanks(self) -> str:
        """What the strongest deed is thanked for: `booking another carrier`."""

    @property
    def team(self) -> str:
        """Who did the strongest deed."""
        return self._actor([self.deeds[0]]).words

    @cached_property
    def _told(self) -> list[list[Act]]:
        """The acts told, by date, those of one team in a row together."""
        acts: dict[str, list[Deed]] = {}
        for deed in self.deeds[: self.room]:
            acts.setdefault(deed.action, []).append(deed)
        told = sorted(map(self._act, acts.values()), key=lambda act: act.when)
        return [list(group) for _, group in groupby(told, key=lambda act: act.actor)]

    @property
    def _timed(self) -> Iterator[tuple[list[Act], bool]]:
        """The acts told, and whether they begin on the one day on which those before them ended."""
        before = None
        for group in self._told:
            first, last = group[0].when, group[-1].when
            yield group, first == before and first[0] == first[1]
            before = last

    def _act(self, deeds: list[Deed]) -> Act:
        """One act of one team, or of several that did the same."""
        first, last = min(deed.on for deed in deeds), max(deed.until or deed.on for deed in deeds)
        several = next((deed for deed in deeds if deed.until), None)
        return Act(self._actor(deeds), several or deeds[0], (first, last if several else first))


def same_day(group: list[Act]) -> Iterator[list[Act]]:
    """The acts of a group, those of the same days together."""
    for _, acts in groupby(group, key=lambda act: act.when):
        yield list(acts)


F = TypeVar("F", bound=StoryFacts)


@dataclass(frozen=True)
class Telling(ABC, Generic[F]):
    """The facts as phrases; `room` bounds the deeds and roadblocks told, `extras` the optional sentences.

    A fact that a pattern names is None where nothing is known of it, and a KeyError where it never said so.
    """

    facts: F
    lead: Side = "sales"
    room: int = 3
    extras: bool = True

    language: ClassVar[str]

    @abstractmethod
    def _part(self, side: Side) -> Part:
        """What one side did."""

    @cached_property
    def first(self) -> Part:
        """The side that is named first."""
        return self._part(self.lead)

    @cached_property
    def second(self) -> Part:
        """The other side."""
        return self._part(OTHER[self.lead])

    @property
    def alike(self) -> bool:
        """Whether the strongest deeds of both sides are one and the same kind."""
        return self.first.thanks == self.second.thanks

    @abstractmethod
    def too(self, part: Part) -> str:
        """What a side is thanked for, behind what the other one is thanked for: `the same`."""

    def figure(self, name: str) -> str | None:
        """A figure with its unit: `95%`, `12 days`, `EUR 12,400`, `40`."""
        found = self._measure(name)
        return None if found is None else phrases(self.language).measure(found)

    def day(self, name: str) -> str | None:
        """`9 March`."""
        found = self._date(name)
        return None if found is None else day(found, self.language)

    def full_day(self, name: str) -> str | None:
        """`9 March 2026`."""
        found = self._date(name)
        return None if found is None else full_day(found, self.language)

    def says(self, name: str) -> bool:
        """Whether a fact holds, for one that is a yes or a no."""
        return self.facts.flags[name]

    def _measure(self, name: str) -> Measure | None:
        return None if name in self.facts.unknown else self.facts.measures[name]

    def _date(self, name: str) -> date | None:
        return None if name in self.facts.unknown else self.facts.dates[name]


@dataclass(frozen=True)
class OrderTelling(Telling[OrderFacts]):
    """What the story of one order says in every language."""

    @property
    def placed(self) -> str:
        """The day of the order, with its year."""
        return full_day(self.facts.placed_on, self.language)

    @property
    def due(self) -> str:
        """The day first promised."""
        return day(self.facts.due_on, self.language)

    @property
    def delivered(self) -> str:
        """The day of acceptance."""
        return day(self.facts.delivered_at.date(), self.language)

    @property
    def raised(self) -> str:
        """The day the strongest roadblock was raised."""
        return day(self.facts.roadblocks[0].raised_on, self.language)

    @property
    def late(self) -> bool:
        """It came within the tolerance, but after the day first promised."""
        return self.facts.delivered_at.date() > self.facts.due_on

    @property
    def value(self) -> str | None:
        """The order value, where it is known and there is room for it."""
        value = self.facts.value
        return phrases(self.language).money(value.amount, value.currency) if self.extras and value else None

    @property
    def requested(self) -> bool:
        """The date the customer asked for was met too, and there is room to say so."""
        return self.extras and self.facts.on_requested_date


def telling(
    facts: Facts, lead: Side = "sales", room: int = 3, *, extras: bool = True, language: str = ENGLISH
) -> Telling[Any]:
    """The telling that these facts ask for, in a language."""
    return grammar(language).telling(facts, lead, room, extras=extras)
