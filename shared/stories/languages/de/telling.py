"""The phrases of one telling, in full German grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.stories.languages.de import phrases
from shared.stories.languages.de.parts import GermanPart
from shared.stories.languages.de.verbs import Verb, verb
from shared.stories.model import OrderFacts, SubjectFacts
from shared.stories.sentences import sentence
from shared.stories.telling import OTHER, F, OrderTelling, Part, Telling

if TYPE_CHECKING:
    from datetime import date

    from shared.stories.model import Facts, Side


@dataclass(frozen=True)
class GermanTelling(Telling[F]):
    """The facts as German phrases; names are the same in every case, what stands for them is not."""

    language = phrases.GERMAN

    def _part(self, side: Side) -> GermanPart:
        return GermanPart(side, self.facts.deeds(side), self.room)

    @property
    def _sides(self) -> tuple[GermanPart, GermanPart]:
        return self._part(self.lead), self._part(OTHER[self.lead])

    def both(self, between: str) -> str:
        """The strongest deed of each side: `das Vertriebsteam tat dies; das Logistikteam tat das`."""
        first, second = self._sides
        if self.alike:
            done = first.done
            return f"{first.team} und {second.team} {done.many} {done.rest}"
        return f"{first.team} {first.strongest}{between}{second.team} {second.strongest}"

    @property
    def both_inverted(self) -> str:
        """The same behind what comes first in its sentence."""
        first, second = self._sides
        if self.alike:
            done = first.done
            return f"{done.many} {first.team} und {second.team} {done.rest}"
        return f"{first.strongest_inverted}, und {second.team} {second.strongest}"

    @property
    def thanks(self) -> str:
        """Thanks both ways: `der Vertrieb dankt dem Logistikteam für dies; Operations dankt … für das`."""
        first, second = self._sides
        return (
            f"{first.subject} dankt {second.thanked} für {second.thanks}; "
            f"{second.subject} dankt {first.thanked} für {self.too(first)}"
        )

    def too(self, part: Part) -> str:
        """What a side is thanked for, behind what the other one is thanked for: `dasselbe`."""
        return "dasselbe" if self.alike else part.thanks

    @property
    def customer(self) -> str | None:
        """The customer as a subject: a name, or `ein Kunde`."""
        found = phrases.customer(self.facts)
        return found and found.subject

    @property
    def customer_object(self) -> str | None:
        """The customer behind `für`: `einen Kunden`."""
        found = phrases.customer(self.facts)
        return found and found.object

    @property
    def customer_dative(self) -> str | None:
        """The customer behind `von`, `mit` and `bei`: `einem Kunden`."""
        found = phrases.customer(self.facts)
        return found and found.dative

    def dative(self, name: str) -> str | None:
        """A figure in days behind `nach`, `vor` and `in`: `12 Tagen`."""
        return self.count(name, "Tag", "Tagen")

    def count(self, name: str, one: str, many: str) -> str | None:
        """`1 Bestellung`, `40 Bestellungen`."""
        found = self._measure(name)
        return None if found is None else phrases.count(found.value, one, many)

    def is_one(self, name: str) -> bool:
        """Whether a verb behind this figure is in the singular."""
        return self.facts.measures[name].value == 1

    def between(self, first: str, last: str) -> str:
        """`vom 2. Juni bis zum 5. November 2025`."""
        start, end = self.facts.dates[first], self.facts.dates[last]
        return f"vom {_start(start, end)} bis zum {phrases.full_day(end)}"


def _start(start: date, end: date) -> str:
    return phrases.day(start) if start.year == end.year else phrases.full_day(start)


class GermanSubject(GermanTelling[SubjectFacts]):
    """The story of a customer, a product, a week or a quarter."""

    @property
    def subject(self) -> str:
        """A product, which has no article."""
        return phrases.label(self.facts)

    @property
    def in_period(self) -> str:
        """`im März 2026`, `in Kalenderwoche 10 des Jahres 2026`."""
        return phrases.in_period(self.facts.period or "")


class GermanOrder(GermanTelling[OrderFacts], OrderTelling):
    """The story of one order."""

    @property
    def at(self) -> str:
        """The local time of acceptance, `09:40 Uhr`."""
        return f"{self.facts.delivered_at:%H:%M} Uhr"

    @property
    def goods(self) -> str:
        """What was ordered: units of measure are listed, never summed."""
        shown = [phrases.quantity(each) for each in self.facts.quantities[: self.room]]
        more = ["mehr"] if len(self.facts.quantities) > self.room else []
        return phrases.listing([*shown, *more])

    @property
    def lines(self) -> str:
        """`1 Position`, `3 Positionen`."""
        return phrases.count(self.facts.order_lines, "Position", "Positionen")

    @property
    def punctual(self) -> str:
        """How the delivery stands against the first promise."""
        if self.late:
            return "innerhalb der vereinbarten Toleranz"
        if self.facts.days_early:
            return f"{phrases.count(self.facts.days_early, 'Tag', 'Tage')} vor dem zuerst zugesagten Termin"
        on_the_day = self.facts.delivered_at.date() == self.facts.due_on
        return "am zuerst zugesagten Tag" if on_the_day else "rechtzeitig zum zuerst zugesagten Termin"

    @property
    def as_promised(self) -> str:
        """The same, shorter where it came on the day."""
        return "wie zuerst zugesagt" if self.facts.delivered_at.date() == self.facts.due_on else self.punctual

    @property
    def kept(self) -> str:
        """When it came, behind the day first promised: `an eben diesem Tag`, `am 4. März, 3 Tage früher`."""
        if self.facts.delivered_at.date() == self.facts.due_on:
            return "an eben diesem Tag"
        if self.late:
            return f"am {self.delivered}, innerhalb der vereinbarten Toleranz"
        early = self.facts.days_early
        how = f"{phrases.count(early, 'Tag', 'Tage')} früher" if early else "rechtzeitig"
        return f"am {self.delivered}, {how}"

    def against(self, name: str) -> str:
        """How the delivery stands against a day that was agreed."""
        agreed, came = self.facts.dates[name], self.facts.delivered_at.date()
        if came > agreed:
            return "innerhalb der Toleranz für den vereinbarten Tag"
        return "am vereinbarten Tag" if came == agreed else "vor dem vereinbarten Tag"

    @property
    def record(self) -> str:
        """What shows the delivery, as a subject."""
        return phrases.RECORDS[self.facts.evidence].subject

    @property
    def record_dative(self) -> str:
        """The same behind `laut`."""
        return phrases.RECORDS[self.facts.evidence].dative

    @property
    def window(self) -> str:
        """`30 Tage`."""
        return phrases.count(self.facts.return_window_days, "Tag", "Tage")

    @property
    def window_dative(self) -> str:
        """`30 Tagen`."""
        return phrases.count(self.facts.return_window_days, "Tag", "Tagen")

    @property
    def _obstacle(self) -> phrases.Noun:
        blocks = self.facts.roadblocks
        return phrases.obstacle(blocks[0].category) if blocks else phrases.HINDRANCE

    @property
    def obstacle(self) -> str:
        """The strongest roadblock as a subject: `ein Materialengpass`."""
        return self._obstacle.subject

    @property
    def obstacle_dative(self) -> str:
        """`einem Materialengpass`, behind `nach`."""
        return self._obstacle.dative

    @property
    def delay(self) -> str | None:
        """The delay that the strongest roadblock was expected to bring."""
        days = self.facts.roadblocks[0].predicted_delay_days if self.facts.roadblocks else None
        return phrases.count(days, "Tag", "Tage") if days else None

    @property
    def others(self) -> str | None:
        """The next strongest roadblocks with their days: `eine Qualitätssperre (8. März)`."""
        others = self.facts.roadblocks[1 : self.room]
        named = [f"{phrases.roadblock(each.category)} ({phrases.day(each.raised_on)})" for each in others]
        return phrases.listing(named) if named else None

    @property
    def rating(self) -> str | None:
        """`5 auf einer Skala von 1 bis 5`."""
        rating = self.facts.rating
        if rating is None or not self.extras:
            return None
        scale = f"{phrases.number(rating.scale_min)} bis {phrases.number(rating.scale_max)}"
        return f"{phrases.number(rating.score)} auf einer Skala von {scale}"


def telling(facts: Facts, lead: Side, room: int, *, extras: bool) -> GermanOrder | GermanSubject:
    """The telling that these facts ask for."""
    if isinstance(facts, OrderFacts):
        return GermanOrder(facts, lead, room, extras)
    return GermanSubject(facts, lead, room, extras)


def alone(facts: Facts, side: Side) -> str:
    """`Für Acme buchte das Logistikteam einen anderen Spediteur; geliefert wurde am 9. März.`."""
    deeds, found = facts.deeds(side), phrases.customer(facts)
    done = verb(deeds[0].action, deeds[0].of) if deeds else Verb("hielt", "hielten", "den Termin", "")
    who = phrases.teams([deeds[0].department]) if deeds else phrases.SIDES[side]
    if not isinstance(facts, OrderFacts) or found is None:
        return f"{sentence(who)} {done.one} {done.rest}."
    after = f", nach {phrases.obstacle(facts.roadblocks[0].category).dative}" if facts.roadblocks else ""
    delivered = f"geliefert wurde am {phrases.day(facts.delivered_at.date())}{after}."
    return f"Für {found.object} {done.one} {who} {done.rest}; {delivered}"
