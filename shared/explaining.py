"""Why a win is true: the events that its order and its proof hold, in the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.store import journal

if TYPE_CHECKING:
    from shared.events.envelope import Event
    from shared.patterns.model import Win
    from shared.projecting.reading import Reading


def timeline(reading: Reading, win: Win) -> list[Event[Any]]:
    """Every event of the order that a win is about, and every event that proves it."""
    events = [*reading.history(win.order_id).events] if win.order_id else []
    held = {event.key for event in events}
    proof = {*win.evidence, *(part.event for part in (*win.sales, *win.operations))}
    events += journal.named(reading.connection, [ref for ref in proof if ref not in held]).values()
    return sorted(events, key=lambda event: (event.time, event.source, event.id))
