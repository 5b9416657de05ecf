"""The phrases of one telling, in full English grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.languages import ENGLISH
from shared.stories.languages.en import phrases
from shared.stories.model import OrderFacts, SubjectFacts
from shared.stories.sentences import sentence
from shared.stories.telling import MAX_NAMED, Actor, F, OrderTelling, Part, Telling, same_day

if TYPE_CHECKING:
    from datetime import date

    from shared.stories.model import Deed, Facts, Side
    from shared.stories.telling import Act


class EnglishPart(Part):
    """What one side did, in sentences."""

    @property
    def label(self) -> str:
        """`Sales` or `Operations`."""
        return phrases.SIDES[self.side]

    @property
    def dated(self) -> str:
        """`The logistics team booked another carrier on 9 March.`; as many sentences as teams."""
        return " ".join(f"{sentence(group[0].actor.words)} {_with_dates(group)}." for group in self._told)

    @property
    def date_first(self) -> str:
        """`On 9 March, the logistics team booked another carrier.`."""
        return " ".join(_date_first(group, again=again) for group, again in self._timed)

    @property
    def plain(self) -> str:
        """`the logistics team booked another carrier`, without dates, to go inside a sentence."""
        return phrases.listing([f"{group[0].actor.words} {_verbs(group)}" for group in self._told])

    @property
    def strongest(self) -> str:
        """The strongest deed in the past: `booked another carrier`."""
        return _verb(self.deeds[0]).past

    @property
    def thanks(self) -> str:
        """What the strongest deed is thanked for: `booking another carrier`."""
        return _verb(self.deeds[0]).gerund

    def _actor(self, deeds: list[Deed]) -> Actor:
        if len(deeds) == 1 or any(deed.who for deed in deeds):
            return Actor(phrases.listing([_who(deed) for deed in deeds]))
        return Actor(phrases.teams([phrases.department(deed.department) for deed in deeds]))


def _verb(deed: Deed) -> phrases.Verb:
    return phrases.verb(deed.action, deed.of)


def _who(deed: Deed) -> str:
    if not deed.who:
        return phrases.team(deed.department)
    others = deed.others or len(deed.who) > MAX_NAMED
    people = phrases.listing((*deed.who[:MAX_NAMED], "colleagues") if others else deed.who)
    return f"{people} ({phrases.department(deed.department)})"


def _verbs(group: list[Act]) -> str:
    return phrases.listing([_verb(act.deed).past for act in group])


def _with_dates(group: list[Act]) -> str:
    first, *rest = same_day(group)
    return f"{_on_day(first)}{_later(rest)}"


def _later(days: list[list[Act]]) -> str:
    return f", then {phrases.listing([_on_day(acts) for acts in days])}" if days else ""


def _on_day(acts: list[Act]) -> str:
    return f"{_verbs(acts)} {_when(*acts[0].when)}"


def _when(first: date, last: date) -> str:
    if first == last:
        return f"on {phrases.day(first)}"
    day = phrases.day if first.year == last.year else phrases.full_day
    return f"between {day(first)} and {day(last)}"


def _date_first(group: list[Act], *, again: bool) -> str:
    first, *rest = same_day(group)
    when = "The same day" if again else sentence(_when(*first[0].when))
    return f"{when}, {first[0].actor.words} {_verbs(first)}{_later(rest)}."


@dataclass(frozen=True)
class EnglishTelling(Telling[F]):
    """The facts as English phrases."""

    language = ENGLISH

    def _part(self, side: Side) -> EnglishPart:
        return EnglishPart(side, self.facts.deeds(side), self.room)

    def both(self, between: str) -> str:
        """The strongest deed of each side: `the sales team did this; the logistics team did that`."""
        first, second = self.first, self.second
        if self.alike:
            return f"{first.team} and {second.team} both {first.strongest}"
        return f"{first.team} {first.strongest}{between}{second.team} {second.strongest}"

    @property
    def thanks(self) -> str:
        """Thanks both ways: `Sales thanks the logistics team for this; Operations thanks … for that`."""
        first, second = self.first, self.second
        return (
            f"{first.label} thanks {second.team} for {second.thanks}; "
            f"{second.label} thanks {first.team} for {self.too(first)}"
        )

    def too(self, part: Part) -> str:
        """What a side is thanked for, behind what the other one is thanked for: `the same`."""
        return "the same" if self.alike else part.thanks

    @property
    def customer(self) -> str | None:
        """The customer's display name, for use inside a sentence."""
        return self.facts.customer

    def count(self, name: str, noun: str) -> str | None:
        """`1 order`, `40 orders`."""
        found = self._measure(name)
        return None if found is None else phrases.count(found.value, noun)

    def between(self, first: str, last: str) -> str:
        """`between 2 June and 5 November 2025`."""
        start, end = self.facts.dates[first], self.facts.dates[last]
        day = phrases.day if start.year == end.year else phrases.full_day
        return f"between {day(start)} and {phrases.full_day(end)}"


class EnglishSubject(EnglishTelling[SubjectFacts]):
    """The story of a customer, a product, a week or a quarter."""

    @property
    def subject(self) -> str:
        """What it is about: a customer, a product, a week."""
        return phrases.label(self.facts)

    @property
    def period(self) -> str:
        """`March 2026`, `week 10 of 2026`, `the first quarter of 2026`."""
        return phrases.period(self.facts.period or "")


class EnglishOrder(EnglishTelling[OrderFacts], OrderTelling):
    """The story of one order."""

    @property
    def customer(self) -> str:
        """The customer's display name, for use inside a sentence."""
        return self.facts.customer

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
        """`one order line`, `3 order lines`."""
        count = self.facts.order_lines
        return "one order line" if count == 1 else phrases.count(count, "order line")

    @property
    def punctual(self) -> str:
        """How the delivery stands against the first promise."""
        if self.facts.delivered_at.date() > self.facts.due_on:
            return "within the agreed tolerance of the promised day"
        if self.facts.days_early:
            return f"{phrases.count(self.facts.days_early, 'day')} ahead of the first promise"
        on_the_day = self.facts.delivered_at.date() == self.facts.due_on
        return "on the day first promised" if on_the_day else "in time for the first promise"

    @property
    def as_promised(self) -> str:
        """The same, shorter where it came on the day."""
        return "as first promised" if self.facts.delivered_at.date() == self.facts.due_on else self.punctual

    @property
    def kept(self) -> str:
        """When it came, said right behind the day first promised: `that day`, `on 4 March, 3 days ahead`."""
        if self.facts.delivered_at.date() == self.facts.due_on:
            return "that day"
        if self.late:
            return f"on {self.delivered}, within the agreed tolerance"
        early = self.facts.days_early
        how = f"{phrases.count(early, 'day')} ahead" if early else "in time"
        return f"on {self.delivered}, {how}"

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
    def rating(self) -> str | None:
        """`5 on a scale from 1 to 5`."""
        rating = self.facts.rating
        if rating is None or not self.extras:
            return None
        scale = f"{phrases.number(rating.scale_min)} to {phrases.number(rating.scale_max)}"
        return f"{phrases.number(rating.score)} on a scale from {scale}"


def telling(facts: Facts, lead: Side, room: int, *, extras: bool) -> EnglishOrder | EnglishSubject:
    """The telling that these facts ask for."""
    if isinstance(facts, OrderFacts):
        return EnglishOrder(facts, lead, room, extras)
    return EnglishSubject(facts, lead, room, extras)


def alone(facts: Facts, side: Side) -> str:
    """`The logistics team booked another carrier for Acme after a customs hold; delivered on 9 March.`."""
    deeds = facts.deeds(side)
    who = sentence(phrases.team(deeds[0].department)) if deeds else phrases.SIDES[side]
    did = _verb(deeds[0]).past if deeds else "held the date"
    if not isinstance(facts, OrderFacts):
        return f"{who} {did}."
    after = f" after {phrases.roadblock(facts.roadblocks[0].category)}" if facts.roadblocks else ""
    on = phrases.day(facts.delivered_at.date())
    return f"{who} {did} for {facts.customer}{after}; delivered on {on}."
