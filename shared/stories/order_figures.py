"""The figures that the history of an order backs, for what people tell of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from shared.stories.figures import Backing, numbers_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from shared.history.order import Order


def backing_of_orders(orders: Iterable[Order]) -> Backing:
    """Their days, times, quantities, counts and delays; the ids of the orders as they are written."""
    known = list(orders)
    told = [figure for order in known for figure in _figures(order)]
    return Backing(
        dates=frozenset(day for order in known for day in _dates(order)),
        times=frozenset(f"{at:%H:%M}" for order in known for at in _instants(order)),
        numbers=numbers_of([*told, ("", Decimal(len(known)))]),
        words=tuple(sorted((order.order_id for order in known), key=len, reverse=True)),
    )


def _instants(order: Order) -> Iterator[datetime]:
    """When anything was known to happen to it, where the goods went."""
    for event in order.events:
        yield event.time.astimezone(order.zone)


def _dates(order: Order) -> Iterator[date]:
    yield from (at.date() for at in _instants(order))
    for line in order.lines.values():
        known = (line.requested, line.first_requested, line.first_commit, line.last_commit)
        yield from (day for day in known if day is not None)
    yield from (event.data.new_on for event in order.moves)


def _figures(order: Order) -> Iterator[tuple[str, Decimal]]:
    for line in order.lines.values():
        arrived = [receipt.accepted for receipt in line.receipts]
        yield from (("", qty) for qty in (line.ordered, line.placed.qty, *arrived, sum(arrived, Decimal(0))))
        for promised in (line.first_commit, line.last_commit, line.requested):
            if promised is not None and line.closed_at is not None:
                late = line.closed_at.astimezone(order.zone).date() - promised
                yield "days", Decimal(late.days)
    for block in order.roadblocks.values():
        if foreseen := block.raised.data.predicted_delay_days:
            yield "days", Decimal(foreseen)
    if order.value is not None:
        yield "", order.value
    counts = (
        len(order.lines),
        len(order.roadblocks),
        order.slips,
        sum(len(x.receipts) for x in order.lines.values()),
    )
    yield from (("", Decimal(number)) for number in counts)
    for answer in order.feedback:
        scores = (answer.data.score, answer.data.scale_min, answer.data.scale_max)
        yield from (("", score) for score in scores if score is not None)
