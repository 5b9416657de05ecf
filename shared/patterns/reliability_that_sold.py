"""A customer whose orders were all but perfect for three months bought more, or said why it stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from shared.events.customers import OpportunityWon
from shared.history.reasons import RELIABILITY
from shared.patterns import account_proof
from shared.patterns.account_trade import Margin, agreed, booked, currency_of, margin
from shared.patterns.claim import HALF, Claim, Making
from shared.patterns.finality import midnight_after
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase, AccountOrder
    from shared.periods import Period

PERFECT = threshold("reliability_that_sold.perfect", "0.98", "share", "a record that a customer relies on")
ORDERS = threshold("reliability_that_sold.orders", "20", "orders", "fewer are no record")
GROWTH = threshold(
    "reliability_that_sold.growth", "0.25", "share", "of the same months last year: the season is in both"
)
MARGIN = threshold("reliability_that_sold.margin", "1", "points", "more business at a lower price was bought")
INVOICED = threshold(
    "reliability_that_sold.invoiced", "0.8", "share", "what nobody invoiced may have been given away"
)
_MONTHS = 3
_LONGEST = 6
"""Months of a record: so many customers order too little for twenty orders in three."""
_YEAR = 12
_GUESSED = Decimal("0.6")
"""Quality of the proof where the customer did not say why it bought more."""
_FULL_GROWTH = Decimal(1)
"""Twice as much as last year counts as full value in the score."""


@subject_pattern("customer", apart=2 * _MONTHS)
def reliability_that_sold(case: AccountCase) -> Claim | None:
    """Operations kept every promise; Sales made more business of it."""
    said = _Record(case, case.during, case.during)
    if said.reliable().passed and said.deals:
        return Claim((said.reliable, said.said_so, said.margin_kept, said.seen_live), said.make)
    grew = _Record(case, case.during.back(_MONTHS - 1), case.during)
    if not grew.orders or not grew.later:
        return None
    return Claim((grew.reliable, grew.known_long, grew.more, grew.margin_kept, grew.seen_live), grew.make)


@dataclass(frozen=True)
class _Record:
    """The orders due in three months, and what was booked in the months that followed."""

    case: AccountCase
    first: Period
    """The first month after the record."""
    last: Period

    @cached_property
    def orders(self) -> list[AccountOrder]:
        """What fell due in the three months of the record; in up to six, where three had too few orders."""
        least = ORDERS.of(self.case.rules)
        for months in range(_MONTHS, _LONGEST):
            if len(agreed(found := self._due(months), self.first.start)) >= least:
                return found
        return self._due(_LONGEST)

    def _due(self, months: int) -> list[AccountOrder]:
        return self.case.due(self.first.back(months).start, self.first.start)

    @cached_property
    def later(self) -> Sequence[AccountOrder]:
        """What was ordered afterwards."""
        return self.case.placed(self.first.start, self.last.end)

    @cached_property
    def perfect(self) -> list[AccountOrder]:
        """The orders of the record that were known to be perfect."""
        return [order for order in self.orders if order.perfect]

    def reliable(self) -> Verdict:
        """All but every order was perfect, in all four parts; one of which nobody knows was not."""
        count = len(agreed(self.orders, self.first.start))
        share = Decimal(len(self.perfect)) / max(1, len(self.orders))
        least, most = ORDERS.of(self.case.rules), PERFECT.of(self.case.rules)
        return Verdict(
            "reliable",
            count >= least and share >= most,
            lambda: {"orders": count, "perfect_share": f"{share:.4f}", "least": str(most)},
            premise=2 * count < least or 2 * (1 - share) > 1,
        )

    @cached_property
    def deals(self) -> list[Event[OpportunityWon]]:
        """Deals won in the month for the reason that we deliver reliably."""
        zone = self.case.rules.zone
        start, end = self.first.starts_at(zone), self.last.ends_at(zone)
        return [
            event
            for event in self.case.told()
            if isinstance(event.data, OpportunityWon)
            and event.data.reason == RELIABILITY
            and start <= event.time < end
        ]

    @property
    def told(self) -> list[Event[OpportunityWon]]:
        """Those deals, where the win rests on them: in the month after the record."""
        return self.deals if self.first == self.last else []

    def said_so(self) -> Verdict:
        """The customer gave it as its reason."""
        return Verdict("customer_said_so", bool(self.told), lambda: {"deals": len(self.told)})

    @cached_property
    def year_ago(self) -> Sequence[AccountOrder]:
        """What was ordered in the same months of last year."""
        return self.case.placed(self.first.back(_YEAR).start, self.last.back(_YEAR).end)

    def known_long(self) -> Verdict:
        """Our log reaches back to the same months of last year."""
        start = self.first.back(_YEAR).start
        since = self.case.account.history_from if self.case.account else None
        older = bool(self.case.orders) and self.case.orders[0].placed_on < start
        return Verdict(
            "known_for_a_year",
            older or (since is not None and since <= start),
            lambda: {"history_from": since.isoformat() if since else None, "older_orders": older},
        )

    def more(self) -> Verdict:
        """Booked value grew by a quarter over the same months of last year."""
        then, now = self.booked
        least = GROWTH.of(self.case.rules)
        return Verdict(
            "more_business",
            bool(then) and now is not None and then is not None and now >= then * (1 + least),
            lambda: {"booked": str(now), "booked_year_ago": str(then), "least_growth": str(least)},
        )

    @cached_property
    def booked(self) -> tuple[Decimal | None, Decimal | None]:
        """The value ordered in the same months of last year, and now."""
        then, now = (booked(some, currency_of(self.later)) for some in (self.year_ago, self.later))
        return then, now

    @cached_property
    def histories(self) -> tuple[list[Order], list[Order]]:
        """The orders of the record and those that followed, with their events."""
        record, later = (
            list(self.case.histories(order.order_id for order in some).values())
            for some in (self.orders, self.later)
        )
        return record, later

    @cached_property
    def margins(self) -> tuple[Margin, Margin]:
        """Gross margin of the record, and afterwards."""
        currency = currency_of(self.orders)
        then, now = (margin(some, currency) for some in self.histories)
        return then, now

    def margin_kept(self) -> Verdict:
        """The business was not bought; unknown margins are no proof unless the customer said why."""
        then, now = self.margins
        known = then.percent is not None and now.percent is not None
        enough = min(then.invoiced, now.invoiced) >= INVOICED.of(self.case.rules)
        fell = known and (then.percent or 0) - (now.percent or 0) > MARGIN.of(self.case.rules)
        return Verdict(
            "margin_kept",
            not fell and (bool(self.told) or (known and enough)),
            lambda: {"percent": then.text, "percent_later": now.text, "invoiced": f"{now.invoiced:.2f}"},
        )

    def seen_live(self) -> Verdict:
        """Neither the record nor a deal was loaded as history."""
        return account_proof.seen_live(self.histories[0], *self.told)

    def make(self) -> Making:
        """The deeds on the record and on what followed; final when returns would have come."""
        record, later = self.histories
        zone = self.case.rules.zone
        since = min(order.placed_at for order in self.orders)
        parts = account_proof.deeds(self.case, (*record, *later), since, self.last.ends_at(zone))
        end = self.last.end + timedelta(days=self.case.rules.return_window_days - 1)
        names = {order.order_id for order in (*self.perfect, *self.later)}
        return Making(
            parts=parts,
            facts=self.facts(),
            evidence=account_proof.proof(record, parts, *self.told),
            final_at=midnight_after(self.case.rules, end),
            difficulty=HALF,
            value=HALF if self.told else self._growth(),
            quality=Decimal(1) if self.told else _GUESSED,
            pending=any(order.unassessed for order in self.orders),
            reason=account_proof.against(self.case, self.case.histories(names).values()),
        )

    def _growth(self) -> Decimal:
        then, now = self.booked
        return min(_FULL_GROWTH, now / then - 1) if then and now else HALF

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        then, now = self.booked
        known = then and now is not None and not self.told
        deal = self.told[0].data if self.told else None
        return {
            "customer_id": self.case.customer_id,
            "orders": len(self.orders),
            "faultless_orders": len(self.perfect),
            "from": self.first.back(_MONTHS).start.isoformat(),
            "to": (self.first.start - timedelta(days=1)).isoformat(),
            "sold_from": self.first.start.isoformat(),
            "sold_to": (self.last.end - timedelta(days=1)).isoformat(),
            "said_so": bool(self.told),
            "deal": deal and {"amount": f"{deal.value.amount:.2f}", "currency": deal.value.currency},
            "growth_percent": f"{(now / then - 1) * 100:.0f}" if known and then and now else None,
            "margin_percent": self.margins[0].text,
            "later_margin_percent": self.margins[1].text,
        }
