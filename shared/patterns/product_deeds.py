"""Who saw it coming, and who had it ready: deeds about a product, of no order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.events.deliveries import InterventionRecorded
from shared.patterns import contributions
from shared.patterns.model import EventRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from shared.events.envelope import Event
    from shared.patterns.model import Contribution
    from shared.patterns.product_case import ProductCase, Stand, Version
    from shared.periods import Period

    Actions = tuple[str, ...]

FORECAST = ("forecast.published",)
SUPPLY = tuple(
    f"intervention.{kind}"
    for kind in (
        "expedite",
        "overtime",
        "reschedule",
        "alternative_source",
        "stock_transfer",
        "capacity_added",
        "buffer_changed",
    )
)
"""What brings goods: capacity, material, stock."""
DEMAND = tuple(
    f"intervention.{kind}"
    for kind in ("heads_up", "priority_call", "demand_reallocation", "order_simplification", "terms_changed")
)
"""What Sales does about demand besides forecasting it."""
HABIT = ("intervention.process_fix", "intervention.corrective_action")
"""What changes how things are done."""


def versions_of(stands: Iterable[Stand]) -> list[Version]:
    """The versions that count, by time."""
    versions = {version.key: version for stand in stands for version in stand.versions}
    return sorted(versions.values(), key=lambda version: (version.time, *version.key))


def parts(
    case: ProductCase, stands: Iterable[Stand], since: datetime, sales: Actions, operations: Actions
) -> tuple[Contribution, ...]:
    """Each person's part in the forecasts that count, and in what was done since, up to the month's end.

    Of each side only what has to do with the pattern.
    """
    published = case.record.published([version.key for version in versions_of(stands)])
    events = [*published.values(), *_interventions(case, since)]
    asked = {"sales": sales, "operations": operations}
    return tuple(part for part in contributions.of_events(events) if part.action in asked[part.side])


def _interventions(case: ProductCase, since: datetime) -> Iterator[Event[Any]]:
    until = case.during.ends_at(case.rules.zone)
    for event in case.record.told():
        if isinstance(event.data, InterventionRecorded) and since <= event.time < until:
            yield event


def evidence(
    stands: Iterable[Stand], made: Iterable[Contribution], more: Mapping[EventRef, datetime]
) -> tuple[EventRef, ...]:
    """Versions, deeds and whatever else proves it, by time."""
    told = {EventRef(*version.key): version.time for version in versions_of(stands)}
    told |= {part.event: part.time for part in made} | dict(more)
    return tuple(sorted(told, key=lambda ref: (told[ref], ref)))


def days(months: Sequence[Period]) -> dict[str, str]:
    """The first and the last day of some months, as facts."""
    last = months[-1].end - timedelta(days=1)
    return {"from": months[0].start.isoformat(), "to": last.isoformat()}
