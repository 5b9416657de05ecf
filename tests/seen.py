"""What Tandem says, in the words of the oracle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shared import tables
from shared.history.account import is_first
from shared.history.outcomes import BASES
from shared.measuring import measure
from shared.projecting.reading import Reading
from shared.recording import record
from shared.store import projections
from shared.store.groups import Groups
from shared.store.rows import win_of
from tests.databases import opened
from tests.make import raw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from shared.history.order import Order
    from shared.patterns.model import Win
    from shared.periods import Period
    from shared.rules import Rules
    from shared.store.engine import Store

Json = dict[str, Any]
Figures = dict[tuple[str, str | None], tuple[Any, Any]]


def recorded(events: Sequence[Json], as_of: datetime, rules: Rules) -> Store:
    """An otherwise empty database that holds these events, in one batch."""
    store = opened()
    record(store, raw(list(events)), as_of=as_of, rules=rules)
    return store


def history(connection: Connection, order_id: str, as_of: datetime, rules: Rules) -> Order:
    return Reading(connection, as_of, rules).history(order_id)


def order(connection: Connection, order_id: str, as_of: datetime, rules: Rules) -> Json:
    """An order with its lines, as `tandem orders show` answers."""
    found = history(connection, order_id, as_of, rules)
    return {
        "quarantined": found.quarantined is not None,
        "first_order": None if found.quarantined else first_order(connection, found),
        "slips": found.slips,
        "lines": {
            line_id: {
                "ordered": line.ordered,
                "accepted": line.accepted,
                "closed_at": line.closed_at,
                "adjusted": line.customer_site,
                "perfect": found.perfect(line, as_of),
                **{basis: tuple(found.outcomes[line_id][basis].at(as_of)) for basis in BASES},
            }
            for line_id, line in found.lines.items()
        },
    }


def first_order(connection: Connection, found: Order) -> bool | None:
    assert found.placed is not None
    if found.placed.data.kind != "normal":
        return False
    customer_id = found.placed.data.customer_id
    groups = Groups()
    groups.load(connection, [customer_id])
    prior = projections.prior_orders(connection, [found.order_id]).get(found.order_id)
    return is_first(found.placed.time, prior, groups.root_account(customer_id), found.rules)


def wins(connection: Connection) -> list[Win]:
    return [win_of(body) for body in connection.scalars(select(tables.wins.c.body))]


def statuses(connection: Connection, as_of: datetime) -> dict[tuple[str, str | None], tuple[str, str]]:
    """(pattern, order) -> (kind, status)."""
    return {(win.pattern, win.order_id): (win.kind, win.status(as_of)) for win in wins(connection)}


def figures(connection: Connection, period: Period, as_of: datetime, rules: Rules) -> Figures:
    """(KPI, basis) -> numerator and denominator, units of measure added up; without data both are 0."""
    sums: Figures = {}
    for kpi in measure(connection, period, as_of, rules, {}).kpis:
        name = (kpi.key, kpi.basis if kpi.basis in BASES else None)
        above, below = sums.get(name, (0, 0))
        sums[name] = (above + (kpi.numerator or 0), below + (kpi.denominator or 0))
    return sums


def dump(connection: Connection) -> dict[str, list[str]]:
    """Every row of every projection."""
    return {
        table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
        for table in tables.PROJECTIONS
    }


def differences(one: dict[str, list[str]], other: dict[str, list[str]]) -> Iterator[str]:
    """Rows that only one of two dumps has."""
    for name, rows_of in one.items():
        mine, theirs = set(rows_of), set(other[name])
        for sign, rows in (("-", mine - theirs), ("+", theirs - mine)):
            yield from (f"{sign} {name}: {row}" for row in sorted(rows))
