"""The words a story template puts together: every phrase of one telling, in full grammar."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Final, Generic, NamedTuple, TypeVar

from shared.stories import phrases
from shared.stories.model import OrderFacts, StoryFacts, SubjectFacts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from shared.stories.model import Deed, Facts, Measure, Side

OTHER: Final[dict[Side, Side]] = {"sales": "operations", "operations": "sales"}
MAX_NAMED: Final = 3
"""Of more people than these, the rest are colleagues."""


class _Act(NamedTuple):
    """Who did what and when, in words but for the date."""

    actor: str
    did: str
    when: tuple[date, date]
    """The first and the last day."""


@dataclass(frozen=True)
class Part:
    """What one side did, in the telling's order of strength, at most `room` deeds."""

    side: Side
    deeds: tuple[Deed, ...]
    room: int

    @property
    def label(self) -> str:
        """`Sales` or `Operations`."""
        return self.side.capitalize()

    @cached_property
    def _told(self) -> list[list[_Act]]:
        """The acts told, by date, those of one team in a row together."""
        acts: dict[str, list[Deed]] = {}
        for deed in self.deeds[: self.room]:
            acts.setdefault(deed.action, []).append(deed)
        told = sorted(map(_act, acts.values()), key=lambda act: act.when)
        return [list(group) for _, group in groupby(told, key=lambda act: act.actor)]

    @property
    def dated(self) -> str:
        """`The logistics team booked another carrier on 9 March.`; as many sentences as teams."""
        return " ".join(f"{phrases.sentence(group[0].actor)} {_with_dates(group)}." for group in self._told)

    @property
    def date_first(self) -> str:
        """`On 9 March, the logistics team booked another carrier.`."""
        return " ".join(_date_first(group) for group in self._told)

    @property
    def plain(self) -> str:
        """`the logistics team booked another carrier`, without dates, to go inside a sentence."""
        return phrases.listing([f"{group[0].actor} {_verbs(group)}" for group in self._told])

    @property
    def team(self) -> str:
        """Who did the strongest deed."""
        return _actor(self.deeds[0])

    @property
    def strongest(self) -> str:
        """The strongest deed in the past: `booked another carrier`."""
        return _verb(self.deeds[0]).past

    @property
    def thanks(self) -> str:
        """What the strongest deed is thanked for: `booking another carrier`."""
        return _verb(self.deeds[0]).gerund


def _verb(deed: Deed) -> phrases.Verb:
    return phrases.verb(deed.action, deed.of)


def _actor(deed: Deed) -> str:
    if not deed.who:
        return phrases.team(deed.department)
    others = deed.others or len(deed.who) > MAX_NAMED
    people = phrases.listing((*deed.who[:MAX_NAMED], "colleagues") if others else deed.who)
    return f"{people} ({phrases.department(deed.department)})"


def _act(deeds: list[Deed]) -> _Act:
    """One act of one team, or of several that did the same."""
    if len(deeds) == 1 or any(deed.who for deed in deeds):
        actor = phrases.listing([_actor(deed) for deed in deeds])
    else:
        actor = phrases.teams([phrases.department(deed.department) for deed in deeds])
    first, last = min(deed.on for deed in deeds), max(deed.until or deed.on for deed in deeds)
    several = next((deed for deed in deeds if deed.until), None)
    return _Act(actor, _verb(several or deeds[0]).past, (first, last if several else first))


def _verbs(group: list[_Act]) -> str:
    return phrases.listing([act.did for act in group])


def _same_day(group: list[_Act]) -> Iterator[list[_Act]]:
    for _, acts in groupby(group, key=lambda act: act.when):
        yield list(acts)


def _with_dates(group: list[_Act]) -> str:
    first, *rest = _same_day(group)
    return f"{_on_day(first)}{_later(rest)}"


def _later(days: list[list[_Act]]) -> str:
    return f", then {phrases.listing([_on_day(acts) for acts in days])}" if days else ""


def _on_day(acts: list[_Act]) -> str:
    return f"{_verbs(acts)} {_when(*acts[0].when)}"


def _when(first: date, last: date) -> str:
    if first == last:
        return f"on {phrases.day(first)}"
    day = phrases.day if first.year == last.year else phrases.full_day
    return f"between {day(first)} and {day(last)}"


def _date_first(group: list[_Act]) -> str:
    first, *rest = _same_day(group)
    when = phrases.sentence(_when(*first[0].when))
    return f"{when}, {first[0].actor} {_verbs(first)}{_later(rest)}."


F = TypeVar("F", bound=StoryFacts)


@dataclass(frozen=True)
class Telling(Generic[F]):
    """The facts as phrases; `room` bounds the deeds and roadblocks told, `extras` the optional sentences.

    A fact that a pattern names is None where nothing is known of it, and a KeyError where it never said so.
    """

    facts: F
    lead: Side = "sales"
    room: int = 3
    extras: bool = True

    @cached_property
    def first(self) -> Part:
        """The side that is named first."""
        return Part(self.lead, self.facts.deeds(self.lead), self.room)

    @cached_property
    def second(self) -> Part:
        """The other side."""
        other = OTHER[self.lead]
        return Part(other, self.facts.deeds(other), self.room)

    @property
    def customer(self) -> str | None:
        """The customer's display name, for use inside a sentence."""
        return self.facts.customer

    def figure(self, name: str) -> str | None:
        """A figure with its unit: `95%`, `12 days`, `EUR 12,400`, `40`."""
        found = self._measure(name)
        return None if found is None else phrases.measure(found)

    def count(self, name: str, noun: str) -> str | None:
        """`1 order`, `40 orders`."""
        found = self._measure(name)
        return None if found is None else phrases.count(found.value, noun)

    def day(self, name: str) -> str | None:
        """`9 March`."""
        found = self._date(name)
        return None if found is None else phrases.day(found)

    def full_day(self, name: str) -> str | None:
        """`9 March 2026`."""
        found = self._date(name)
        return None if found is None else phrases.full_day(found)

    def between(self, first: str, last: str) -> str:
        """`between 2 June and 5 November 2025`."""
        start, end = self.facts.dates[first], self.facts.dates[last]
        day = phrases.day if start.year == end.year else phrases.full_day
        return f"between {day(start)} and {phrases.full_day(end)}"

    def says(self, name: str) -> bool:
        """Whether a fact holds, for one that is a yes or a no."""
        return self.facts.flags[name]

    def _measure(self, name: str) -> Measure | None:
        return None if name in self.facts.unknown else self.facts.measures[name]

    def _date(self, name: str) -> date | None:
        return None if name in self.facts.unknown else self.facts.dates[name]


class SubjectTelling(Telling[SubjectFacts]):
    """The story of a customer, a product, a week or a quarter."""

    @property
    def subject(self) -> str:
        """What it is about: a customer, a product, a week."""
        return self.facts.label

    @property
    def period(self) -> str:
        """`March 2026`, `week 10 of 2026`, `the first quarter of 2026`."""
        return phrases.period(self.facts.period or "")


class OrderTelling(Telling[OrderFacts]):
    """The story of one order."""

    @property
    def customer(self) -> str:
        """The customer's display name, for use inside a sentence."""
        return self.facts.customer

    @property
    def placed(self) -> str:
        """The day of the order, with its year."""
        return phrases.full_day(self.facts.placed_on)

    @property
    def due(self) -> str:
        """The day first promised."""
        return phrases.day(self.facts.due_on)

    @property
    def delivered(self) -> str:
        """The day of acceptance."""
        return phrases.day(self.facts.delivered_at.date())

    @property
    def at(self) -> str:
        """The local time of acceptance, `09:40`."""
        return f"{self.facts.delivered_at:%H:%M}"

    @property
    def goods(self) -> str:
        """What was ordered: units of measure are listed, never summed."""
        shown = [phrases.quantity(each) for each in self.facts.quantities[: self.room]]
        more = ["more"] if len(self.facts.quantities) > self.room else []
        return phrases.listing([*shown, *more])

    @property
    def lines(self) -> str:
        """`1 order line`, `3 order lines`."""
        return phrases.count(self.facts.order_lines, "order line")

    @property
    def value(self) -> str | None:
        """The order value, where it is known and there is room for it."""
        value = self.facts.value
        return phrases.money(value.amount, value.currency) if self.extras and value else None

    @property
    def punctual(self) -> str:
        """How the delivery stands against the first promise."""
        if self.facts.delivered_at.date() > self.facts.due_on:
            return "within the agreed tolerance of the promised day"
        if self.facts.days_early:
            return f"{phrases.count(self.facts.days_early, 'day')} ahead of the first promise"
        on_the_day = self.facts.delivered_at.date() == self.facts.due_on
        return "on the day first promised" if on_the_day else "in time for the first promise"

    def against(self, name: str) -> str:
        """How the delivery stands against a day that was agreed."""
        agreed, came = self.facts.dates[name], self.facts.delivered_at.date()
        if came > agreed:
            return "within the tolerance of the day agreed"
        return "on the day agreed" if came == agreed else "ahead of the day agreed"

    @property
    def record(self) -> str:
        """What shows the delivery."""
        return phrases.RECORDS[self.facts.evidence]

    @property
    def window(self) -> str:
        """`30 days`."""
        return phrases.count(self.facts.return_window_days, "day")

    @property
    def obstacle(self) -> str:
        """The strongest roadblock."""
        blocks = self.facts.roadblocks
        return phrases.roadblock(blocks[0].category) if blocks else "a roadblock"

    @property
    def raised(self) -> str:
        """The day the strongest roadblock was raised."""
        return phrases.day(self.facts.roadblocks[0].raised_on)

    @property
    def delay(self) -> str | None:
        """The delay that the strongest roadblock was expected to bring."""
        days = self.facts.roadblocks[0].predicted_delay_days if self.facts.roadblocks else None
        return phrases.count(days, "day") if days else None

    @property
    def others(self) -> str | None:
        """The next strongest roadblocks with their days: `a quality hold (8 March)`."""
        others = self.facts.roadblocks[1 : self.room]
        named = [f"{phrases.roadblock(each.category)} ({phrases.day(each.raised_on)})" for each in others]
        return phrases.listing(named) if named else None

    @property
    def requested(self) -> bool:
        """The date the customer asked for was met too, and there is room to say so."""
        return self.extras and self.facts.on_requested_date

    @property
    def rating(self) -> str | None:
        """`5 on a scale from 1 to 5`."""
        rating = self.facts.rating
        if rating is None or not self.extras:
            return None
        scale = f"{phrases.number(rating.scale_min)} to {phrases.number(rating.scale_max)}"
        return f"{phrases.number(rating.score)} on a scale from {scale}"


def telling(
    facts: Facts, lead: Side = "sales", room: int = 3, *, extras: bool = True
) -> OrderTelling | SubjectTelling:
    """The telling that these facts ask for."""
    if isinstance(facts, OrderFacts):
        return OrderTelling(facts, lead, room, extras)
    return SubjectTelling(facts, lead, room, extras)
