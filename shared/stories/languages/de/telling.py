"""The phrases of one telling, in full German grammar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.stories.languages.de import phrases
from shared.stories.languages.de.verbs import Verb, verb
from shared.stories.model import OrderFacts, SubjectFacts
from shared.stories.sentences import sentence
from shared.stories.telling import MAX_NAMED, Actor, F, OrderTelling, Part, Telling, same_day

if TYPE_CHECKING:
    from datetime import date

    from shared.stories.model import Deed, Facts, Side
    from shared.stories.telling import Act


class GermanPart(Part):
    """What one side did, in sentences."""

    @property
    def label(self) -> str:
        """`Vertrieb` or `Operations`."""
        return phrases.SIDES[self.side]

    @property
    def subject(self) -> str:
        """`der Vertrieb`; Operations has no article."""
        return "der Vertrieb" if self.side == "sales" else self.label

    @property
    def origin(self) -> str:
        """`vom Vertrieb`, `von Operations`."""
        return "vom Vertrieb" if self.side == "sales" else f"von {self.label}"

    @property
    def bold(self) -> str:
        """`der **Vertrieb**`."""
        return self.subject.replace(self.label, f"**{self.label}**")

    @property
    def bold_from(self) -> str:
        """`vom **Vertrieb**`."""
        return self.origin.replace(self.label, f"**{self.label}**")

    @property
    def bold_dative(self) -> str:
        """`dem **Vertrieb**`."""
        return self.bold.replace("der ", "dem ")

    @property
    def inside(self) -> str:
        """`im **Vertrieb**`, `bei **Operations**`."""
        return f"im **{self.label}**" if self.side == "sales" else f"bei **{self.label}**"

    @property
    def dated(self) -> str:
        """`Das Logistikteam buchte am 9. März einen anderen Spediteur.`; as many sentences as teams."""
        return " ".join(f"{sentence(group[0].actor.words)} {_with_dates(group)}." for group in self._told)

    @property
    def date_first(self) -> str:
        """`Am 9. März buchte das Logistikteam einen anderen Spediteur.`."""
        return " ".join(_date_first(group) for group in self._told)

    @property
    def plain(self) -> str:
        """`das Logistikteam buchte einen anderen Spediteur`, without dates."""
        return _sentences([f"{group[0].actor.words} {_plain(group)}" for group in self._told])

    @property
    def inverted(self) -> str:
        """`buchte das Logistikteam einen anderen Spediteur`, behind what comes first in its sentence."""
        (start, *more), *rest = self._told
        clauses = [_clause(start, start.actor.words), *map(_clause, more)]
        others = [f"{group[0].actor.words} {_plain(group)}" for group in rest]
        return _sentences([phrases.listing(clauses), *others])

    @property
    def strongest(self) -> str:
        """The strongest deed in the past: `buchte einen anderen Spediteur`."""
        return _clause(self._strongest)

    @property
    def strongest_inverted(self) -> str:
        """The same with who did it: `buchte das Logistikteam einen anderen Spediteur`."""
        return _clause(self._strongest, self.team)

    @property
    def thanks(self) -> str:
        """What the strongest deed is thanked for: `den Wechsel des Spediteurs`."""
        return verb(self.deeds[0].action, self.deeds[0].of).thanks

    @property
    def thanked(self) -> str:
        """Who did the strongest deed, as those whom thanks go to: `dem Logistikteam`."""
        return _people(self.deeds[0]) or phrases.thanked([self.deeds[0].department])

    @property
    def from_team(self) -> str:
        """`vom Logistikteam`, `von Ana Ruiz und Team (Logistik)`."""
        team = self.thanked.removeprefix("dem ")
        return f"von {team}" if team == self.thanked else f"vom {team}"

    @property
    def _strongest(self) -> Act:
        return self._act([self.deeds[0]])

    def _actor(self, deeds: list[Deed]) -> Actor:
        if len(deeds) == 1 or any(deed.who for deed in deeds):
            who = [_people(deed) or phrases.teams([deed.department]) for deed in deeds]
            alone = len(deeds) == 1 and (not deeds[0].who or (len(deeds[0].who) == 1 and not deeds[0].others))
            return Actor(phrases.listing(who), plural=not alone)
        return Actor(phrases.teams([deed.department for deed in deeds]), plural=True)


def _people(deed: Deed) -> str | None:
    """Those of a team who wish to be named."""
    if not deed.who:
        return None
    others = deed.others or len(deed.who) > MAX_NAMED
    people = phrases.listing((*deed.who[:MAX_NAMED], "Team") if others else deed.who)
    return f"{people} ({phrases.department(deed.department)})"


def _clause(act: Act, *between: str) -> str:
    """`buchte einen anderen Spediteur`, with a subject or a date behind the verb."""
    found = verb(act.deed.action, act.deed.of)
    return " ".join((found.many if act.actor.plural else found.one, *between, found.rest))


def _sentences(parts: list[str]) -> str:
    """Main clauses of several subjects in one sentence."""
    *head, tail = parts
    return f"{', '.join(head)}, und {tail}" if head else tail


def _plain(group: list[Act]) -> str:
    return phrases.listing([_clause(act) for act in group])


def _with_dates(group: list[Act]) -> str:
    first, *rest = same_day(group)
    return _in_turn([_clause(first[0], _when(first[0])), *map(_clause, first[1:])], rest)


def _date_first(group: list[Act]) -> str:
    first, *rest = same_day(group)
    clauses = [_clause(first[0], first[0].actor.words), *map(_clause, first[1:])]
    return f"{sentence(_when(first[0]))} {_in_turn(clauses, rest)}."


def _in_turn(clauses: list[str], later: list[list[Act]]) -> str:
    """`… und legte dann am 10. März Extraschichten ein`; what was done on one day stays together."""
    days = [phrases.listing(clauses)]
    for number, acts in enumerate(later):
        when = ("dann", _when(acts[0])) if number == 0 else (_when(acts[0]),)
        days.append(phrases.listing([_clause(acts[0], *when), *map(_clause, acts[1:])]))
    return phrases.listing(days)


def _when(act: Act) -> str:
    first, last = act.when
    if first == last:
        return f"am {phrases.day(first)}"
    day = phrases.day if first.year == last.year else phrases.full_day
    return f"zwischen dem {day(first)} und dem {day(last)}"


@dataclass(frozen=True)
class GermanTelling(Telling[F]):
    """The facts as German phrases; names are the same in every case, what stands for them is not."""

    language = phrases.GERMAN

    def _part(self, side: Side) -> GermanPart:
        return GermanPart(side, self.facts.deeds(side), self.room)

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
    def delay_dative(self) -> str | None:
        """The same behind `von`: `5 Tagen`."""
        return f"{self.delay}n" if self.delay and self.delay.endswith("Tage") else self.delay

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
