"""The fact check: every figure in a story must be backed by one of its facts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Final

from shared.languages import ENGLISH
from shared.stories.languages import phrases
from shared.stories.model import OrderFacts, SubjectFacts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from shared.stories.model import Facts

_UNITS: Final = ("days", "percent", "ppm")


@dataclass(frozen=True, slots=True)
class Notation:
    """How a language writes figures, as regular expressions.

    `day` names its parts `d1 m1 y1`, or `d2 m2 y2` where the month comes first; `units` is of the groups
    `percent`, `ppm` and `days`.
    """

    day: str
    units: str
    months: tuple[str, ...]
    group: str
    """What stands between thousands."""
    decimal: str

    @property
    def figure(self) -> re.Pattern[str]:
        """Any figure: a date, a time, or a number with or without a unit."""
        return _figure(self.day, self.units)


@cache
def _figure(day: str, units: str) -> re.Pattern[str]:
    iso, time = r"(?P<iso>\d{4}-\d\d-\d\d)", r"(?P<time>\d{1,2}:\d\d)"
    number = rf"(?P<number>\d+(?:[.,]\d+)*)(?:\s?(?P<unit>{units}))?"
    return re.compile(rf"(?<!\d)(?:{iso}|{day}|{time}|{number})(?!\d)|\d+")


@dataclass(frozen=True, slots=True)
class Backing:
    """The figures that facts allow, by kind; `words` are names and ids, allowed as they are written."""

    dates: frozenset[date]
    times: frozenset[str]
    numbers: Mapping[str, frozenset[Decimal]]
    """By unit; without one also what is counted in days."""
    words: tuple[str, ...]

    def __or__(self, other: Backing) -> Backing:
        """What either allows."""
        return Backing(
            dates=self.dates | other.dates,
            times=self.times | other.times,
            numbers={unit: self.numbers[unit] | other.numbers[unit] for unit in self.numbers},
            words=tuple(sorted({*self.words, *other.words}, key=len, reverse=True)),
        )


def unbacked_figures(text: str, facts: Facts, language: str = ENGLISH) -> list[str]:
    """The figures of a text in a language, as written, that no fact backs."""
    said, backing = phrases(language), backing_of(facts)
    if isinstance(facts, SubjectFacts) and facts.period:
        month = re.escape(said.period(facts.period))
        text = re.sub(rf"(?<!\w)(?<!\d[ .])(?<!\d\.\s){month}(?!\w)", " ", text)  # not of `9 March 2026`
    return unbacked(text, replace(backing, words=(*backing.words, said.label(facts))), language)


def unbacked(text: str, backing: Backing, language: str = ENGLISH) -> list[str]:
    """The same, of anything that backs figures."""
    notation = phrases(language).NOTATION
    for word in backing.words:
        text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " ", text, flags=re.IGNORECASE)
    return [match[0] for match in notation.figure.finditer(text) if not _backed(match, backing, notation)]


def _backed(match: re.Match[str], backing: Backing, notation: Notation) -> bool:
    found = {"m2": None, "d2": None, "y2": None, **match.groupdict()}
    if found["iso"]:
        return any(found["iso"] == day.isoformat() for day in backing.dates)
    if found["m1"] or found["m2"]:
        month = notation.months.index(found["m1"] or found["m2"] or "") + 1
        day, year = int(found["d1"] or found["d2"] or 0), found["y1"] or found["y2"]
        return any((d.day, d.month) == (day, month) and year in {None, str(d.year)} for d in backing.dates)
    if found["time"]:
        return found["time"] in backing.times
    kind = next((unit for unit in _UNITS if found[unit]), "")
    return bool(found["number"]) and _number_backed(found["number"] or "", kind, backing, notation)


def _number_backed(written: str, kind: str, backing: Backing, notation: Notation) -> bool:
    plain = re.sub(rf"(?<=\d){re.escape(notation.group)}(?=\d{{3}}(?!\d))", "", written)
    if notation.decimal != ".":
        plain = plain.replace(".", " ").replace(notation.decimal, ".")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return False
    return value in backing.numbers.get(kind, frozenset())


def backing_of(facts: Facts) -> Backing:
    """The figures that facts allow."""
    told = [*_told(facts), *(_of_order(facts) if isinstance(facts, OrderFacts) else ())]
    return Backing(
        dates=frozenset(_dates(facts)),
        times=frozenset({f"{facts.delivered_at:%H:%M}"} if isinstance(facts, OrderFacts) else ()),
        numbers=numbers_of(told),
        words=_words(facts),
    )


def numbers_of(told: Iterable[tuple[str, Decimal]]) -> dict[str, frozenset[Decimal]]:
    """Figures by unit, whatever their sign."""
    numbers: dict[str, set[Decimal]] = {"days": set(), "percent": set(), "ppm": set(), "": set()}
    for unit, value in told:
        numbers[unit].add(abs(value))
    numbers[""] |= numbers["days"]
    return {unit: frozenset(values) for unit, values in numbers.items()}


def _told(facts: Facts) -> Iterator[tuple[str, Decimal]]:
    """The figures that a pattern names; of money and points the number stands alone."""
    for measure in facts.measures.values():
        yield measure.unit if measure.unit in _UNITS else "", measure.value


def _of_order(facts: OrderFacts) -> Iterator[tuple[str, Decimal]]:
    days = (facts.days_early, facts.predicted_delay_days, facts.return_window_days)
    yield from (("days", Decimal(each)) for each in days)
    foreseen = (block.predicted_delay_days for block in facts.roadblocks)
    yield from (("days", Decimal(each)) for each in foreseen if each)
    yield from (("", Decimal(each)) for each in (facts.order_lines, len(facts.roadblocks)))
    yield from (("", each.qty) for each in facts.quantities)
    if facts.value:
        yield "", facts.value.amount
    if rating := facts.rating:
        yield from (("", each) for each in (rating.score, rating.scale_min, rating.scale_max))


def _dates(facts: Facts) -> Iterator[date]:
    yield from facts.dates.values()
    for deed in (*facts.sales, *facts.operations):
        yield deed.on
        yield deed.until or deed.on
    if isinstance(facts, OrderFacts):
        yield from (facts.placed_on, facts.due_on, facts.delivered_at.date())
        yield from (each.raised_on for each in facts.roadblocks)


def _words(facts: Facts) -> tuple[str, ...]:
    """Names and ids that may hold digits, the longest first so that none hides in another."""
    people = [name for deed in (*facts.sales, *facts.operations) for name in deed.who]
    words = [facts.label, facts.customer or "", *people]
    if isinstance(facts, OrderFacts):
        words += [each.uom for each in facts.quantities]
    return tuple(sorted({word for word in words if any(c.isdigit() for c in word)}, key=len, reverse=True))
