"""`tandem quarantine`: orders that contradict themselves, and events that lie ahead of their time."""

from __future__ import annotations

from datetime import datetime

from services.commands.context import AsJson, AsOf, answer, instant, moment, note, opened, say
from shared.store.aside import lying_ahead, put_aside
from shared.viewing import view

_SHOWN = 50


def quarantine(as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List orders that are put aside until corrected, and events more than a day ahead."""
    at = instant(as_of)
    with opened() as (settings, store), view(store, at, settings.rules) as connection:
        orders, ahead = put_aside(connection), lying_ahead(connection, at)
    if as_json:
        answer({"orders": orders, "ahead": ahead})
        return
    for order in orders[:_SHOWN]:
        say(f"{order['order_id']} of {order['customer_id']}: {order['reason']}")
    if orders:
        say("Their events contradict each other: no win and no KPI counts them until a correction mends it.")
    for event in ahead[:_SHOWN]:
        when = moment(datetime.fromisoformat(event["known_at"]))
        say(f"{event['source']} {event['id']}, {event['type']}: lies ahead, {when}")
    if ahead:
        say("They take effect when their time comes; most often a clock or a date format is wrong.")
    if max(len(orders), len(ahead)) > _SHOWN:
        note(f"Of each at most {_SHOWN} are shown; --json lists them all")
    say(f"{len(orders):,} orders put aside, {len(ahead):,} events more than a day ahead.")
