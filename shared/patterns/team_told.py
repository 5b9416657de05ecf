"""People told what both sides did, and the other side confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.events.drafts import DraftConfirmed, DraftSubmitted
from shared.patterns import contributions
from shared.patterns.claim import Claim, Making
from shared.patterns.contradictions import first_against
from shared.patterns.finality import midnight_after, settled_at
from shared.patterns.model import EventRef, Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from datetime import date

    from shared.events.envelope import Event
    from shared.patterns.draft_case import DraftCase
    from shared.patterns.model import Contribution

WORKING_DAYS = threshold("team_told.working_days", "5", "working days", "who confirms later hardly remembers")
QUALITY = threshold(
    "team_told.quality", "0.6", "share of a proof by events", "it rests on what people say, not on records"
)


@subject_pattern("draft")
def team_told(case: DraftCase) -> Claim | None:
    """One side told it, the other confirmed it, and the order that it names exists."""
    if not case.told:
        return None
    tale = _Tale(case)
    return Claim((tale.submitted_by_a_side, tale.about_an_order, tale.delivered, tale.confirmed), tale.make)


@dataclass(frozen=True)
class _Tale:
    """A draft as it was submitted last."""

    case: DraftCase

    @cached_property
    def submitted(self) -> Event[DraftSubmitted] | None:
        """What was submitted last is what is told."""
        told = [event for event in self.case.told if isinstance(event.data, DraftSubmitted)]
        return told[-1] if told else None

    @cached_property
    def teller(self) -> Contribution | None:
        """Who told it: a person of Sales or Operations, and no history."""
        parts = contributions.of_events([self.submitted]) if self.submitted else []
        return parts[0] if parts else None

    def submitted_by_a_side(self) -> Verdict:
        """Someone of Sales or Operations told it."""
        teller = self.teller
        return Verdict(
            "submitted_by_a_side", teller is not None, lambda: {"by": teller.side if teller else None}
        )

    def about_an_order(self) -> Verdict:
        """It names an order of a customer that exists."""
        found = [order.order_id for order in self.case.orders]
        return Verdict("about_an_order", bool(found), lambda: {"orders": found})

    def delivered(self) -> Verdict:
        """What it tells of is over: each of these orders has been delivered."""
        open_ = [order.order_id for order in self.case.orders if order.closed_at is None]
        return Verdict("delivered", not open_, lambda: {"not_delivered": open_})

    @cached_property
    def confirmer(self) -> Contribution | None:
        """Who of the other side confirmed it in time, first."""
        teller = self.teller
        if teller is None:
            return None
        told = [event for event in self.case.told if isinstance(event.data, DraftConfirmed)]
        for part in contributions.of_events(told):
            other = part.side != teller.side and part.person_id != teller.person_id
            if other and teller.time <= part.time and self._day(part) <= self._last_day(teller):
                return part
        return None

    def _day(self, part: Contribution) -> date:
        return part.time.astimezone(self.case.rules.zone).date()

    def _last_day(self, teller: Contribution) -> date:
        """So many working days after it was told."""
        day, left = self._day(teller), int(WORKING_DAYS.of(self.case.rules))
        while left:
            day += timedelta(days=1)
            left -= self.case.rules.works_on(day)
        return day

    def confirmed(self) -> Verdict:
        """Someone else, of the other side, confirmed it within days."""
        part = self.confirmer
        return Verdict(
            "confirmed_by_the_other_side",
            part is not None,
            lambda: {"by": part.side, "at": part.time.isoformat()} if part else {},
        )

    def make(self) -> Making:
        """Two deeds, one of each side; what a pattern tells already is no story of its own."""
        assert self.teller is not None, "a gate saw to it"
        assert self.confirmer is not None, "a gate saw to it"
        orders, rules = self.case.orders, self.case.rules
        twice = self.case.elsewhere()
        receipts = {
            (receipt.at, EventRef(receipt.source, receipt.event_id))
            for order in orders
            for line in order.lines.values()
            for receipt in line.receipts
        }
        dues = [_due(order) for order in orders]
        return Making(
            parts=(self.teller, self.confirmer),
            facts=self.facts(twice),
            evidence=(self.teller.event, self.confirmer.event, *(ref for _, ref in sorted(receipts))),
            final_at=max(
                midnight_after(rules, self._day(self.confirmer)),
                *(
                    settled_at(rules, o.closed_at, due)
                    for o, due in zip(orders, dues, strict=True)
                    if o.closed_at
                ),
            ),
            quality=min(Decimal(1), QUALITY.of(rules)),
            pending=any(line.unassessed for order in orders for line in order.lines.values()),
            reason=first_against(orders, self.case.loose_feedback)
            or (f"the same is told by {twice[0]}" if twice else None),
        )

    def facts(self, twice: Any) -> dict[str, Any]:
        """What a story may state; the words people wrote are kept apart, and only named here."""
        assert self.teller is not None, "a gate saw to it"
        assert self.confirmer is not None, "a gate saw to it"
        last = max(self.case.orders, key=lambda order: (order.closed_at, order.order_id))
        assert last.closed_at is not None, "a gate saw to it"
        scores = [
            of_line["first_commit"].at(last.closed_at)
            for order in self.case.orders
            for of_line in order.outcomes.values()
        ]
        customers = sorted({o.placed.data.customer_id for o in self.case.orders if o.placed})
        return {
            "draft_id": self.case.draft_id,
            "customer_id": self.case.customer_id,
            "customer_ids": customers,
            "customers": len(customers),
            "order_ids": [order.order_id for order in self.case.orders],
            "told_by": self.teller.department,
            "told_by_sales": self.teller.side == "sales",
            "told_on": self._day(self.teller).isoformat(),
            "confirmed_by": self.confirmer.department,
            "confirmed_on": self._day(self.confirmer).isoformat(),
            "orders": len(self.case.orders),
            "lines": len(scores),
            "delivered_at": last.closed_at.astimezone(last.zone).isoformat(),
            "on_first_promise": all(score.otif for score in scores if score.status != "excluded"),
            "texts": {
                "title": [*self.teller.event, "title"],
                "body": [*self.teller.event, "body"],
                "line": [*self.confirmer.event, "line"],
            },
            "duplicate_of": list(twice),
            "return_window_days": self.case.rules.return_window_days,
        }


def _due(order: Any) -> date:
    """The last day promised, or the day of delivery where nothing was."""
    dues = [line.first_commit for line in order.lines.values() if line.first_commit is not None]
    closed: date = order.closed_at.astimezone(order.zone).date()
    return max(dues, default=closed)
