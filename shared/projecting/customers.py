"""Customers: master data, roots and feedback that names no order; which orders that touches."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

from shared import tables
from shared.events.customers import CustomerMerged, CustomerRegistered
from shared.history import account as accounts
from shared.projecting import deeds
from shared.store import projections, recorders, rows
from shared.store.bulk import replace
from shared.store.chunks import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shared.events.envelope import Event
    from shared.history.account import Account
    from shared.projecting.reading import Reading

    Told = Mapping[str, list[Event[Any]]]


def project_customers(reading: Reading, customer_ids: set[str]) -> set[str]:
    """Rebuild customers and return the orders that must be judged again."""
    touched: set[str] = set()
    for some in chunks(sorted(customer_ids)):
        told = reading.in_force("customer", some)
        before = projections.roots(reading.connection, some)
        touched |= projections.orders_of(reading.connection, _accounts(reading, some, told))
        touched |= _loose_feedback(reading, some, told)
        _touch(reading, some, before)
    return touched


def _accounts(reading: Reading, customer_ids: Iterable[str], told: Told) -> set[str]:
    """Rebuild master data and return the customers whose orders that touches."""
    known = (CustomerRegistered, CustomerMerged)
    old = projections.accounts(reading.connection, customer_ids)
    new = {
        customer_id: accounts.fold(customer_id, events)
        for customer_id in customer_ids
        if (events := [event for event in told.get(customer_id, ()) if isinstance(event.data, known)])
    }
    changed = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
    if not changed:
        return changed
    reading.hot.groups.clear()
    if all(_above(old.get(name)) == _above(new.get(name)) for name in changed):
        return changed | _write(reading, changed, new, projections.roots(reading.connection, new))
    recorders.must_be_alone(reading.connection)  # roots move, and with them whose orders follow whose
    everyone = projections.all_accounts(reading.connection)
    for name in changed:
        everyone.pop(name, None)
    everyone |= new
    return changed | _write(reading, changed, everyone, {})


def _write(
    reading: Reading,
    changed: set[str],
    everyone: Mapping[str, Account],
    holding: Mapping[str, tuple[str, str]],
) -> set[str]:
    """Write changed customers, and those whose root moved; `holding` roots still hold.

    Return the moved, and all that were or are merged with them: what one said concerns the others' orders.
    """
    found = {
        name: holding.get(name)
        or (accounts.root(name, everyone), accounts.root(name, everyone, parents=False))
        for name in everyone
    }
    before = holding or projections.roots(reading.connection, everyone)
    moved = {name for name, roots in found.items() if before.get(name) != roots}
    written = changed | moved
    made = [rows.account_row(everyone[name], *found[name]) for name in sorted(written & everyone.keys())]
    replace(reading.connection, tables.customers, "customer_id", written, made)
    _doubt(reading, moved, before, found)
    merged = {roots[name][1] for roots in (before, found) for name in moved & roots.keys()}
    return moved | merged | {name for one in (before, found) for name in one if one[name][1] in merged}


def _doubt(reading: Reading, moved: set[str], *roots: Mapping[str, tuple[str, str]]) -> None:
    """What a moved customer sent back may be of another order of its root, now or before."""
    for name in projections.returning(reading.connection, moved):
        reading.astray.update((of[name][0], None) for of in roots if name in of)


def _touch(reading: Reading, customer_ids: Iterable[str], before: Mapping[str, tuple[str, str]]) -> None:
    """Whatever was said of a customer, its root is judged anew; where roots moved, both."""
    roots = (before, projections.roots(reading.connection, customer_ids))
    for customer_id in customer_ids:
        for root_id in {of.get(customer_id, (customer_id,))[0] for of in roots}:
            reading.agenda.put("customer", root_id, reading.told_since(f"customer/{customer_id}"))


def _above(account: Account | None) -> tuple[str | None, str | None]:
    return (account.parent_id, account.merged_into) if account else (None, None)


def _loose_feedback(reading: Reading, customer_ids: Iterable[str], told: Told) -> set[str]:
    """Rebuild feedback that names no order; return the orders it may contradict."""
    connection = reading.connection
    subjects = [f"customer/{name}" for name in customer_ids]
    old = projections.contradictions(connection, subjects)
    made = list(rows.feedback_rows(chain.from_iterable(told.values()), counted=True))
    replace(connection, tables.feedback, "subject", subjects, made)
    deeds.delete(reading, subjects)
    deeds.write(reading, chain.from_iterable(told.values()))
    new = projections.contradictions(connection, subjects)
    window = timedelta(days=reading.rules.feedback_window_days)
    return projections.closed_before(connection, sorted(old ^ new), window)
