"""What is told of customers: registrations, mergers, deals won, and how they feel about us."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from services.simulator.dice import Dice
from services.simulator.envelope import Event, arrival, event, money
from services.simulator.ordinary import NPS_BAD, NPS_GOOD
from services.simulator.season import ORGANISATION, clock, months, trouble, workday
from services.simulator.texts import comment
from services.simulator.turns import CSAT_SCALE, NPS_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from services.simulator.customers import Customer
    from services.simulator.plan import Plan

_DEAL_REASONS = (
    "Delivery reliability", "Advice on materials", "Price", "Recommended by another plant", "Short lead time",
    "Approved as second source",
)  # fmt: skip
_WITHIN = timedelta(days=15)
_PASSIVE = 7


def registered(customer: Customer, loaded_at: datetime) -> Iterator[Event]:
    """The customer's registration, loaded when the log began if it is older, and its merger."""
    at, won, owner = customer.registered_at, customer.first_won_at, customer.owner
    data = {
        "customer_id": customer.customer_id, "name": customer.name, "parent_id": customer.parent_id,
        "segment": customer.segment, "is_internal": customer.is_internal or None,
        "confidential": customer.confidential or None, "account_owner": owner.wire("account_owner"),
        "first_won_at": won.isoformat() if won else None,
        "history_from": customer.history_from.isoformat() if customer.history_from else None,
        "recorded_at": loaded_at.isoformat() if at < loaded_at else None,
        "actor": owner.wire() if at >= loaded_at else None,
    }  # fmt: skip
    subject = f"customer/{customer.customer_id}"
    yield event("customer.registered", f"{customer.customer_id}.registered", at, subject, data, "crm")
    if customer.merged_into and customer.merged_at:
        merged = {"customer_id": customer.customer_id, "merged_into": customer.merged_into}
        id_ = f"{customer.customer_id}.merged"
        yield event("customer.merged", id_, customer.merged_at, subject, merged, "crm")


def deals(seed: int, customers: Iterable[Customer], after: datetime) -> Iterator[Event]:
    """A deal for every customer won while the log ran."""
    for customer in customers:
        dice = Dice(seed, "deal", customer.customer_id)
        if customer.first_won_at and customer.first_won_at > after:
            data = {
                "customer_id": customer.customer_id, "reason": dice.pick(_DEAL_REASONS),
                "value": money(Decimal(dice.between(8, 240) * 500), customer.site.currency),
                "actor": customer.owner.wire(),
            }  # fmt: skip
            subject, id_ = f"customer/{customer.customer_id}", f"{customer.customer_id}.deal"
            yield event("opportunity.won", id_, customer.first_won_at, subject, data, "crm")


def surveys(
    seed: int, customers: list[Customer], protected: Iterable[Plan], first: date, last: date
) -> Iterator[Event]:
    """A general survey each month; it spares customers the bad day that would spoil a planted order."""
    closings: dict[str, list[datetime]] = defaultdict(list)
    for plan in protected:
        if plan.receipts:
            closings[plan.customer.customer_id].append(plan.closed_at)
    for month in months(first, last):
        asked = Dice(seed, "survey", month)
        for customer in customers:
            if customer.trades_from and customer.trades_from < month and asked.chance(0.2):
                dice = Dice(seed, "answer", month, customer.customer_id)
                day = workday(month + timedelta(days=dice.between(3, 24)))
                at = clock(dice, day, customer.site.zone, 8, 18)
                near = (timedelta() <= at - closed <= _WITHIN for closed in closings[customer.customer_id])
                yield _answer(dice, customer, at, last.year - 1, calm=not any(near))


def _answer(dice: Dice, customer: Customer, at: datetime, year: int, *, calm: bool) -> Event:
    score = dice.weighted(NPS_BAD if dice.chance(0.13 * trouble(at.date(), year)) else NPS_GOOD)
    nps = not calm or dice.chance(0.7)
    data = {
        "customer_id": customer.customer_id, "feedback_id": f"FB-{customer.customer_id}-{at:%Y%m}",
        "kind": "nps" if nps else "csat", "contact": dice.pick(customer.contacts),
        "score": (score if calm else max(score, _PASSIVE)) if nps else max(1, score // 2),
        "comment": comment(dice, high=score >= 9) if dice.chance(0.3) else None,  # noqa: PLR2004 - promoters
        **(NPS_SCALE if nps else CSAT_SCALE),
    }  # fmt: skip
    subject, id_ = f"customer/{customer.customer_id}", f"{customer.customer_id}.survey.{at:%Y%m}"
    return event("feedback.received", id_, at, subject, data, "survey")


def loaded(events: list[Event], at: datetime) -> list[Event]:
    """What happened before the log began was recorded `at`, when it was loaded."""
    for told in events:
        if arrival(told) < at:
            told["data"]["recorded_at"] = at.isoformat()
    return events


def loaded_at(start: date) -> datetime:
    """When master data and history were loaded: the evening before the log began."""
    return datetime(start.year, start.month, start.day, 4, tzinfo=ORGANISATION)
