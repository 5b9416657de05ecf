"""From a win to the facts of its story; the only place that reads `Win.facts`."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from shared.stories.languages import phrases
from shared.stories.model import (
    Deed,
    EvidenceRef,
    Measure,
    Money,
    OrderFacts,
    Quantity,
    Rating,
    Roadblock,
    SubjectFacts,
)
from shared.stories.names import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from shared.patterns.model import About, Contribution, Win
    from shared.stories.model import Facts
    from shared.stories.names import Names

UNITS: Final = ("days", "percent", "ppm", "points")
"""Units of figures, as the ends of their names."""
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(T|$)", re.ASCII)
_SEVERITY = {"high": 0, "medium": 1, "low": 2}


def facts_of(win: Win, names: Names) -> Facts:
    """The typed facts of a win; KeyError where one about an order lacks a fact."""
    names = names.in_story(win.win_id)
    return _of_order(win, names) if win.order_id is not None else _of_subject(win, names)


def _of_order(win: Win, names: Names) -> OrderFacts:
    found: dict[str, Any] = win.facts
    delivered_at = datetime.fromisoformat(found["delivered_at"])
    zone = delivered_at.tzinfo
    customer, named = names.customer(win.customer_id)
    return OrderFacts(
        pattern=win.pattern,
        customer=customer,
        customer_named=named,
        segment=names.segment(win.customer_id),
        order_id=clean(found["order_id"]),
        placed_on=date.fromisoformat(found["placed_on"]),
        due_on=date.fromisoformat(found["due_on"]),
        delivered_at=delivered_at,
        days_early=found["days_early"],
        order_lines=found["lines"],
        quantities=tuple(Quantity(qty=Decimal(q["qty"]), uom=clean(q["uom"])) for q in found["quantities"]),
        value=_money(found["order_value"]),
        strategic=found["strategic"],
        on_requested_date=found["on_requested_date"],
        evidence=found["evidence"],
        return_window_days=found["return_window_days"],
        roadblocks=_roadblocks(found["roadblocks"], zone),
        predicted_delay_days=found["predicted_delay_days"],
        rating=Rating(**found["csat"]) if found["csat"] else None,
        sales=_deeds(win.sales, names, zone),
        operations=_deeds(win.operations, names, zone),
        **typed(found.get("more", {})),
    )


def _of_subject(win: Win, names: Names) -> SubjectFacts:
    zone = win.final_at.tzinfo
    customer, named = names.customer(win.customer_id) if win.customer_id else (None, False)
    period = win.subject.removeprefix(win.about).lstrip("/") or None
    return SubjectFacts(
        pattern=win.pattern,
        customer=customer,
        customer_named=named,
        segment=names.segment(win.customer_id),
        label=about(win, names),
        about=win.about,
        period=period,
        sales=_deeds(win.sales, names, zone, again=True),
        operations=_deeds(win.operations, names, zone, again=True),
        told=_told(win.facts.get("texts", {}), names),
        **typed(win.facts),
    )


def about(win: About, names: Names) -> str:
    """What it is about, as readers call it: a customer, a product, a week, a hold."""
    kind, _, key = win.about.partition("/")
    if kind == "product":
        return names.product(key)
    if win.customer_id:
        return names.customer(win.customer_id)[0]
    return f"{kind} {clean(key)}" if key else phrases().period(win.subject.partition("/")[2])


def typed(found: Mapping[str, Any]) -> dict[str, Any]:
    """Facts by name as figures with units, dates and flags; ids and what is nested stay untold.

    The unit of a number follows from its name (`lead_days`, `fill_percent`), of money from its currency.
    """
    measures: dict[str, Measure] = {}
    dates: dict[str, date] = {}
    flags: dict[str, bool] = {}
    for name, value in found.items():
        if isinstance(value, bool):
            flags[name] = value
        elif isinstance(value, dict) and value.keys() == {"amount", "currency"}:
            measures[name] = Measure(value=Decimal(value["amount"]), unit=clean(value["currency"]))
        elif isinstance(value, int) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
            if not name.endswith("_id"):
                measures[name] = Measure(value=Decimal(value), unit=_unit(name))
        elif isinstance(value, str) and _DAY.match(value):
            dates[name] = date.fromisoformat(value[:10])
    unknown = frozenset(name for name, value in found.items() if value is None)
    return {"measures": measures, "dates": dates, "flags": flags, "unknown": unknown}


def _told(refs: Mapping[str, Sequence[str]], names: Names) -> dict[str, str]:
    """What people wrote, by what it is; what may not be printed is missing."""
    found = {name: names.told.get((source, id_, path)) for name, (source, id_, path) in refs.items()}
    return {name: text for name, text in found.items() if text}


def _unit(name: str) -> str:
    return next((unit for unit in UNITS if name.endswith(unit)), "")


def _money(found: dict[str, str] | None) -> Money | None:
    return Money(amount=Decimal(found["amount"]), currency=clean(found["currency"])) if found else None


def _roadblocks(found: Iterable[dict[str, Any]], zone: tzinfo | None) -> tuple[Roadblock, ...]:
    roadblocks = [
        Roadblock(
            category=each["category"],
            severity=each["severity"],
            predicted_delay_days=each["predicted_delay_days"] or None,
            raised_on=datetime.fromisoformat(each["raised_at"]).astimezone(zone).date(),
            roadblock_id=clean(each["roadblock_id"]),
        )
        for each in found
    ]
    return tuple(sorted(roadblocks, key=_threat))


def _threat(roadblock: Roadblock) -> tuple[int, int, date, str]:
    """The strongest first."""
    days = roadblock.predicted_delay_days or 0
    return -days, _SEVERITY[roadblock.severity], roadblock.raised_on, roadblock.category


def _deeds(
    contributions: Sequence[Contribution], names: Names, zone: tzinfo | None, *, again: bool = False
) -> tuple[Deed, ...]:
    """One deed for each department and action; the strongest and then the earliest first.

    `again`: what was done on several days is told with its first and last.
    """
    groups: dict[tuple[str, str], list[Contribution]] = {}
    for each in sorted(contributions, key=lambda c: (-c.weight, _generic(c.action), c.time, c.event)):
        groups.setdefault((each.department, each.action), []).append(each)
    return tuple(_deed(group, names, zone, again=again) for group in groups.values())


def _deed(group: Sequence[Contribution], names: Names, zone: tzinfo | None, *, again: bool) -> Deed:
    first = group[0]
    people = {each.person_id: names.person(each.person_id) for each in group}
    who = tuple(sorted({name for name in people.values() if name}))
    days = {each.time.astimezone(zone).date() for each in group}
    return Deed(
        side=first.side,
        department=first.department,
        action=first.action,
        on=min(days),
        until=max(days) if again and len(days) > 1 else None,
        of=("many" if len(days) > 1 else "one") if again else "the order",
        who=who,
        others=None in people.values(),
        events=tuple(EvidenceRef(source=e.source, id=e.id) for e in sorted({each.event for each in group})),
    )


def _generic(action: str) -> bool:
    """Whether an action says little by itself, so that a more telling one comes first."""
    return not action.startswith(("intervention.", "promise."))
