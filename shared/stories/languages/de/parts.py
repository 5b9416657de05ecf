"""What one side did, in full German grammar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared.stories.languages.de import phrases
from shared.stories.languages.de.verbs import verb
from shared.stories.sentences import sentence
from shared.stories.telling import MAX_NAMED, Actor, Part, same_day

if TYPE_CHECKING:
    from shared.stories.languages.de.verbs import Verb
    from shared.stories.model import Deed
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
        return " ".join(_date_first(group, again=again) for group, again in self._timed)

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
    def done(self) -> Verb:
        """The strongest deed, for subjects of one and of many."""
        return verb(self.deeds[0].action, self.deeds[0].of)

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


def _date_first(group: list[Act], *, again: bool) -> str:
    first, *rest = same_day(group)
    clauses = [_clause(first[0], first[0].actor.words), *map(_clause, first[1:])]
    when = "Am selben Tag" if again else sentence(_when(first[0]))
    return f"{when} {_in_turn(clauses, rest)}."


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
