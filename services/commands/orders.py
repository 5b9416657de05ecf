"""`tandem orders`: one order with its lines and outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from services.commands.context import AsJson, AsOf, NotFoundError, answer, day, instant, moment, opened, say
from shared.history.account import is_first
from shared.history.line import Line
from shared.history.order import Order, Roadblock
from shared.history.outcomes import BASES, Outcome
from shared.projecting.reading import Reading
from shared.rules import Rules
from shared.store import projections
from shared.store.groups import Groups
from shared.viewing import view

app = typer.Typer(help="Orders and their outcomes.", no_args_is_help=True)


@app.callback()
def orders() -> None:
    """Orders and their outcomes."""


@app.command()
def show(
    order_id: Annotated[str, typer.Argument(metavar="ORDER_ID")], as_of: AsOf = None, as_json: AsJson = False
) -> None:
    """Show an order: each line on three bases, roadblocks, and whether it is a customer's first."""
    at = instant(as_of)
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        order = Reading(connection, at, settings.rules).history(order_id)
        first = _first(connection, order, settings.rules)
    if not order.events:
        raise NotFoundError(f"No order {order_id} as of {moment(at)}; check the id, and import its events")
    if as_json:
        answer(_document(order, first, at))
    else:
        _print(order, first, at)


def _first(connection: Any, order: Order, rules: Rules) -> bool | None:
    if order.placed is None:
        return None
    if order.placed.data.kind != "normal":
        return False
    customer_id = order.placed.data.customer_id
    groups = Groups()
    groups.load(connection, [customer_id])
    prior = projections.prior_orders(connection, [order.order_id]).get(order.order_id)
    return is_first(order.placed.time, prior, groups.root_account(customer_id), rules)


def _document(order: Order, first: bool | None, at: datetime) -> dict[str, Any]:
    return {
        "order_id": order.order_id,
        "customer_id": order.customer_id,
        "first_order": first,
        "status": order.status,
        "quarantined": order.quarantined,
        "lines": [_line(order, line, at) for line in order.lines.values()],
        "roadblocks": [_roadblock(block) for block in order.roadblocks.values()],
        "promise_slips": order.slips,
    }


def _line(order: Order, line: Line, at: datetime) -> dict[str, Any]:
    found = order.outcomes[line.placed.line_id]
    return {
        "line_id": line.placed.line_id,
        "ordered_qty": line.ordered,
        "accepted_qty": line.accepted,
        "closed_at": line.closed_at.astimezone(order.zone).isoformat() if line.closed_at else None,
        "excluded_adjusted": "customer_site" if line.customer_site else None,
        "perfect": order.perfect(line, at),
        "outcomes": {basis: _outcome(found[basis], at) for basis in BASES},
    }


def _outcome(outcome: Outcome, at: datetime) -> dict[str, Any]:
    return {"due": day(outcome.due), **outcome.at(at)._asdict()}


def _roadblock(block: Roadblock) -> dict[str, Any]:
    raised, resolved = block.raised, block.resolved
    return {
        "roadblock_id": raised.data.roadblock_id,
        "category": raised.data.category,
        "severity": raised.data.severity,
        "predicted_delay_days": raised.data.predicted_delay_days,
        "raised_at": raised.time.isoformat(),
        "resolved_at": resolved.time.isoformat() if resolved else None,
        "outcome": resolved.data.outcome if resolved else None,
    }


def _print(order: Order, first: bool | None, at: datetime) -> None:
    told = {True: "the customer's first", False: "not the customer's first", None: "first or not: unknown"}
    say(f"Order {order.order_id} of {order.customer_id}: {order.status}, {told[first]}")
    if order.quarantined:
        say(f"  put aside: {order.quarantined}")
    for line in order.lines.values():
        closed = f", closed {moment(line.closed_at.astimezone(order.zone))}" if line.closed_at else ""
        came, ordered = line.accepted.normalize(), line.ordered.normalize()  # as sums keep each zero
        say(f"  line {line.placed.line_id}: {came:f} of {ordered:f} {line.placed.uom}{closed}")
        for basis in BASES:
            outcome = order.outcomes[line.placed.line_id][basis]
            name = basis.replace("_", " ")
            say(f"    {name:<12}  due {day(outcome.due) or '-':<10}  {_verdict(outcome, at)}")
    for block in order.roadblocks.values():
        shown = _roadblock(block)
        ended = (shown["outcome"] or "unresolved").replace("_", " ")
        say(f"  roadblock {shown['roadblock_id']} ({shown['category'].replace('_', ' ')}): {ended}")
    say(f"  promise slips: {order.slips}")


def _verdict(outcome: Outcome, at: datetime) -> str:
    score = outcome.at(at)
    if score.status != "scored":
        return score.status
    return f"{'on time' if score.on_time else 'late'}, {'in full' if score.in_full else 'not in full'}"
