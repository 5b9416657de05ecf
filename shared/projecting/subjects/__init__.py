"""What patterns look at besides orders: cases gathered from the projections, a kind in each module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from shared.projecting.subjects import customers, products, quarters, told, weeks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from shared.patterns.claim import Case
    from shared.projecting.reading import Reading


class Span(NamedTuple):
    """Which periods of which subjects: those that end after their day, and up to `ended`."""

    since: Mapping[str, date]
    ended: date
    lead: int
    """Periods before these that are looked at, too: in one of them a pattern may have held already."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject: its periods, and how its cases are gathered, period after period of each subject."""

    unit: Literal["month", "week", "quarter"] | None
    cases: Callable[[Reading, Span], Iterator[tuple[str, Case]]]
    about: Callable[[str], str]


KINDS = {
    "customer": Kind("month", customers.cases, lambda name: f"customer/{name}"),
    "product": Kind("month", products.cases, lambda name: f"product/{name}"),
    "week": Kind("week", weeks.weeks, lambda _: "week"),
    "quarter": Kind("quarter", quarters.quarters, lambda _: "quarter"),
    "hold": Kind(None, told.holds, lambda name: f"hold/{name}"),
    "draft": Kind(None, told.drafts, lambda name: f"draft/{name}"),
}
