"""How many wins the past would have had at other thresholds."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import select

from shared import tables
from shared.history.account import is_first
from shared.patterns.judging import judge
from shared.patterns.registry import patterns, subject_patterns, thresholds
from shared.patterns.thresholds import Threshold
from shared.periods import Period
from shared.projecting.cases import cases
from shared.projecting.judging import wins_of
from shared.projecting.reading import Reading
from shared.projecting.subjects import KINDS, Span
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.patterns.case import OrderCase
    from shared.patterns.model import Win
    from shared.rules import Rules

_FACTORS = tuple(map(Decimal, ("0.5", "0.75", "1", "1.25", "1.5", "2")))
_DAY = timedelta(days=1)
_SHARES = ("share", "probability")
_OF_ORDERS = (
    Threshold("joint_floor", Decimal("0.5"), "share", "neither side did less than a third of the other"),
    Threshold("roadblock_notice_hours", Decimal(4), "hours", "later it is no early warning"),
    Threshold("roadblock_least_minutes", Decimal(15), "minutes", "what ends sooner was a wrong alarm"),
    Threshold("new_customer_lookback_months", Decimal(24), "months", "after so long a customer is new again"),
    Threshold("first_won_within_days", Decimal(90), "days", "so long a won customer takes to order"),
)
"""The numbers of `shared/rules.py` that the gates of order patterns ask."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A threshold at one value, and how many joint wins and highlights each month would have had."""

    threshold: Threshold
    value: Decimal
    is_set: bool
    """Whether the company has it at this value now."""
    joint: tuple[int, ...]
    highlights: tuple[int, ...]


class _Variant(NamedTuple):
    threshold: Threshold
    value: Decimal
    rules: Rules


def tune(
    connection: Connection, pattern: str, months: Sequence[Period], as_of: datetime, rules: Rules
) -> list[Trial]:
    """Judge the past of a pattern once more for each of its thresholds at several values.

    `months` follow each other; a win counts in the month in which its period ended, or its order closed.
    """
    of_orders = pattern in patterns()
    variants = list(_variants(_OF_ORDERS if of_orders else _own(pattern), rules))
    reading = Reading(connection, as_of, rules)
    judged = _orders if of_orders else _subjects
    counts = judged(reading, pattern, months, [variant.rules for variant in variants])
    return [
        Trial(
            variant.threshold,
            variant.value,
            variant.rules == rules,
            *(tuple(count[kind, month.start] for month in months) for kind in ("joint", "highlight")),
        )
        for variant, count in zip(variants, counts, strict=True)
    ]


def _own(pattern: str) -> list[Threshold]:
    return [each for name, each in thresholds().items() if name.partition(".")[0] == pattern]


def _variants(of: Iterable[Threshold], rules: Rules) -> Iterator[_Variant]:
    for threshold in of:
        current = _current(threshold, rules)
        for value in sorted({_value(threshold, current, factor) for factor in _FACTORS}):
            yield _Variant(threshold, value, _with(threshold, value, rules))


def _current(threshold: Threshold, rules: Rules) -> Decimal:
    return threshold.of(rules) if "." in threshold.name else Decimal(getattr(rules, threshold.name))


def _value(threshold: Threshold, current: Decimal, factor: Decimal) -> Decimal:
    """A share stays a share, and what is counted in whole stays whole."""
    value = current * factor
    if threshold.unit in _SHARES:
        return min(value, Decimal("0.99")) if current < 1 else min(value, Decimal(1))
    return max(Decimal(1), value.to_integral_value()) if current == current.to_integral_value() else value


def _with(threshold: Threshold, value: Decimal, rules: Rules) -> Rules:
    if value == _current(threshold, rules):
        return rules
    if "." not in threshold.name:
        kind = type(getattr(rules, threshold.name))
        return replace(rules, **{threshold.name: kind(value)})
    return replace(rules, thresholds=tuple(sorted({**dict(rules.thresholds), threshold.name: value}.items())))


Count = Counter[tuple[str, object]]


def _subjects(
    reading: Reading, pattern: str, months: Sequence[Period], variants: Sequence[Rules]
) -> list[Count]:
    kind = next(kind for kind in KINDS if pattern in subject_patterns(kind))
    mine = {pattern: subject_patterns(kind)[pattern]}
    a = tables.agenda.c
    names = list(reading.connection.scalars(select(a.name).where(a.kind == kind).order_by(a.name)))
    counts = [Count() for _ in variants]
    for some in chunks(names):
        span = Span(dict.fromkeys(some, months[0].start), months[-1].end, mine[pattern].apart - 1)
        held = [defaultdict(set) for _ in variants]  # type: ignore[var-annotated] # as wins_of takes it
        for _, case in KINDS[kind].cases(reading, span):
            for number, rules in enumerate(variants):
                for win in wins_of(replace(case, rules=rules), mine, held[number]):
                    counts[number][win.kind, _month(win, rules)] += 1
    return counts


def _orders(
    reading: Reading, pattern: str, months: Sequence[Period], variants: Sequence[Rules]
) -> list[Count]:
    zone, o = reading.rules.zone, tables.orders.c
    closed = select(o.order_id).where(
        o.closed_at >= months[0].starts_at(zone), o.closed_at < months[-1].ends_at(zone)
    )
    counts = [Count() for _ in variants]
    for some in chunks(sorted(reading.connection.scalars(closed))):
        orders = reading.histories(some).values()
        for case in cases(reading, orders, reading.groups(orders)):
            month = Period.of(case.closed_at.astimezone(zone).date(), "month").start
            for number, rules in enumerate(variants):
                varied = _by(case, rules)
                if (win := judge(pattern, varied, patterns()[pattern](varied))) is not None:
                    counts[number][win.kind, month] += 1
    return counts


def _by(case: OrderCase, rules: Rules) -> OrderCase:
    """The case as other rules see it."""
    assert case.order.placed is not None, "only placed orders make a case"
    first = is_first(case.order.placed.time, case.prior_at, case.account, rules)
    return replace(case, order=replace(case.order, rules=rules), is_first=first)


def _month(win: Win, rules: Rules) -> object:
    """The first day of the month in which the win's period ended, or in which it became final."""
    last = win.ends_on - _DAY if win.ends_on else win.final_at.astimezone(rules.zone).date()
    return Period.of(last, "month").start
