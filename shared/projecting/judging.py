"""Wins of customers, products, weeks, quarters, holds and drafts: judged by the clock, as periods end."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shared import tables
from shared.patterns.concluding import conclude, passed
from shared.patterns.registry import subject_patterns
from shared.periods import Period
from shared.projecting import agenda
from shared.projecting.subjects import KINDS, Span
from shared.projecting.subjects.customers import EARLIEST
from shared.store import rows
from shared.store.bulk import delete_rows, insert_rows
from shared.store.chunks import Among, run_among

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.patterns.claim import Case
    from shared.patterns.model import Win
    from shared.patterns.registry import SubjectPattern
    from shared.projecting.reading import Reading
    from shared.rules import Rules

    Held = dict[tuple[str, str], set[Period]]
    Before = Callable[[SubjectPattern], Iterable[Period]]

_SOME = 200
"""Subjects judged together: their cases are in memory at once."""
_W = tables.wins.c
_WINS = select(_W.about, _W.win_id, _W.digest, _W.ends_on).where(Among(_W.about))


def anything_due(connection: Connection, as_of: datetime, rules: Rules) -> bool:
    """Whether a period has ended, or something was touched, since the clock last judged."""
    return agenda.anything_due(connection, {kind: ended(kind, as_of, rules) for kind in KINDS})


def judge_due(reading: Reading, *, some: bool = False) -> int:
    """Judge every subject of which a period has ended, or only `some`; return how many that were."""
    judged = 0
    for kind in KINDS:
        until = ended(kind, reading.as_of, reading.rules)
        due = agenda.due(reading.connection, kind, until)
        names = sorted(due)
        for start in range(0, len(names), _SOME):
            if some and judged:
                return judged
            together = names[start : start + _SOME]
            _judge(reading, kind, {name: due[name] for name in together}, until)
            agenda.done(reading.connection, kind, together, until)
            judged += len(together)
    return judged


def ended(kind: str, as_of: datetime, rules: Rules) -> date:
    """The day after the last period of a kind that has ended; without periods the last of all days."""
    unit = KINDS[kind].unit
    return date.max if unit is None else Period.of(as_of.astimezone(rules.zone).date(), unit).start


def _judge(reading: Reading, kind: str, since: Mapping[str, date], until: date) -> None:
    patterns = subject_patterns(kind)
    since = _again(kind, since, max((each.after for each in patterns.values()), default=0))
    found: dict[str, Win] = {}
    held: Held = {}
    for name, case in KINDS[kind].cases(reading, Span(since, until, 0)) if patterns else ():
        before = partial(_held_before, reading, kind, name, since[name])
        found |= {win.win_id: win for win in wins_of(case, patterns, held, before)}
    abouts = {KINDS[kind].about(name): day for name, day in since.items()}
    _write(reading.connection, abouts, found)


def _again(kind: str, since: Mapping[str, date], after: int) -> Mapping[str, date]:
    """Earlier days, from which periods whose gates look at those after them are judged again, too."""
    unit = KINDS[kind].unit
    if unit is None or after == 0:
        return since
    return {
        name: Period.of(day, unit).back(after).start if day > EARLIEST else day for name, day in since.items()
    }


def _held_before(
    reading: Reading, kind: str, name: str, day: date, pattern: SubjectPattern
) -> Iterator[Period]:
    """The periods up to a day in which a pattern held, as far back as windows overlap."""
    unit = KINDS[kind].unit
    if unit is None or day <= EARLIEST:
        return
    first = Period.of(day, unit)
    span = Span({name: first.back(pattern.apart - 1).start}, first.start, 0)
    for _, case in KINDS[kind].cases(reading, span):
        claim = pattern.claim(case)
        if case.period is not None and claim is not None and passed(claim.gates) is not None:
            yield case.period


def wins_of(
    case: Case, patterns: Mapping[str, SubjectPattern], held: Held, before: Before = lambda _: ()
) -> Iterator[Win]:
    """The wins of one case; where windows overlap, the first period in which a pattern held has it.

    `held` is what earlier periods of the subject left, and is added to. The first time that a pattern holds
    of a subject, `before` is asked where it did so in periods that were not looked at.
    """
    for name, pattern in patterns.items():
        claim = pattern.claim(case)
        if claim is None or (gates := passed(claim.gates)) is None:
            continue
        if (period := case.period) is not None and pattern.apart > 1:
            key = (name, case.about)
            mine = held[key] if key in held else held.setdefault(key, set(before(pattern)))
            overlaps = not mine.isdisjoint(period.back(count) for count in range(1, pattern.apart))
            mine.add(period)
            if overlaps:
                continue
        win = conclude(name, case.about, period, gates, claim.make(), case.rules, case.customer_id)
        if win is not None:
            yield win


def _write(connection: Connection, since: Mapping[str, date], found: Mapping[str, Win]) -> None:
    """Put what was found in the place of what stood for these periods; what is the same stays untouched."""
    stood = {
        row.win_id: row.digest
        for row in run_among(connection, _WINS, since)
        if row.ends_on is None or row.ends_on > since[row.about]
    }
    made: dict[str, dict[str, Any]] = {win_id: rows.win_row(win) for win_id, win in found.items()}
    changed: Sequence[str] = [w for w in stood if w not in made or made[w]["digest"] != stood[w]]
    delete_rows(connection, _W.win_id, changed)
    insert_rows(connection, tables.wins, [row for w, row in made.items() if w not in stood or w in changed])
