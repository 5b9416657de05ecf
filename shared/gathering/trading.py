"""What happened around the stories of a period: read once from the projections, for all readers."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Integer, and_, func, or_, select

from shared import tables
from shared.editions.trading import AccountLines, EarlyWarning, Forecast, OpenOrder, Trading
from shared.kpis.asked import Asked
from shared.kpis.forecast_pairs import by_step
from shared.measuring import rows_of
from shared.patterns.contributions import of_events
from shared.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, Subquery

    from shared.editions.trading import OpenKind
    from shared.patterns.model import Win
    from shared.periods import Period
    from shared.rules import Rules

_L, _O, _R, _C = tables.order_lines.c, tables.orders.c, tables.risks.c, tables.customers.c
_I = tables.interventions.c
_OPEN = and_(_L.counted, _L.closed_at.is_(None), _L.ended_at.is_(None))
_ACCOUNT = func.coalesce(_C.merged_id, _L.customer_id)


def trading(
    connection: Connection, period: Period, as_of: datetime, rules: Rules, wins: Iterable[Win]
) -> Trading:
    """Orders, promises, plans and teams; `wins` say which teams took part in something."""
    missed = _missed(period, as_of)
    placed, clean, late_changed, with_errors = _orders(connection, _placed(period, rules))
    return Trading(
        accounts=tuple(_accounts(connection, period, as_of)),
        open_orders=tuple(_open_orders(connection, as_of, rules)),
        quarantined=_quarantined(connection),
        missed=connection.scalar(select(func.count()).select_from(missed)) or 0,
        missed_with=_counted(connection, _blocked(missed)),
        answered_by=_counted(connection, _answers(missed)),
        placed=placed,
        clean=clean,
        late_changed=late_changed,
        with_errors=with_errors,
        warnings=tuple(_warnings(connection, period, rules)),
        forecasts=tuple(_forecasts(connection, period, as_of, rules)),
        teams=tuple(sorted({part.department for win in wins for part in (*win.sales, *win.operations)})),
        merged={row[0]: row[1] for row in connection.execute(_MERGED)},
    )


_MERGED = select(_C.customer_id, _C.merged_id).where(_C.customer_id != _C.merged_id)


def _due(period: Period, as_of: datetime) -> ColumnElement[bool]:
    """Lines that fell due against the first promise and can be judged by now, as the KPIs count them."""
    overdue = and_(_L.first_commit_verdict == "waiting", _L.first_commit_overdue_at <= as_of)
    return and_(
        _L.counted,
        _L.first_commit_due >= period.start,
        _L.first_commit_due < period.end,
        or_(_L.first_commit_verdict.in_(("closed", "missed")), overdue),
    )


def _kept(met: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(and_(_L.first_commit_verdict == "closed", met).cast(Integer))


def _of_customers(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """With the customer that the line's one was merged into."""
    return query.join(tables.customers, _C.customer_id == _L.customer_id, isouter=True)


def _accounts(connection: Connection, period: Period, as_of: datetime) -> Iterator[AccountLines]:
    columns = (
        _ACCOUNT.label("account_id"),
        func.count().label("due"),
        _kept(_L.first_commit_on_time).label("on_time"),
        _kept(_L.in_full).label("in_full"),
        _kept(and_(_L.first_commit_on_time, _L.in_full)).label("otif"),
    )
    query = _of_customers(select(*columns).select_from(tables.order_lines))
    for row in connection.execute(query.where(_due(period, as_of)).group_by(_ACCOUNT).order_by(_ACCOUNT)):
        yield AccountLines(*row)


def _missed(period: Period, as_of: datetime) -> Subquery:
    """The lines that were not on time in full."""
    kept = and_(_L.first_commit_verdict == "closed", _L.first_commit_on_time, _L.in_full)
    return select(_L.order_id, _L.line_id).where(_due(period, as_of), ~kept).subquery("missed")


def _blocked(missed: Subquery) -> Select[Any]:
    """Of these lines, those whose order had a roadblock, by category."""
    blocks = select(_R.order_id, _R.category).distinct().subquery()
    both = missed.join(blocks, blocks.c.order_id == missed.c.order_id)
    return select(blocks.c.category, func.count()).select_from(both).group_by(blocks.c.category)


def _answers(missed: Subquery) -> Select[Any]:
    """What was done on the orders of these lines, by kind."""
    orders = select(missed.c.order_id)
    return select(_I.kind, func.count()).where(_I.order_id.in_(orders)).group_by(_I.kind)


def _counted(connection: Connection, query: Select[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in connection.execute(query)}


def _open_orders(connection: Connection, as_of: datetime, rules: Rules) -> Iterator[OpenOrder]:
    """Roadblocks first, the oldest leading; then promises that passed or were moved, the newest leading.

    What has been overdue for a year is a matter of records, and not of the next call.
    """
    today = as_of.astimezone(rules.zone).date()
    first, last = func.min(_L.first_commit_due), func.max(_L.last_commit_due)
    lines = select(
        _L.order_id, func.max(_ACCOUNT).label("account_id"), first.label("due"), last.label("promised")
    )
    query = _of_customers(lines.select_from(tables.order_lines)).where(_OPEN).group_by(_L.order_id)
    orders = query.subquery()
    stands = (
        select(orders, _R.category, _R.raised_at)
        .join(tables.risks, _R.order_id == orders.c.order_id)
        .where(_R.resolved_at.is_(None))
        .order_by(_R.raised_at, orders.c.order_id, _R.roadblock_id)
    )
    blocked = set()
    for row in connection.execute(stands):
        blocked.add(row.order_id)
        since = row.raised_at.astimezone(rules.zone).date()
        yield OpenOrder("roadblock", row.order_id, row.account_id, since, row.promised, row.category)
    due = select(orders).where(orders.c.due.is_not(None)).order_by(orders.c.due.desc(), orders.c.order_id)
    for row in connection.execute(due.where(or_(orders.c.due < today, orders.c.promised > orders.c.due))):
        if row.order_id not in blocked:
            kind: OpenKind = "overdue" if row.promised < today else "moved"
            yield OpenOrder(kind, row.order_id, row.account_id, row.due, row.promised)


def _quarantined(connection: Connection) -> tuple[tuple[str, str], ...]:
    query = select(_O.order_id, _O.quarantined).where(_O.quarantined.is_not(None)).order_by(_O.placed_at)
    return tuple((row[0], row[1]) for row in connection.execute(query))


def _placed(period: Period, rules: Rules) -> Subquery:
    """The orders placed in the period, and whether one was changed inside the frozen fence."""
    inside = and_(_O.placed_at >= period.starts_at(rules.zone), _O.placed_at < period.ends_at(rules.zone))
    query = select(_O.order_id, func.max(_L.fence_changes).label("changes"))
    lines = query.join(tables.order_lines, _L.order_id == _O.order_id).where(_L.counted, inside)
    return lines.group_by(_O.order_id).subquery("placed")


def _orders(connection: Connection, placed: Subquery) -> tuple[int, ...]:
    """How many there are, are clean, were changed late, and were stopped by an error in the order."""
    late = placed.c.changes > 0
    wrong = placed.c.order_id.in_(select(_R.order_id).where(_R.category == "order_error"))
    counts = (func.count().filter(condition) for condition in (and_(~late, ~wrong), late, wrong))
    query = select(func.count(), *counts).select_from(placed)
    return tuple(connection.execute(query).one())


def _warnings(connection: Connection, period: Period, rules: Rules) -> Iterator[EarlyWarning]:
    """The early warnings of Sales; who gave one stands in the event alone."""
    query = select(_I.source, _I.id, _I.product_id).where(
        _I.kind == "heads_up",
        _I.time >= period.starts_at(rules.zone),
        _I.time < period.ends_at(rules.zone),
    )
    about = {(row.source, row.id): row.product_id for row in connection.execute(query)}
    events = journal.named(connection, about)
    for part in of_events(events.values()):
        if part.side == "sales":
            on = part.time.astimezone(rules.zone).date()
            yield EarlyWarning(part.department, on, about[part.event.source, part.event.id])


def _forecasts(connection: Connection, period: Period, as_of: datetime, rules: Rules) -> Iterator[Forecast]:
    """The products for which both the statistical step and Sales had a forecast in time."""
    steps: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for row in rows_of(connection, Asked((period,), as_of, rules), by_step):
        steps[row.product_id, row.uom] |= {row.step: row.qty, "demand": row.demand}
    for (product_id, uom), found in sorted(steps.items()):
        if {"statistical", "sales"} <= found.keys():
            yield Forecast(product_id, uom, found["statistical"], found["sales"], found["demand"])
