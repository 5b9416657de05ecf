"""What is put aside: orders that contradict themselves, and events that lie ahead of their time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from shared import tables

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

_AHEAD = timedelta(days=1)


def put_aside(connection: Connection, most: int | None = None) -> list[dict[str, Any]]:
    """Each quarantined order with its reason, so many at most."""
    order = tables.orders.c
    query = (
        select(order.order_id, order.customer_id, order.quarantined.label("reason"))
        .where(order.quarantined.is_not(None))
        .order_by(order.order_id)
        .limit(most)
    )
    return [dict(row) for row in connection.execute(query).mappings()]


def lying_ahead(connection: Connection, at: datetime, most: int | None = None) -> list[dict[str, Any]]:
    """Each event that comes into existence more than a day after an instant, so many at most."""
    event = tables.journal.c
    query = (
        select(event.source, event.id, event.type, event.subject, event.time, event.known_at)
        .where(event.known_at > at + _AHEAD)
        .order_by(event.known_at, event.source, event.id)
        .limit(most)
    )
    return [
        {**row, "time": row["time"].isoformat(), "known_at": row["known_at"].isoformat()}
        for row in connection.execute(query).mappings()
    ]
