"""A customer that was let down says, some kept orders later, that it would recommend us."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from shared.events.deliveries import InterventionRecorded, InvoicePosted
from shared.patterns import account_proof, contributions
from shared.patterns.claim import HALF, Claim, Making
from shared.patterns.finality import midnight_after
from shared.patterns.model import Verdict
from shared.patterns.registry import subject_pattern
from shared.patterns.thresholds import threshold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shared.events.customers import FeedbackReceived
    from shared.events.envelope import Event
    from shared.history.order import Order
    from shared.patterns.account_case import AccountCase, AccountOrder, Answer

WITHIN = threshold("detractor_to_promoter.within", "120", "days", "later the answer tells of something else")
ORDERS = threshold(
    "detractor_to_promoter.orders", "2", "orders", "one good order after a bad one is no recovery"
)
QUIET = threshold("detractor_to_promoter.quiet", "30", "days", "a new complaint shows within a month")
_NPS_MOST = 10
_BEFORE = timedelta(days=180)
"""What was delivered so long before the bad answer may be what a credit note is about."""


@subject_pattern("customer", heeds=QUIET)
def detractor_to_promoter(case: AccountCase) -> Claim | None:
    """Sales owned the contact and the plan; Operations removed the cause."""
    start, end = (at(case.rules.zone) for at in (case.during.starts_at, case.during.ends_at))
    asked = [answer for answer in case.answers if answer.points == 1 and start <= answer.time < end]
    found = [made for answer in asked if (made := _recovery(case, answer))]
    if not found:
        return None
    one = next((each for each in found if all(gate().passed for gate in each.cheap)), found[0])
    return Claim((*one.cheap, one.not_bought, one.seen_live), one.make)


def _recovery(case: AccountCase, asked: Answer) -> _Recovery | None:
    """The last bad answer before a good one, and the good one."""
    hurt = [answer for answer in case.answers if answer.against and answer.time < asked.time]
    return _Recovery(case, hurt[-1], asked) if hurt else None


@dataclass(frozen=True)
class _Recovery:
    """Two answers of the customer, and what was ordered and done between them."""

    case: AccountCase
    hurt: Answer
    asked: Answer

    @property
    def cheap(self) -> tuple[Any, ...]:
        """The gates that need no events."""
        return (self.in_time, self.same_contact, self.first_since, self.orders_kept)

    def in_time(self) -> Verdict:
        """The good answer came soon enough to be about the recovery."""
        took, most = self.asked.time - self.hurt.time, int(WITHIN.of(self.case.rules))
        return Verdict(
            "in_time", took <= timedelta(days=most), lambda: {"days": took.days, "most": str(most)}
        )

    def same_contact(self) -> Verdict:
        """Whoever was let down was asked again; where nobody told who it was, the same account."""
        told = {self.hurt.contact, self.asked.contact} - {None}
        return Verdict("same_contact", len(told) <= 1, lambda: {"contact_known": self.contact_known})

    @property
    def contact_known(self) -> bool:
        """Whether both answers say whose they are."""
        return None not in (self.hurt.contact, self.asked.contact)

    def first_since(self) -> Verdict:
        """No good answer came before it: the customer was not won back already."""
        earlier = sum(
            answer.points == 1 and len({answer.contact, self.asked.contact} - {None}) <= 1
            for answer in self.case.answers
            if self.hurt.time < answer.time < self.asked.time
        )
        return Verdict("first_good_answer_since", earlier == 0, lambda: {"earlier": earlier})

    def orders_kept(self) -> Verdict:
        """Orders placed since have come, and nothing that fell due since was late or short."""
        missed = [order.order_id for order in (*self.since, *self.fell_due) if not order.otif]
        least = int(ORDERS.of(self.case.rules))
        return Verdict(
            "orders_kept",
            len(self.since) >= least and not missed,
            lambda: {"orders": len(self.since), "least": least, "missed": missed[:5]},
        )

    @cached_property
    def since(self) -> list[AccountOrder]:
        """Promised orders that were placed after the bad answer and had come before the good one."""
        return [
            order
            for order in self.case.orders
            if order.placed_at > self.hurt.time
            and order.due is not None
            and order.closed_at is not None
            and order.closed_at < self.asked.time
        ]

    @property
    def fell_due(self) -> list[AccountOrder]:
        """What fell due between the answers, but for the order that the bad one was about."""
        first, last = self.case.day(self.hurt.time), self.case.day(self.asked.time)
        return [
            order
            for order in self.case.orders
            if order.due is not None and first < order.due < last and order.order_id != self.hurt.order_id
        ]

    @cached_property
    def histories(self) -> dict[str, Order]:
        """The orders around both answers, with their events."""
        first = self.hurt.time - _BEFORE
        some = [o.order_id for o in self.case.orders if first <= o.placed_at < self.asked.time]
        named = [name for name in (self.hurt.order_id, self.asked.order_id) if name is not None]
        return dict(self.case.histories([*some, *named]))

    def not_bought(self) -> Verdict:
        """Between the answers no more was credited than what had come back was worth."""
        credited, returned = Counter[str](), Counter[str]()
        for event in self.events():
            data = event.data
            if isinstance(data, InvoicePosted) and data.kind == "credit_note" and self.between(event):
                credited[data.net_sales.currency] += abs(data.net_sales.amount)  # type: ignore[assignment] # money
        for order in self.histories.values():
            returned += _returned(order, self.asked)
        return Verdict(
            "not_bought",
            all(amount <= returned[currency] for currency, amount in credited.items()),
            lambda: {"credited": _texts(credited), "returned": _texts(returned)},
        )

    def events(self) -> Iterable[Event[Any]]:
        """Everything told of these orders, or of the customer alone."""
        return chain(self.case.told(), *(order.events for order in self.histories.values()))

    def between(self, event: Event[Any]) -> bool:
        """Whether something happened after the bad answer and before the good one."""
        return self.hurt.time <= event.time < self.asked.time

    def seen_live(self) -> Verdict:
        """Neither the answers nor a decisive step of the orders since were loaded as history."""
        return account_proof.seen_live((self.histories[o.order_id] for o in self.since), *self.answers)

    @cached_property
    def answers(self) -> list[Event[FeedbackReceived]]:
        """Both answers as they were told, the bad one first."""
        names = {(answer.source, answer.id) for answer in (self.hurt, self.asked)}
        found = {(e.source, e.id): e for e in self.events() if (e.source, e.id) in names}
        return [found[answer.source, answer.id] for answer in (self.hurt, self.asked)]

    def make(self) -> Making:
        """What changed things on each side; final after a month without a new complaint."""
        changes = (e for e in chain(self.events(), self.case.deeds()) if self._changes(e))
        parts = account_proof.chosen(contributions.of_events(changes), self.hurt.time, self.asked.time)
        orders = [self.histories[order.order_id] for order in self.since]
        quiet = timedelta(days=int(QUIET.of(self.case.rules)))
        first, last = (_share(event.data) for event in self.answers)
        return Making(
            parts=parts,
            facts=self.facts(),
            evidence=account_proof.proof(orders, parts, *self.answers),
            final_at=midnight_after(self.case.rules, self.case.day(self.asked.time) + quiet),
            difficulty=HALF if first is None or last is None else last - first,
            pending=any(order.unassessed for order in self.since),
            reason=self._against(quiet) or account_proof.against(self.case, orders),
            enough=(account_proof.CHANGES, account_proof.CHANGES),
        )

    def _changes(self, event: Event[Any]) -> bool:
        return isinstance(event.data, InterventionRecorded) and event.data.kind in account_proof.LASTING

    def _against(self, quiet: timedelta) -> str | None:
        """Anybody of the customer who was let down within the month after."""
        again = [
            answer
            for answer in self.case.answers
            if answer.against and self.asked.time <= answer.time <= self.asked.time + quiet
        ]
        return f"the customer was let down again ({again[0].kind})" if again else None

    def facts(self) -> dict[str, Any]:
        """What a story may state."""
        hurt, asked = (event.data for event in self.answers)
        return {
            "customer_id": self.case.customer_id,
            "complained": hurt.kind == "complaint",
            "hurt_on": self.case.day(self.hurt.time).isoformat(),
            "asked_on": self.case.day(self.asked.time).isoformat(),
            **_scores("hurt", hurt),
            **_scores("asked", asked),
            "days": (self.case.day(self.asked.time) - self.case.day(self.hurt.time)).days,
            "orders_since": len(self.since),
            "same_contact": self.contact_known,
            "quiet_days": int(QUIET.of(self.case.rules)),
        }


def _returned(order: Order, asked: Answer) -> Counter[str]:
    """What came back of an order before the good answer, at the price that was paid."""
    assert order.placed is not None, "only placed orders are looked at"
    amount = sum(
        (
            received.data.qty * (order.lines[received.data.line_id].placed.unit_price or 0)
            for each in order.returns.values()
            for received in each.received
            if received.time < asked.time and received.data.line_id in order.lines
        ),
        Decimal(0),
    )
    return Counter({order.placed.data.currency: amount})


def _texts(amounts: Counter[str]) -> dict[str, str]:
    return {currency: f"{amount:.2f}" for currency, amount in sorted(amounts.items())}


def _share(data: FeedbackReceived) -> Decimal | None:
    """How far up its scale an answer is, from 0 to 1; None for a complaint."""
    least, most = (0, _NPS_MOST) if data.kind == "nps" else (data.scale_min, data.scale_max)
    if data.score is None or least is None or most is None or data.kind == "complaint":
        return None
    return (data.score - least) / (most - least)


def _scores(name: str, data: FeedbackReceived) -> dict[str, str | None]:
    """A score and the top of its scale; nothing of a complaint."""
    most = Decimal(_NPS_MOST) if data.kind == "nps" else data.scale_max
    told = (None, None) if data.kind == "complaint" else (data.score, most)
    score, top = (None if value is None else f"{value.normalize():f}" for value in told)
    return {f"{name}_score": score, f"{name}_scale_max": top}
