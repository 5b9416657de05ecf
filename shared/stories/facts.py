"""From a win to the facts of its story; the only place that reads `Win.facts`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from shared.stories.model import Deed, EvidenceRef, Facts, Money, Quantity, Rating, Roadblock
from shared.stories.names import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import tzinfo

    from shared.patterns.model import Contribution, Win
    from shared.stories.names import Names

_SEVERITY = {"high": 0, "medium": 1, "low": 2}


def facts_of(win: Win, names: Names) -> Facts:
    """The typed facts of a win about one order; KeyError where the win lacks one."""
    found: dict[str, Any] = win.facts
    delivered_at = datetime.fromisoformat(found["delivered_at"])
    zone = delivered_at.tzinfo
    customer, named = names.customer(win.customer_id)
    return Facts(
        pattern=win.pattern,
        customer=customer,
        customer_named=named,
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
    )


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


def _deeds(contributions: Sequence[Contribution], names: Names, zone: tzinfo | None) -> tuple[Deed, ...]:
    """One deed for each department and action; the strongest and then the earliest first."""
    groups: dict[tuple[str, str], list[Contribution]] = {}
    for each in sorted(contributions, key=lambda c: (-c.weight, _generic(c.action), c.time, c.event)):
        groups.setdefault((each.department, each.action), []).append(each)
    return tuple(_deed(group, names, zone) for group in groups.values())


def _deed(group: Sequence[Contribution], names: Names, zone: tzinfo | None) -> Deed:
    first = group[0]
    people = {each.person_id: names.person(each.person_id) for each in group}
    who = tuple(sorted({name for name in people.values() if name}))
    on = min(each.time for each in group).astimezone(zone).date()
    return Deed(
        side=first.side,
        department=first.department,
        action=first.action,
        on=on,
        who=who,
        others=None in people.values(),
        events=tuple(EvidenceRef(source=e.source, id=e.id) for e in sorted({each.event for each in group})),
    )


def _generic(action: str) -> bool:
    """Whether an action says little by itself, so that a more telling one comes first."""
    return not action.startswith(("intervention.", "promise."))
