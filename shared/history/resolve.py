"""Which events are in force: corrections and retractions, in any order of arrival.

A correction takes the place of what it corrects; a retraction says that the named event never
happened, so retracting a correction brings back what it had replaced.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from shared.events.sources import EventRetracted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shared.events.envelope import Event

    AnyEvent = Event[Any]
    Key = tuple[str, str]


def in_force(events: Sequence[AnyEvent]) -> list[AnyEvent]:
    """Return the events that count, out of all that exist; retractions themselves are left out."""
    if not any(event.data.corrects for event in events):
        return list(events)
    return _Chains(events).in_force()


class _Chains:
    """The corrections among some events, followed to their ends."""

    def __init__(self, events: Iterable[AnyEvent]) -> None:
        self._events: dict[Key, AnyEvent] = {event.key: event for event in events}
        self._corrections: dict[Key, list[AnyEvent]] = {}
        for event in self._events.values():
            if (target := _target(event)) is not None and self._fits(event, target):
                self._corrections.setdefault(target, []).append(event)

    def in_force(self) -> list[AnyEvent]:
        return [
            event
            for event in self._events.values()
            if not isinstance(event.data, EventRetracted)
            and self._placed(event, ())
            and self._winner(event.key, ()) is None
        ]

    def _fits(self, event: AnyEvent, target: Key) -> bool:
        """Whether a correction has the type of what it corrects; a retraction fits anything."""
        known = self._events.get(target)
        return known is None or known.type == event.type or isinstance(event.data, EventRetracted)

    def _winner(self, target: Key, path: tuple[Key, ...]) -> AnyEvent | None:
        """The correction that counts for `target`, of those that happened."""
        if target in path:
            return None
        happened = [c for c in self._corrections.get(target, ()) if not self._undone(c.key, (*path, target))]
        return max(happened, key=lambda c: (c.recorded_at, c.source, c.id), default=None)

    def _undone(self, correction: Key, path: tuple[Key, ...]) -> bool:
        winner = self._winner(correction, path)
        return winner is not None and isinstance(winner.data, EventRetracted)

    def _placed(self, event: AnyEvent, path: tuple[Key, ...]) -> bool:
        """Whether the event stands in a place of its own, or won the place of what it corrects."""
        target = _target(event)
        if target is None:
            return True
        if event.key in path or not self._fits(event, target) or self._winner(target, ()) is not event:
            return False
        known = self._events.get(target)
        return known is None or self._placed(known, (*path, event.key))


def _target(event: AnyEvent) -> Key | None:
    corrects = event.data.corrects
    return None if corrects is None else (corrects.source, corrects.id)
