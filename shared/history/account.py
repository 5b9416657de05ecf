"""A customer's master data, and the root customer that parents and merges lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from shared.events.customers import CustomerMerged, CustomerRegistered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from shared.events.envelope import Event
    from shared.rules import Rules


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of a customer; a field that a later registration leaves out stays as it was."""

    customer_id: str
    parent_id: str | None = None
    merged_into: str | None = None
    segment: str | None = None
    is_internal: bool = False
    confidential: bool = False
    first_won_at: datetime | None = None
    history_from: date | None = None
    registrations: str = ""
    """The events that registered it, a line each of source, tab and id; the last one names it."""
    account_owner: str | None = None
    """The id of whoever looks after it."""


_KEPT = ("parent_id", "segment", "is_internal", "confidential", "first_won_at", "history_from")


def fold(customer_id: str, events: Iterable[Event[Any]]) -> Account:
    """Build the account from its events in force."""
    account = Account(customer_id)
    for event in sorted(events, key=lambda event: (event.time, event.source, event.id)):
        data = event.data
        if isinstance(data, CustomerMerged):
            account = replace(account, merged_into=data.merged_into)
        elif isinstance(data, CustomerRegistered):
            said = [name for name in _KEPT if name in data.model_fields_set]
            known = {name: value for name in said if (value := getattr(data, name)) is not None}
            told = f"{account.registrations}{event.source}\t{event.id}\n"
            owner = data.account_owner.person_id if data.account_owner else account.account_owner
            account = replace(account, registrations=told, account_owner=owner, **known)
    return account


def root(customer_id: str, accounts: Mapping[str, Account], *, parents: bool = True) -> str:
    """Follow merges, and parents too unless told not to; a circle ends at its smallest id."""
    path = [customer_id]
    while (account := accounts.get(path[-1])) is not None:
        above = account.merged_into or (account.parent_id if parents else None)
        if above is None:
            break
        if above in path:
            return min(path[path.index(above) :])
        path.append(above)
    return path[-1]


def is_first(
    placed_at: datetime, prior_at: datetime | None, account: Account | None, rules: Rules
) -> bool | None:
    """Whether an order is a new customer's first.

    `prior_at` is the latest normal order of the root customer before it, `account` the root customer.
    None where the history does not reach back far enough to tell.
    """
    since = months_before(placed_at.astimezone(rules.zone), rules.new_customer_lookback_months)
    if prior_at is not None and prior_at >= since:
        return False
    if account is None:
        return None
    if account.history_from is not None and account.history_from <= since.date():
        return True
    won = account.first_won_at
    recently = timedelta(days=rules.first_won_within_days)
    if won is not None and placed_at - recently <= won <= placed_at:
        return True
    return None


def months_before(instant: datetime, months: int) -> datetime:
    """The same day and time, `months` calendar months earlier; the month's last day where it has none."""
    total = instant.year * 12 + instant.month - 1 - months
    year, month = divmod(total, 12)
    for day in (instant.day, 30, 29, 28):
        try:
            return instant.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")
