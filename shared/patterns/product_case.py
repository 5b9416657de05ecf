"""What patterns over a product look at: forecasts, demand and order lines around the end of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from shared.patterns.claim import Case
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.periods import Period

BACK_DATED_DAYS = threshold(
    "forecasts.back_dated_days", "2", "days", "a version recorded later than that was not there when it says"
)
MONTHS = 48
"""How far back a case looks from its month's end."""
Part = tuple[str | None, str | None]
"""Whom and where a quantity is for: a customer, a location; neither for the whole product."""
_WHOLE: Part = (None, None)


class Product(NamedTuple):
    """Master data of a product."""

    product_id: str
    lead_time_days: int | None = None
    launched_on: date | None = None
    quality_limit_ppm: Decimal | None = None


class Version(NamedTuple):
    """A forecast of a month, or its recorded demand (step `demand`)."""

    source: str
    id: str
    step: str
    customer_id: str | None
    location: str | None
    period: str
    qty: Decimal
    time: datetime
    known_at: datetime
    backfill: bool

    @property
    def key(self) -> tuple[str, str]:
        """The event that tells it."""
        return (self.source, self.id)

    @property
    def part(self) -> Part:
        """Whom and where it is for."""
        return (self.customer_id, self.location)


class Stand(NamedTuple):
    """What a step says of a month: the versions that count, each for another part."""

    versions: tuple[Version, ...]

    @property
    def qty(self) -> Decimal:
        """Of the whole product."""
        return sum((version.qty for version in self.versions), Decimal(0))


class ProductLine(NamedTuple):
    """A counted order line of the product as its projection has it."""

    order_id: str
    line_id: str
    customer_id: str
    uom: str
    ordered: Decimal
    demand: Decimal
    """Ordered; what a customer cancelled, only as far as it was accepted."""
    first_requested: date
    in_full: bool
    requested_verdict: str
    requested_on_time: bool
    due: date | None
    """As first committed."""
    verdict: str
    on_time: bool

    @property
    def counts(self) -> bool:
        """Whether it stood: the customer did not cancel it in time."""
        return self.requested_verdict != "excluded"


@dataclass(frozen=True)
class Record:
    """What is known of a product, whatever the month: versions and lines, each by month."""

    product: Product
    versions: Mapping[str, Sequence[Version]]
    lines: Mapping[str, Sequence[ProductLine]]
    """By the month for which a line was first requested."""
    told: Callable[[], Sequence[Event[Any]]]
    """Events of the product, in force, that name no order: deeds, stock, returns."""
    published: Callable[[Iterable[tuple[str, str]]], Mapping[tuple[str, str], Event[Any]]]
    """The events of versions, by source and id."""
    histories: Callable[[Iterable[str]], Mapping[str, Order]]
    """Whole orders, with their events, by id."""


@dataclass(frozen=True)
class ProductCase(Case):
    """A product at the end of a month."""

    record: Record

    @property
    def product(self) -> Product:
        """Its master data."""
        return self.record.product

    @cached_property
    def lag(self) -> timedelta:
        """How long before its month a forecast must stand to be of use: a lead time, or as the rules say."""
        return timedelta(days=max(self.rules.forecast_lag_days, self.product.lead_time_days or 0))

    def months(self, count: int, before: int = 0) -> tuple[Period, ...]:
        """So many months up to the case's own, or up to so many before it."""
        return tuple(self.during.back(before + back) for back in reversed(range(count)))

    @cached_property
    def since(self) -> Period:
        """The first month that is looked at."""
        return self.during.back(MONTHS - 1)

    def in_time(self, month: Period) -> datetime:
        """The instant by which a forecast of a month must stand."""
        return month.starts_at(self.rules.zone) - self.lag

    def forecast(self, step: str, month: Period) -> Stand | None:
        """What a step said of a month when it was still of use; seen live, and not dated back."""
        return self.standing(step, month, self.in_time(month))

    def standing(self, step: str, month: Period, until: datetime) -> Stand | None:
        """The same by another instant."""
        return standing(v for v in self._versions(step, month) if v.time <= until and self.trusted(v))

    def said(self, month: Period) -> list[Version]:
        """Every forecast of a month, by time, whether it can be trusted or not."""
        known = self.record.versions.get(month.name, ()) if month >= self.since else ()
        return sorted((v for v in known if v.step != "demand"), key=lambda v: (v.time, v.source, v.id))

    def trusted(self, version: Version) -> bool:
        """Whether a version was there at the time it bears."""
        late = version.known_at - version.time
        return not version.backfill and late <= timedelta(days=int(BACK_DATED_DAYS.of(self.rules)))

    def recorded(self, month: Period) -> Stand | None:
        """The unconstrained demand of a month, where the source has it."""
        return standing(self._versions("demand", month))

    def demand(self, month: Period) -> Decimal | None:
        """The demand of a month: recorded, else what was ordered for it; None where nobody knows of any."""
        if (recorded := self.recorded(month)) is not None:
            return recorded.qty
        ordered = sum((line.demand for line in self.lines(month)), Decimal(0))
        return ordered if ordered > 0 and self.one_unit else None

    def lines(self, *months: Period) -> list[ProductLine]:
        """The order lines first requested for these months."""
        return [line for m in months if m >= self.since for line in self.record.lines.get(m.name, ())]

    @cached_property
    def one_unit(self) -> bool:
        """Whether quantities can be summed: all that was ordered is measured alike."""
        return len({line.uom for line in self.lines(*self.months(MONTHS))}) <= 1

    def _versions(self, step: str, month: Period) -> Iterable[Version]:
        known = self.record.versions.get(month.name, ()) if month >= self.since else ()
        return (version for version in known if version.step == step)


def standing(versions: Iterable[Version]) -> Stand | None:
    """The last version of each part: that for the whole product, else all the others."""
    last: dict[Part, Version] = {}
    for version in sorted(versions, key=lambda v: (v.time, v.source, v.id)):
        last[version.part] = version
    if (whole := last.get(_WHOLE)) is not None:
        return Stand((whole,))
    return Stand(tuple(last.values())) if last else None
